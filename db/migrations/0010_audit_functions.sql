-- Every change of the configuration is appended to a log in its own transaction, whoever makes it and by whatever way.
-- A job seals the log: each entry's hash covers the one before, and the newest is signed outside of SQL.
CREATE FUNCTION append_audit(p_chain text, p_action text, p_target text, p_details jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_now timestamptz := clock_timestamp();
  v_id text := 'aud_' || lpad(to_hex((extract(epoch FROM v_now) * 1000)::bigint), 12, '0')
    || left(replace(gen_random_uuid()::text, '-', ''), 16);
BEGIN
  INSERT INTO audit_entries (id, chain, entry) VALUES (v_id, p_chain, jsonb_build_object(
    'id', v_id,
    'chain', p_chain,
    'at', to_char(v_now AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'actor', coalesce(nullif(current_setting('gasless.actor', true), '')::jsonb,
      jsonb_build_object('kind', 'database', 'name', session_user)),
    'action', p_action,
    'target', p_target,
    'details', p_details)::text);
END
$$;
--> statement-breakpoint
-- A row as the log has it: without what is secret or can be read elsewhere for ever; amounts as decimal strings.
CREATE FUNCTION audit_view(p_row jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_object_agg(key, CASE WHEN key IN ('amount', 'balance_floor') THEN to_jsonb(value #>> '{}') ELSE value END)
    FROM jsonb_each(p_row) WHERE key NOT IN ('key_hash', 'document', 'revision', 'state_changed_at')
$$;
--> statement-breakpoint
-- Arguments: what it is called, the column that names its chain ('' for the deployment's), and that which names the row.
-- Of a change only what differs is kept.
CREATE FUNCTION audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_old jsonb := CASE WHEN TG_OP <> 'INSERT' THEN audit_view(to_jsonb(OLD)) END;
  v_new jsonb := CASE WHEN TG_OP <> 'DELETE' THEN audit_view(to_jsonb(NEW)) END;
  v_row jsonb := coalesce(v_new, v_old);
  v_details jsonb;
  v_action text;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    v_action := 'changed';
    SELECT jsonb_build_object('before', jsonb_object_agg(key, v_old -> key), 'after', jsonb_object_agg(key, value))
      INTO v_details FROM jsonb_each(v_new) WHERE value IS DISTINCT FROM v_old -> key HAVING count(*) > 0;
    IF v_details IS NULL THEN
      RETURN NULL;
    END IF;
  ELSIF TG_OP = 'INSERT' THEN
    v_action := 'added';
    v_details := jsonb_build_object('after', v_new);
  ELSE
    v_action := 'removed';
    v_details := jsonb_build_object('before', v_old);
  END IF;
  PERFORM append_audit(coalesce(v_row ->> nullif(TG_ARGV[1], ''), 'deployment'), TG_ARGV[0] || '.' || v_action,
    v_row ->> TG_ARGV[2], v_details);
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON projects FOR EACH ROW
  EXECUTE FUNCTION audit_change('project', 'id', 'id');
--> statement-breakpoint
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON project_origins FOR EACH ROW
  EXECUTE FUNCTION audit_change('origin', 'project_id', 'origin');
--> statement-breakpoint
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON project_keys FOR EACH ROW
  EXECUTE FUNCTION audit_change('key', 'project_id', 'id');
--> statement-breakpoint
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON project_networks FOR EACH ROW
  EXECUTE FUNCTION audit_change('network', 'project_id', 'network');
--> statement-breakpoint
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON project_sponsors FOR EACH ROW
  EXECUTE FUNCTION audit_change('project_sponsor', 'project_id', 'sponsor_id');
--> statement-breakpoint
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON policies FOR EACH ROW
  EXECUTE FUNCTION audit_change('policy', 'project_id', 'version');
--> statement-breakpoint
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON limits FOR EACH ROW
  EXECUTE FUNCTION audit_change('limit', 'project_id', 'id');
--> statement-breakpoint
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON sponsors FOR EACH ROW
  EXECUTE FUNCTION audit_change('sponsor', '', 'id');
--> statement-breakpoint
-- Lists of addresses come by the thousand: one entry for each statement and network, with the first of them.
CREATE FUNCTION audit_denied() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_group record;
BEGIN
  FOR v_group IN SELECT c.project_id, c.network, count(*) AS amount,
      to_jsonb((array_agg(c.address ORDER BY c.address))[1:20]) AS first
    FROM changed c GROUP BY c.project_id, c.network ORDER BY c.project_id, c.network
  LOOP
    PERFORM append_audit(v_group.project_id, 'denied_account.' || TG_ARGV[0], v_group.network,
      jsonb_build_object('count', v_group.amount, 'first', v_group.first));
  END LOOP;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER audit_added AFTER INSERT ON denied_accounts REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION audit_denied('added');
--> statement-breakpoint
CREATE TRIGGER audit_changed AFTER UPDATE ON denied_accounts REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION audit_denied('changed');
--> statement-breakpoint
CREATE TRIGGER audit_removed AFTER DELETE ON denied_accounts REFERENCING OLD TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION audit_denied('removed');
--> statement-breakpoint
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is appended to, never changed' USING ERRCODE = 'restrict_violation';
END
$$;
--> statement-breakpoint
CREATE TRIGGER audit_is_append_only BEFORE UPDATE ON audit_entries FOR EACH ROW
  WHEN (OLD.sequence IS NOT NULL OR (OLD.id, OLD.chain, OLD.entry) IS DISTINCT FROM (NEW.id, NEW.chain, NEW.entry))
  EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
CREATE TRIGGER audit_is_kept BEFORE DELETE OR TRUNCATE ON audit_entries FOR EACH STATEMENT
  EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
-- Chains entries in the order of their ids; the first follows the hash of its chain's name. One sealer at a time.
CREATE FUNCTION seal_audit(p_limit integer) RETURNS integer LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
  v_entry record;
  v_hash bytea;
  v_sequence bigint;
  v_count integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('seal_audit', 0));
  FOR v_entry IN SELECT e.id, e.chain, e.entry FROM audit_entries e WHERE e.sequence IS NULL ORDER BY e.id LIMIT p_limit
  LOOP
    INSERT INTO audit_heads (chain, sequence, hash)
      VALUES (v_entry.chain, 0, sha256(convert_to(v_entry.chain, 'UTF8'))) ON CONFLICT DO NOTHING;
    UPDATE audit_heads h SET sequence = h.sequence + 1, hash = sha256(h.hash || convert_to(v_entry.entry, 'UTF8'))
      WHERE h.chain = v_entry.chain RETURNING h.sequence, h.hash INTO v_sequence, v_hash;
    UPDATE audit_entries e SET sequence = v_sequence, hash = v_hash WHERE e.id = v_entry.id;
    v_count := v_count + 1;
  END LOOP;
  RETURN v_count;
END
$$;
--> statement-breakpoint
-- Chains with an entry that has waited for its seal, or for the signature behind it, and since how many seconds.
CREATE FUNCTION unsealed_chains(p_seconds integer) RETURNS TABLE (chain text, age_seconds double precision)
LANGUAGE sql STABLE AS $$
  SELECT w.chain, extract(epoch FROM now() - min(w.created_at))::double precision FROM (
    SELECT e.chain, e.created_at FROM audit_entries e WHERE e.sequence IS NULL
    UNION ALL
    SELECT h.chain, (SELECT min(e.created_at) FROM audit_entries e
        WHERE e.chain = h.chain AND e.sequence > h.signed_sequence)
      FROM audit_heads h WHERE h.signed_sequence < h.sequence
  ) w WHERE w.created_at < now() - make_interval(secs => p_seconds) GROUP BY w.chain ORDER BY w.chain LIMIT 100
$$;
--> statement-breakpoint
ALTER FUNCTION operation_facts(text[]) RENAME TO ledger_facts;
--> statement-breakpoint
-- What the watchdog judges by: the ledger's facts, and those of the audit log.
CREATE FUNCTION operation_facts(p_networks text[]) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT ledger_facts(p_networks) || jsonb_build_object('unsealed', (
    SELECT coalesce(jsonb_agg(jsonb_build_object('chain', u.chain, 'ageSeconds', u.age_seconds)), '[]')
      FROM unsealed_chains(600) u))
$$;
