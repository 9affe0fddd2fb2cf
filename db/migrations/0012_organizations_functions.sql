-- The console's own project: integrators and operators sign in to it with their wallets. Its origin and networks are the
-- deployment's, known to the BFF alone; its publishable key is the same everywhere, and stands in the dashboard's page.
INSERT INTO projects (id, name, environment, statement)
  VALUES ('prj_console', 'Gasless console', 'live', 'Sign in to the Gasless console. This is free and sends no transaction.')
  ON CONFLICT DO NOTHING;
--> statement-breakpoint
INSERT INTO project_keys (id, project_id, key_hash, last_four)
  VALUES ('key_0000000000000000000c0ns01e', 'prj_console',
    '\xc68af46a41eaa347b454b79a96b1fe0ed3d401744108110c9575ea3288e9664b', 'UbAs')
  ON CONFLICT DO NOTHING;
--> statement-breakpoint
-- Raises when what an isolate has cached of a project is not what holds now. A key that was rolled opens until its end.
CREATE OR REPLACE FUNCTION assert_project_current(p_project_id text, p_revision bigint, p_key_id text) RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_project projects%ROWTYPE;
BEGIN
  SELECT * INTO v_project FROM projects WHERE id = p_project_id;
  IF v_project.status IS DISTINCT FROM 'active' THEN
    RAISE EXCEPTION 'project_suspended' USING ERRCODE = 'GL004';
  END IF;
  IF NOT EXISTS (SELECT FROM project_keys WHERE id = p_key_id AND project_id = p_project_id AND kind = 'publishable'
      AND (revoked_at IS NULL OR revoked_at > now())) THEN
    RAISE EXCEPTION 'key_invalid' USING ERRCODE = 'GL005';
  END IF;
  IF v_project.revision <> p_revision THEN
    RAISE EXCEPTION 'stale' USING ERRCODE = 'GL001';
  END IF;
END
$$;
--> statement-breakpoint
-- A row as the log has it: without what is secret, what can be read elsewhere for ever, and how far work is.
CREATE OR REPLACE FUNCTION audit_view(p_row jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_object_agg(key, CASE WHEN key IN ('amount', 'balance_floor') THEN to_jsonb(value #>> '{}') ELSE value END)
    FROM jsonb_each(p_row) WHERE key NOT IN ('key_hash', 'code_hash', 'document', 'revision', 'state_changed_at', 'actor',
      'input', 'progress', 'result', 'error', 'done', 'total', 'attempts', 'next_run_at', 'lease_until', 'lease_token',
      'updated_at', 'ended_at')
$$;
--> statement-breakpoint
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON organizations FOR EACH ROW
  EXECUTE FUNCTION audit_change('organization', 'id', 'id');
--> statement-breakpoint
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON members FOR EACH ROW
  EXECUTE FUNCTION audit_change('member', 'organization_id', 'user_id');
--> statement-breakpoint
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON invitations FOR EACH ROW
  EXECUTE FUNCTION audit_change('invitation', 'organization_id', 'id');
--> statement-breakpoint
-- What somebody had done, and by which file: whoever has kept it can show that it was this one.
CREATE FUNCTION audit_job_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM append_audit(NEW.project_id, 'job.added', NEW.id, jsonb_build_object('after', audit_view(to_jsonb(NEW))
    || jsonb_strip_nulls(jsonb_build_object('file_sha256', NEW.input #> '{file,sha256}',
      'file_lines', NEW.input #> '{file,lines}'))));
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER audit_added AFTER INSERT ON jobs FOR EACH ROW EXECUTE FUNCTION audit_job_added();
--> statement-breakpoint
-- What people do with a job; how it goes by itself is no change of theirs.
CREATE TRIGGER audit_changed AFTER UPDATE ON jobs FOR EACH ROW
  WHEN (NEW.state <> OLD.state AND (NEW.state = 'discarded' OR OLD.state = 'dead'))
  EXECUTE FUNCTION audit_change('job', 'project_id', 'id');
--> statement-breakpoint
-- Lists of addresses come by the thousand: one entry for each statement and network, with the first of them. Of one that
-- comes alone, as by hand, the log has note and end too.
CREATE FUNCTION audit_list() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_group record;
  v_details jsonb;
  v_former jsonb;
BEGIN
  FOR v_group IN SELECT c.project_id, c.network, count(*) AS amount, min(c.address) AS address,
      to_jsonb((array_agg(c.address ORDER BY c.address))[1:20]) AS first,
      jsonb_build_object('note', min(c.note), 'expires_at', min(c.expires_at)) AS entry
    FROM changed c GROUP BY c.project_id, c.network ORDER BY c.project_id, c.network
  LOOP
    v_details := jsonb_build_object('count', v_group.amount, 'first', v_group.first);
    IF v_group.amount = 1 AND TG_OP = 'UPDATE' THEN
      SELECT jsonb_build_object('note', f.note, 'expires_at', f.expires_at) INTO v_former FROM former f
        WHERE f.project_id = v_group.project_id AND f.network = v_group.network AND f.address = v_group.address;
      v_details := v_details || jsonb_build_object('before', v_former, 'after', v_group.entry);
    ELSIF v_group.amount = 1 THEN
      v_details := v_details
        || jsonb_build_object(CASE TG_OP WHEN 'DELETE' THEN 'before' ELSE 'after' END, v_group.entry);
    END IF;
    PERFORM append_audit(v_group.project_id, TG_ARGV[0], v_group.network, v_details);
  END LOOP;
  RETURN NULL;
END
$$;
--> statement-breakpoint
DROP TRIGGER audit_added ON denied_accounts;
--> statement-breakpoint
DROP TRIGGER audit_changed ON denied_accounts;
--> statement-breakpoint
DROP TRIGGER audit_removed ON denied_accounts;
--> statement-breakpoint
DROP FUNCTION audit_denied();
--> statement-breakpoint
CREATE TRIGGER audit_added AFTER INSERT ON denied_accounts REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION audit_list('denied_account.added');
--> statement-breakpoint
CREATE TRIGGER audit_changed AFTER UPDATE ON denied_accounts REFERENCING OLD TABLE AS former NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION audit_list('denied_account.changed');
--> statement-breakpoint
CREATE TRIGGER audit_removed AFTER DELETE ON denied_accounts REFERENCING OLD TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION audit_list('denied_account.removed');
--> statement-breakpoint
CREATE TRIGGER audit_added AFTER INSERT ON allowed_wallets REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION audit_list('allowed_wallet.added');
--> statement-breakpoint
CREATE TRIGGER audit_changed AFTER UPDATE ON allowed_wallets REFERENCING OLD TABLE AS former NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION audit_list('allowed_wallet.changed');
--> statement-breakpoint
CREATE TRIGGER audit_removed AFTER DELETE ON allowed_wallets REFERENCING OLD TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION audit_list('allowed_wallet.removed');
--> statement-breakpoint
CREATE FUNCTION bump_organization() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.revision := OLD.revision + 1;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER bump_revision BEFORE UPDATE ON organizations FOR EACH ROW EXECUTE FUNCTION bump_organization();
--> statement-breakpoint
-- An organization always has an owner: its row is locked, so that two owners cannot leave at the same time.
CREATE FUNCTION keep_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.role <> 'owner' OR (TG_OP = 'UPDATE' AND NEW.role = 'owner') THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  PERFORM FROM organizations o WHERE o.id = OLD.organization_id FOR UPDATE;
  IF NOT EXISTS (SELECT FROM members m
      WHERE m.organization_id = OLD.organization_id AND m.role = 'owner' AND m.user_id <> OLD.user_id) THEN
    RAISE EXCEPTION 'last_owner' USING ERRCODE = 'GL018';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
--> statement-breakpoint
CREATE TRIGGER keep_owner BEFORE UPDATE OR DELETE ON members FOR EACH ROW EXECUTE FUNCTION keep_owner();
--> statement-breakpoint
-- An organization has at most 100 sponsors that are not retired: what is shown and chosen from is all of them. Its row is
-- locked, so that the count holds.
CREATE FUNCTION limit_sponsors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.organization_id IS NOT DISTINCT FROM OLD.organization_id AND OLD.state <> 'retired' THEN
    RETURN NEW;
  END IF;
  PERFORM FROM organizations o WHERE o.id = NEW.organization_id FOR NO KEY UPDATE;
  IF (SELECT count(*) FROM sponsors s
      WHERE s.organization_id = NEW.organization_id AND s.state <> 'retired' AND s.id <> NEW.id) >= 100 THEN
    RAISE EXCEPTION 'sponsors_full' USING ERRCODE = 'GL023';
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER limit_sponsors BEFORE INSERT OR UPDATE OF organization_id, state ON sponsors FOR EACH ROW
  WHEN (NEW.organization_id IS NOT NULL AND NEW.state <> 'retired') EXECUTE FUNCTION limit_sponsors();
--> statement-breakpoint
-- The first owner of an installation, once. What belongs to nobody becomes the new organization's.
CREATE FUNCTION claim_installation(p_code_hash bytea, p_user_id text, p_organization_id text, p_name text)
RETURNS void LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
  v_code claim_codes%ROWTYPE;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('claim_installation', 0));
  SELECT * INTO v_code FROM claim_codes c WHERE c.code_hash = p_code_hash;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'not_found' USING ERRCODE = 'GL019';
  END IF;
  IF v_code.used_at IS NOT NULL OR EXISTS (SELECT FROM organizations) THEN
    RAISE EXCEPTION 'claimed' USING ERRCODE = 'GL020';
  END IF;
  UPDATE claim_codes SET used_at = now() WHERE code_hash = p_code_hash;
  INSERT INTO organizations (id, name) VALUES (p_organization_id, p_name);
  INSERT INTO members (organization_id, user_id, role) VALUES (p_organization_id, p_user_id, 'owner');
  UPDATE projects SET organization_id = p_organization_id WHERE organization_id IS NULL AND id <> 'prj_console';
  UPDATE sponsors SET organization_id = p_organization_id WHERE organization_id IS NULL;
END
$$;
--> statement-breakpoint
-- Roles from the least to the most.
CREATE FUNCTION role_rank(p_role text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT array_position(ARRAY['viewer', 'billing', 'developer', 'admin', 'owner'], p_role)
$$;
--> statement-breakpoint
-- A member by an invitation, once, and only while whoever made it could make it again. Returns the organization.
CREATE FUNCTION accept_invitation(p_code_hash bytea, p_user_id text) RETURNS text
LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
  v_invitation invitations%ROWTYPE;
BEGIN
  SELECT * INTO v_invitation FROM invitations i WHERE i.code_hash = p_code_hash FOR UPDATE;
  IF NOT FOUND OR (v_invitation.wallet IS NOT NULL AND NOT EXISTS (
      SELECT FROM wallets w WHERE w.project_id = 'prj_console' AND w.user_id = p_user_id
        AND w.wallet = v_invitation.wallet)) THEN
    RAISE EXCEPTION 'not_found' USING ERRCODE = 'GL019';
  END IF;
  IF v_invitation.accepted_at IS NOT NULL OR v_invitation.revoked_at IS NOT NULL OR v_invitation.expires_at <= now()
    OR EXISTS (SELECT FROM members m
      WHERE m.organization_id = v_invitation.organization_id AND m.user_id = p_user_id)
    OR NOT EXISTS (SELECT FROM members m
      WHERE m.organization_id = v_invitation.organization_id AND m.user_id = v_invitation.invited_by
        AND m.role IN ('owner', 'admin') AND role_rank(m.role) >= role_rank(v_invitation.role) FOR KEY SHARE) THEN
    RAISE EXCEPTION 'over' USING ERRCODE = 'GL020';
  END IF;
  UPDATE invitations SET accepted_at = now() WHERE id = v_invitation.id;
  INSERT INTO members (organization_id, user_id, role)
    VALUES (v_invitation.organization_id, p_user_id, v_invitation.role);
  RETURN v_invitation.organization_id;
END
$$;
--> statement-breakpoint
-- Whether a wallet's relays may be sponsored on a network as far as its allowlist goes.
CREATE FUNCTION is_wallet_allowed(p_project_id text, p_network text, p_wallet text) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (SELECT FROM project_networks n
      WHERE n.project_id = p_project_id AND n.network = p_network AND n.allowlist_only)
    OR EXISTS (SELECT FROM allowed_wallets a
      WHERE a.project_id = p_project_id AND a.network = p_network
        AND a.address = substr(p_wallet, strpos(p_wallet, ':') + 1)
        AND split_part(p_wallet, ':', 1) = split_part(p_network, ':', 1)
        AND (a.expires_at IS NULL OR a.expires_at > now()))
$$;
--> statement-breakpoint
-- Beside whatever makes a relay: no way into the ledger goes past the allowlist.
CREATE FUNCTION require_allowed_wallet() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_wallet text;
BEGIN
  IF EXISTS (SELECT FROM project_networks n
      WHERE n.project_id = NEW.project_id AND n.network = NEW.network AND n.allowlist_only) THEN
    SELECT s.wallet INTO v_wallet FROM sessions s WHERE s.id = NEW.session_id;
    IF NOT is_wallet_allowed(NEW.project_id, NEW.network, v_wallet) THEN
      RAISE EXCEPTION 'wallet_not_allowed' USING ERRCODE = 'GL021';
    END IF;
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER require_allowed_wallet BEFORE INSERT ON relays FOR EACH ROW EXECUTE FUNCTION require_allowed_wallet();
--> statement-breakpoint
DROP FUNCTION preview_relay(text, text, text, integer, text, text[], text[]);
--> statement-breakpoint
-- What reserve_relay() would meet, without holding anything: a denied key, what was given before, every limit, and whether
-- the wallet is on the allowlist where there has to be one. One row even without a limit.
CREATE FUNCTION preview_relay(
  p_project_id text, p_network text, p_user_id text, p_policy_version integer, p_sponsor text, p_accounts text[],
  p_allotments text[] DEFAULT '{}', p_wallet text DEFAULT NULL
) RETURNS TABLE (
  revision bigint, denied text, given text, subject text, "window" text, unit text, "limit" numeric, used numeric, held numeric, resets_at timestamptz,
  is_wallet_allowed boolean
) LANGUAGE sql STABLE AS $$
  SELECT (SELECT p.revision FROM projects p WHERE p.id = p_project_id),
    (SELECT min(d.address) FROM denied_accounts d
      WHERE d.project_id = p_project_id AND d.network = p_network AND d.address = ANY (p_accounts)),
    (SELECT min(item) FROM given_allotments(p_project_id, p_network, p_user_id, p_allotments) item),
    l.subject_kind, l.window, l.unit, l.amount, coalesce(u.used, 0), coalesce(u.held, 0), limit_window_end(l.window),
    is_wallet_allowed(p_project_id, p_network, p_wallet)
  FROM (SELECT 1) one
    LEFT JOIN limits l ON l.network = p_network AND (l.project_id = p_project_id
      OR l.sponsor_id = (SELECT s.id FROM sponsors s WHERE s.network = p_network AND s.address = p_sponsor
        AND p_sponsor IN (SELECT accepted_sponsors(p_project_id, p_network))))
    LEFT JOIN limit_usage u ON u.limit_id = l.id AND u.window_start = limit_window_start(l.window)
      AND u.subject = CASE l.subject_kind WHEN 'user' THEN p_user_id
        WHEN 'policy' THEN 'version ' || p_policy_version ELSE '' END
  ORDER BY l.subject_kind, l.unit, l.amount
$$;
--> statement-breakpoint
-- Whose sessions somebody who manages the project ends, and that it was done. Returns how many were open.
CREATE FUNCTION revoke_sessions_of(p_project_id text, p_user_id text, p_session_id text) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  v_count integer;
BEGIN
  UPDATE sessions s SET revoked_at = now() WHERE s.project_id = p_project_id AND s.revoked_at IS NULL
    AND s.expires_at > now() AND s.user_id = p_user_id AND (p_session_id IS NULL OR s.id = p_session_id);
  GET DIAGNOSTICS v_count = ROW_COUNT;
  PERFORM append_audit(p_project_id, 'session.revoked', coalesce(p_session_id, p_user_id),
    jsonb_build_object('userId', p_user_id, 'count', v_count));
  RETURN v_count;
END
$$;
--> statement-breakpoint
-- Takes entries whose time is over out of the lists, and forgets jobs 30 days after their end.
CREATE FUNCTION purge_management(p_limit integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  v_count integer;
  v_total integer := 0;
BEGIN
  -- The log says that the deployment did it, not the last person who changed something.
  PERFORM set_config('gasless.actor', '{"kind": "system", "name": "expiry"}', true);
  DELETE FROM denied_accounts d WHERE (d.project_id, d.network, d.address) IN (
    SELECT e.project_id, e.network, e.address FROM denied_accounts e WHERE e.expires_at <= now() LIMIT p_limit)
    -- One that somebody has just renewed stays.
    AND d.expires_at <= now();
  GET DIAGNOSTICS v_count = ROW_COUNT;
  v_total := v_total + v_count;
  DELETE FROM allowed_wallets d WHERE (d.project_id, d.network, d.address) IN (
    SELECT e.project_id, e.network, e.address FROM allowed_wallets e WHERE e.expires_at <= now() LIMIT p_limit)
    AND d.expires_at <= now();
  GET DIAGNOSTICS v_count = ROW_COUNT;
  v_total := v_total + v_count;
  DELETE FROM jobs j WHERE j.id IN (SELECT e.id FROM jobs e WHERE e.ended_at < now() - interval '30 days' LIMIT p_limit);
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_total + v_count;
END
$$;
