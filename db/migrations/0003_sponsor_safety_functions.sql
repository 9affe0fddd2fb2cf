-- Pools of sponsors, their own budgets, decisions as rows, and immutable policy versions that are published and rolled back.
CREATE TRIGGER bump_revision AFTER INSERT OR UPDATE OR DELETE ON project_sponsors FOR EACH ROW EXECUTE FUNCTION bump_revision();
--> statement-breakpoint
-- What is known of a pool must not be older than the pool.
CREATE TRIGGER bump_revision_of_new AFTER INSERT ON sponsors FOR EACH ROW EXECUTE FUNCTION bump_revision();
--> statement-breakpoint
-- A policy is never edited: what a decision was made by can be read for ever.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'policy versions are immutable: publish a new one' USING ERRCODE = 'restrict_violation';
END
$$;
--> statement-breakpoint
CREATE TRIGGER policies_are_immutable BEFORE UPDATE OR DELETE ON policies FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- The addresses that may pay for a project: its pool, and for five minutes who was taken out of it. No other project's.
CREATE OR REPLACE FUNCTION accepted_sponsors(p_project_id text, p_network text) RETURNS SETOF text LANGUAGE sql STABLE AS $$
  SELECT s.address FROM project_sponsors m JOIN sponsors s ON s.id = m.sponsor_id AND s.state <> 'retired'
  WHERE m.project_id = p_project_id AND m.network = p_network
    AND (m.removed_at IS NULL OR m.removed_at > now() - interval '5 minutes')
$$;
--> statement-breakpoint
-- The first amount of a sponsor's own budgets that is used up, so that nothing new is prepared with it.
CREATE FUNCTION is_sponsor_spent(p_sponsor_id text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM limits l
      JOIN limit_usage u ON u.limit_id = l.id AND u.subject = '' AND u.window_start = limit_window_start(l.window)
    WHERE l.sponsor_id = p_sponsor_id AND u.used + u.held >= l.amount * 0.98
  )
$$;
--> statement-breakpoint
-- Everything that must hold before a sponsor's key is touched, all or nothing: session, project, key, policy, sponsor,
-- deny entries, idempotency, the message's uniqueness and every limit. Outcomes: reserved; replay (this key has its
-- answer); abandoned (this key's request died before signing: settle that relay, then ask again).
CREATE OR REPLACE FUNCTION reserve_relay(
  p_relay_id text, p_project_id text, p_revision bigint, p_user_id text, p_session_id text, p_network text,
  p_policy_version integer, p_sponsor text, p_route text, p_key text, p_fingerprint bytea, p_message_hash bytea,
  p_transaction bytea, p_accounts text[], p_fee numeric, p_rent numeric, p_lease_token uuid, p_lease_seconds integer,
  p_key_seconds integer
) RETURNS TABLE (outcome text, relay_id text, created_at timestamptz, refusal_status integer, refusal_body text)
LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
#variable_conflict use_column
DECLARE
  v_session sessions%ROWTYPE;
  v_key idempotency_keys%ROWTYPE;
  v_relay relays%ROWTYPE;
  v_limit limits%ROWTYPE;
  v_sponsor_id text;
  v_denied text;
  v_amount numeric;
  v_subject text;
  v_window_start timestamptz;
BEGIN
  SELECT * INTO v_session FROM sessions s
    WHERE s.id = p_session_id AND s.project_id = p_project_id AND s.user_id = p_user_id;
  IF NOT FOUND OR v_session.revoked_at IS NOT NULL THEN
    RAISE EXCEPTION 'session_revoked' USING ERRCODE = 'GL002';
  END IF;
  IF v_session.expires_at <= now() THEN
    RAISE EXCEPTION 'session_expired' USING ERRCODE = 'GL003';
  END IF;

  PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws(' ', p_project_id, p_user_id, p_route, p_key), 0));
  SELECT * INTO v_key FROM idempotency_keys k
    WHERE k.project_id = p_project_id AND k.user_id = p_user_id AND k.route = p_route AND k.key = p_key;
  IF FOUND AND v_key.expires_at <= now() THEN
    DELETE FROM idempotency_keys k
      WHERE k.project_id = p_project_id AND k.user_id = p_user_id AND k.route = p_route AND k.key = p_key;
  ELSIF FOUND THEN
    IF v_key.fingerprint <> p_fingerprint THEN
      RAISE EXCEPTION 'key_reused' USING ERRCODE = 'GL007';
    END IF;
    SELECT * INTO v_relay FROM relays r WHERE r.id = v_key.relay_id;
    IF v_relay.state = 'received' AND v_relay.lease_until > clock_timestamp() THEN
      RAISE EXCEPTION 'in_progress' USING ERRCODE = 'GL006';
    END IF;
    RETURN QUERY SELECT CASE v_relay.state WHEN 'received' THEN 'abandoned' ELSE 'replay' END,
      v_relay.id, v_relay.created_at, v_key.refusal_status, v_key.refusal_body;
    RETURN;
  END IF;

  PERFORM assert_project_current(p_project_id, p_revision, v_session.key_id);
  IF NOT EXISTS (
    SELECT FROM project_networks n
      WHERE n.project_id = p_project_id AND n.network = p_network AND n.policy_version = p_policy_version
  ) OR p_sponsor NOT IN (SELECT accepted_sponsors(p_project_id, p_network)) THEN
    RAISE EXCEPTION 'stale' USING ERRCODE = 'GL001';
  END IF;
  SELECT s.id INTO v_sponsor_id FROM sponsors s WHERE s.network = p_network AND s.address = p_sponsor;
  SELECT d.address INTO v_denied FROM denied_accounts d
    WHERE d.project_id = p_project_id AND d.network = p_network AND d.address = ANY (p_accounts) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'account_denied' USING ERRCODE = 'GL008', DETAIL = jsonb_build_object('address', v_denied)::text;
  END IF;

  INSERT INTO relays AS r (
    id, project_id, user_id, session_id, network, sponsor, policy_version, state, message_hash, transaction,
    quoted_fee, quoted_rent, lease_token, lease_until, next_check_at
  ) VALUES (
    p_relay_id, p_project_id, p_user_id, p_session_id, p_network, p_sponsor, p_policy_version, 'received',
    p_message_hash, p_transaction, p_fee, p_rent, p_lease_token,
    clock_timestamp() + make_interval(secs => p_lease_seconds), clock_timestamp() + make_interval(secs => p_lease_seconds)
  ) ON CONFLICT (network, message_hash) WHERE state <> 'rejected' DO NOTHING
  RETURNING r.* INTO v_relay;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'already_relayed' USING ERRCODE = 'GL009', DETAIL = coalesce((
      SELECT jsonb_build_object('relayId', r.id)::text FROM relays r
        WHERE r.network = p_network AND r.message_hash = p_message_hash AND r.state <> 'rejected'
          AND r.project_id = p_project_id AND r.user_id = p_user_id
    ), '{}');
  END IF;
  INSERT INTO idempotency_keys (project_id, user_id, route, key, fingerprint, relay_id, expires_at)
    VALUES (p_project_id, p_user_id, p_route, p_key, p_fingerprint, p_relay_id,
      now() + make_interval(secs => p_key_seconds));

  -- One order for everybody, (limit id, subject), or two relays could wait for each other.
  FOR v_limit IN
    SELECT * FROM limits l
      WHERE (l.project_id = p_project_id OR l.sponsor_id = v_sponsor_id) AND l.network = p_network
      ORDER BY l.id COLLATE "C"
  LOOP
    v_amount := CASE v_limit.unit WHEN 'relays' THEN 1 WHEN 'fee' THEN p_fee ELSE p_rent END;
    CONTINUE WHEN v_amount = 0;
    v_subject := CASE v_limit.subject_kind
      WHEN 'user' THEN p_user_id WHEN 'policy' THEN 'version ' || p_policy_version ELSE '' END;
    v_window_start := limit_window_start(v_limit.window);
    INSERT INTO limit_usage (limit_id, subject, window_start) VALUES (v_limit.id, v_subject, v_window_start)
      ON CONFLICT DO NOTHING;
    UPDATE limit_usage u SET held = u.held + v_amount
      WHERE u.limit_id = v_limit.id AND u.subject = v_subject AND u.window_start = v_window_start
        AND u.used + u.held + v_amount <= v_limit.amount;
    IF NOT FOUND THEN
      -- What a sponsor may spend is nobody's business outside; another one of the pool may still pay.
      IF v_limit.subject_kind = 'sponsor' THEN
        RAISE EXCEPTION 'sponsor_exhausted' USING ERRCODE = 'GL012';
      END IF;
      RAISE EXCEPTION 'budget_exhausted' USING ERRCODE = 'GL010', DETAIL = jsonb_build_object(
        'subject', v_limit.subject_kind, 'window', v_limit.window, 'unit', v_limit.unit,
        'limit', v_limit.amount::text, 'resetsAt', limit_window_end(v_limit.window),
        'resetsInSeconds', extract(epoch FROM limit_window_end(v_limit.window) - now()))::text;
    END IF;
    INSERT INTO relay_holds (relay_id, limit_id, subject, window_start, unit, amount)
      VALUES (p_relay_id, v_limit.id, v_subject, v_window_start, v_limit.unit, v_amount);
  END LOOP;

  RETURN QUERY SELECT 'reserved', v_relay.id, v_relay.created_at, NULL::integer, NULL::text;
END
$$;
--> statement-breakpoint
DROP FUNCTION mark_signed(text, uuid, bytea, text, bigint, integer);
--> statement-breakpoint
-- The only way to `signed`, and only while the caller's lease runs by this clock. Null: the caller must drop its signature.
-- Looks at the denylist once more, now with the keys of lookup tables, and writes the decision down.
CREATE FUNCTION mark_signed(
  p_relay_id text, p_lease_token uuid, p_request_id text, p_wallet text, p_accounts text[], p_transaction bytea,
  p_transaction_id text, p_lifetime_end_height bigint, p_first_check_ms integer
) RETURNS timestamptz LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
  v_relay relays%ROWTYPE;
  v_received bytea;
  v_denied text;
BEGIN
  SELECT r.transaction INTO v_received FROM relays r WHERE r.id = p_relay_id;
  UPDATE relays SET state = 'signed', transaction = p_transaction, transaction_id = p_transaction_id,
    lifetime_end_height = p_lifetime_end_height, signed_at = clock_timestamp(), updated_at = clock_timestamp(),
    lease_token = NULL, lease_until = NULL,
    next_check_at = clock_timestamp() + make_interval(secs => p_first_check_ms / 1000.0)
  WHERE id = p_relay_id AND state = 'received' AND lease_token = p_lease_token AND lease_until > clock_timestamp()
    AND EXISTS (SELECT FROM projects p WHERE p.id = relays.project_id AND p.status = 'active')
  RETURNING * INTO v_relay;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  SELECT d.address INTO v_denied FROM denied_accounts d
    WHERE d.project_id = v_relay.project_id AND d.network = v_relay.network AND d.address = ANY (p_accounts) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'account_denied' USING ERRCODE = 'GL008', DETAIL = jsonb_build_object('address', v_denied)::text;
  END IF;
  INSERT INTO decisions (id, project_id, network, user_id, wallet, policy_version, message_hash, transaction, accounts,
      verdict, fee, rent, relay_id)
    VALUES (p_request_id, v_relay.project_id, v_relay.network, v_relay.user_id, p_wallet, v_relay.policy_version,
      v_relay.message_hash, v_received, p_accounts, 'sponsor', v_relay.quoted_fee, v_relay.quoted_rent, v_relay.id)
    ON CONFLICT (id) DO NOTHING;
  RETURN v_relay.signed_at;
END
$$;
--> statement-breakpoint
-- What reserve_relay() would meet, without holding anything: a denied key, and every limit. One row even without a limit.
CREATE FUNCTION preview_relay(
  p_project_id text, p_network text, p_user_id text, p_policy_version integer, p_sponsor text, p_accounts text[]
) RETURNS TABLE (
  revision bigint, denied text, subject text, "window" text, unit text, "limit" numeric, used numeric, held numeric, resets_at timestamptz
) LANGUAGE sql STABLE AS $$
  SELECT (SELECT p.revision FROM projects p WHERE p.id = p_project_id),
    (SELECT min(d.address) FROM denied_accounts d
      WHERE d.project_id = p_project_id AND d.network = p_network AND d.address = ANY (p_accounts)),
    l.subject_kind, l.window, l.unit, l.amount, coalesce(u.used, 0), coalesce(u.held, 0), limit_window_end(l.window)
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
-- Keeps a refusal, unless the project or the user has had enough of them in this minute: nobody fills the table by being
-- refused, nor pushes others out of it.
CREATE FUNCTION record_refusal(
  p_request_id text, p_project_id text, p_network text, p_user_id text, p_wallet text, p_policy_version integer,
  p_message_hash bytea, p_transaction bytea, p_accounts text[], p_code text, p_context jsonb, p_fee numeric,
  p_rent numeric, p_max integer, p_max_of_user integer
) RETURNS boolean LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
BEGIN
  IF (SELECT count(*) >= p_max OR count(*) FILTER (WHERE recent.user_id = p_user_id) >= p_max_of_user FROM (
    SELECT d.user_id FROM decisions d WHERE d.project_id = p_project_id AND d.decided_at > now() - interval '1 minute'
      AND d.verdict = 'refuse' LIMIT p_max) recent) THEN
    RETURN false;
  END IF;
  INSERT INTO decisions (id, project_id, network, user_id, wallet, policy_version, message_hash, transaction, accounts,
      verdict, code, context, fee, rent)
    VALUES (p_request_id, p_project_id, p_network, p_user_id, p_wallet, p_policy_version, p_message_hash,
      p_transaction, p_accounts, 'refuse', p_code, p_context, p_fee, p_rent)
    ON CONFLICT (id) DO NOTHING;
  RETURN FOUND;
END
$$;
--> statement-breakpoint
-- Adds a version and makes it the one in force. p_expected: the version that the caller saw in force (null: none).
CREATE FUNCTION publish_policy(p_project_id text, p_network text, p_document jsonb, p_expected integer)
RETURNS integer LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
  v_network project_networks%ROWTYPE;
  v_version integer;
BEGIN
  SELECT * INTO v_network FROM project_networks n WHERE n.project_id = p_project_id AND n.network = p_network FOR UPDATE;
  IF NOT FOUND OR v_network.policy_version IS DISTINCT FROM p_expected THEN
    RAISE EXCEPTION 'conflict' USING ERRCODE = 'GL013',
      DETAIL = jsonb_build_object('policyVersion', v_network.policy_version)::text;
  END IF;
  SELECT coalesce(max(p.version), 0) + 1 INTO v_version FROM policies p
    WHERE p.project_id = p_project_id AND p.network = p_network;
  INSERT INTO policies (project_id, network, version, document) VALUES (p_project_id, p_network, v_version, p_document);
  UPDATE project_networks SET policy_version = v_version WHERE project_id = p_project_id AND network = p_network;
  RETURN v_version;
END
$$;
--> statement-breakpoint
-- Puts an earlier version in force again.
CREATE FUNCTION roll_back_policy(p_project_id text, p_network text, p_version integer, p_expected integer)
RETURNS integer LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
BEGIN
  UPDATE project_networks SET policy_version = p_version
    WHERE project_id = p_project_id AND network = p_network AND policy_version = p_expected
      AND EXISTS (SELECT FROM policies p
        WHERE p.project_id = p_project_id AND p.network = p_network AND p.version = p_version);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'conflict' USING ERRCODE = 'GL013';
  END IF;
  RETURN p_version;
END
$$;
--> statement-breakpoint
-- Nobody is given a retired sponsor: only one that was drained five minutes ago, and whose last relay has ended.
CREATE FUNCTION retire_sponsor(p_sponsor_id text) RETURNS boolean LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
BEGIN
  UPDATE sponsors s SET state = 'retired'
    WHERE s.id = p_sponsor_id AND s.state = 'draining' AND s.state_changed_at <= now() - interval '5 minutes'
      AND NOT EXISTS (SELECT FROM relays r WHERE r.network = s.network AND r.sponsor = s.address
        AND r.state IN ('received', 'signed', 'submitted', 'confirmed'));
  RETURN FOUND;
END
$$;
--> statement-breakpoint
CREATE FUNCTION keep_state_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.state_changed_at := now();
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER keep_state_change BEFORE UPDATE OF state ON sponsors FOR EACH ROW
  WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION keep_state_change();
--> statement-breakpoint
-- Removes what has outlived its use, at most p_limit rows of each kind. Returns how many went.
CREATE OR REPLACE FUNCTION purge_expired(p_limit integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  v_challenges integer;
  v_keys integer;
  v_decisions integer;
  v_rejected integer;
BEGIN
  DELETE FROM used_challenges WHERE (project_id, nonce) IN (
    SELECT project_id, nonce FROM used_challenges WHERE expires_at < now() - interval '1 minute' LIMIT p_limit);
  GET DIAGNOSTICS v_challenges = ROW_COUNT;
  DELETE FROM idempotency_keys WHERE (project_id, user_id, route, key) IN (
    SELECT project_id, user_id, route, key FROM idempotency_keys WHERE expires_at < now() LIMIT p_limit);
  GET DIAGNOSTICS v_keys = ROW_COUNT;
  DELETE FROM decisions WHERE id IN (
    SELECT id FROM decisions WHERE decided_at < now() - interval '30 days' LIMIT p_limit);
  GET DIAGNOSTICS v_decisions = ROW_COUNT;
  -- Nothing of a rejected relay was signed or charged; its idempotency key has been gone for long.
  DELETE FROM relays WHERE id IN (
    SELECT id FROM relays WHERE state = 'rejected' AND created_at < now() - interval '30 days' LIMIT p_limit);
  GET DIAGNOSTICS v_rejected = ROW_COUNT;
  RETURN v_challenges + v_keys + v_decisions + v_rejected;
END
$$;
