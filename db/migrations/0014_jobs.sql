CREATE INDEX "allowed_wallets_newest" ON "allowed_wallets" USING btree ("project_id","network","created_at","address");--> statement-breakpoint
CREATE INDEX "decisions_of_network" ON "decisions" USING btree ("project_id","network","decided_at","id");--> statement-breakpoint
CREATE INDEX "denied_accounts_newest" ON "denied_accounts" USING btree ("project_id","network","created_at","address");--> statement-breakpoint
CREATE FUNCTION list_limit() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 200000';
--> statement-breakpoint
-- A list has a size that every relay can be held against. The lock makes those who add to it count one after the other.
-- While a list is replaced it may hold the old and the new together: what it comes to was counted before.
CREATE FUNCTION limit_list() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_list record;
  v_count integer;
BEGIN
  IF current_setting('gasless.replaces_list', true) = 'on' THEN
    RETURN NULL;
  END IF;
  FOR v_list IN SELECT DISTINCT c.project_id, c.network FROM changed c ORDER BY 1, 2 LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws(' ', TG_TABLE_NAME, v_list.project_id, v_list.network), 0));
    EXECUTE format('SELECT count(*) FROM %I WHERE project_id = $1 AND network = $2', TG_TABLE_NAME)
      INTO v_count USING v_list.project_id, v_list.network;
    IF v_count > list_limit() THEN
      RAISE EXCEPTION 'list_full' USING ERRCODE = 'GL022';
    END IF;
  END LOOP;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER limit_list AFTER INSERT ON denied_accounts REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION limit_list();
--> statement-breakpoint
CREATE TRIGGER limit_list AFTER INSERT ON allowed_wallets REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION limit_list();
--> statement-breakpoint
-- Leases the job whose turn it is, for a minute. Projects take turns, whoever has waited longest first, and none has more
-- than two parts under way; within a project the job that has waited longest. An attempt counts from here on, so that one
-- whose worker dies is not begun for ever.
CREATE FUNCTION claim_job(p_lease_token uuid) RETURNS SETOF jobs LANGUAGE plpgsql AS $$
DECLARE
  v_id text;
BEGIN
  -- One claim at a time: nobody counts what another one is just changing.
  PERFORM pg_advisory_xact_lock(hashtextextended('claim_job', 0));
  SELECT j.id INTO v_id FROM jobs j
    JOIN (SELECT a.project_id, count(*) FILTER (WHERE a.lease_until > now()) AS leased,
          max(a.updated_at) FILTER (WHERE a.state = 'running' OR a.attempts > 0 OR a.ended_at IS NOT NULL) AS served_at
        FROM jobs a WHERE a.state IN ('queued', 'running') OR a.ended_at > now() - interval '1 minute'
        GROUP BY a.project_id) p ON p.project_id = j.project_id
    WHERE j.state IN ('queued', 'running') AND j.next_run_at <= now()
      AND (j.lease_until IS NULL OR j.lease_until <= now()) AND p.leased < 2
    ORDER BY p.served_at NULLS FIRST, j.next_run_at, j.id LIMIT 1
    FOR UPDATE OF j SKIP LOCKED;
  RETURN QUERY UPDATE jobs j SET state = 'running', attempts = j.attempts + 1, updated_at = clock_timestamp(),
      lease_token = p_lease_token, lease_until = now() + interval '1 minute'
    WHERE j.id = v_id RETURNING j.*;
END
$$;
--> statement-breakpoint
-- Does the next part of an import, with how far it came, or nothing: 'lost' when the lease is somebody else's.
-- First the entries of the file are written, then, to replace a list, what is not among them leaves it: nobody who is on
-- both is ever missing, and a denylist whose import stops half-way denies too much rather than too little. What was added
-- by hand since the file came stays.
CREATE FUNCTION import_part(p_job_id text, p_lease_token uuid, p_rows integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_job jobs%ROWTYPE;
  v_table text;
  v_position integer;
  v_length integer;
  v_after text;
  v_gone text[];
  v_seen integer := 0;
  v_added integer := 0;
  v_changed integer := 0;
  v_removed integer := 0;
  v_is_done boolean;
  v_late integer;
BEGIN
  SELECT * INTO v_job FROM jobs j
    WHERE j.id = p_job_id AND j.lease_token = p_lease_token AND j.state = 'running' FOR UPDATE;
  IF NOT FOUND THEN
    RETURN 'lost';
  END IF;
  -- The log says who asked for it.
  PERFORM set_config('gasless.actor', (v_job.input -> 'actor')::text, true);
  PERFORM set_config('gasless.replaces_list', CASE v_job.input ->> 'mode' WHEN 'replace' THEN 'on' ELSE '' END, true);
  v_table := CASE v_job.input ->> 'list' WHEN 'denied' THEN 'denied_accounts' WHEN 'allowed' THEN 'allowed_wallets' END;
  v_length := jsonb_array_length(v_job.input -> 'entries');
  v_position := coalesce((v_job.progress ->> 'position')::integer, 0);
  v_after := coalesce(v_job.progress ->> 'after', '');
  IF v_position < v_length THEN
    EXECUTE format($q$
      WITH written AS (
        INSERT INTO %I AS t (project_id, network, address, note, expires_at)
          SELECT $1, $2, e.value ->> 0, e.value ->> 1, (e.value ->> 2)::timestamptz
            FROM jsonb_array_elements($3) WITH ORDINALITY e
            WHERE e.ordinality > $4 AND e.ordinality <= $4 + $5 ORDER BY 3
          ON CONFLICT (project_id, network, address) DO UPDATE SET note = excluded.note, expires_at = excluded.expires_at
            WHERE (t.note, t.expires_at) IS DISTINCT FROM (excluded.note, excluded.expires_at)
          RETURNING xmax = 0 AS is_new)
      SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written $q$, v_table)
      INTO v_added, v_changed USING v_job.project_id, v_job.network, v_job.input -> 'entries', v_position, p_rows;
    -- A replace is refused at its first part or not at all. As in limit_list(), rows come before the lock.
    IF v_position = 0 AND v_job.input ->> 'mode' = 'replace' THEN
      PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws(' ', v_table, v_job.project_id, v_job.network), 0));
      EXECUTE format($q$
        SELECT count(*) FROM %I t WHERE t.project_id = $1 AND t.network = $2 AND t.created_at > $3
          AND NOT EXISTS (SELECT FROM jsonb_array_elements($4) e WHERE e ->> 0 = t.address) $q$, v_table)
        INTO v_late USING v_job.project_id, v_job.network, v_job.created_at, v_job.input -> 'entries';
      IF v_length + v_late > list_limit() THEN
        RAISE EXCEPTION 'list_full' USING ERRCODE = 'GL022';
      END IF;
    END IF;
    v_seen := least(p_rows, v_length - v_position);
    v_position := v_position + v_seen;
    v_is_done := v_position = v_length AND v_job.input ->> 'mode' <> 'replace';
  ELSE
    EXECUTE format($q$
      WITH page AS MATERIALIZED (
        SELECT t.address, t.created_at FROM %I t WHERE t.project_id = $1 AND t.network = $2 AND t.address > $3
          ORDER BY t.address LIMIT $4)
      SELECT max(page.address), count(*), array(
        SELECT old.address FROM page old WHERE old.created_at <= $6
          EXCEPT SELECT e ->> 0 FROM jsonb_array_elements($5) e) FROM page $q$, v_table)
      INTO v_after, v_seen, v_gone
      USING v_job.project_id, v_job.network, v_after, p_rows, v_job.input -> 'entries', v_job.created_at;
    -- One by one through the key, whatever is known of the table's size.
    -- One that somebody is just naming anew is looked at again when they have done so, and stays.
    EXECUTE format('DELETE FROM %I t WHERE t.project_id = $1 AND t.network = $2 AND t.address = ANY ($3)
        AND t.created_at <= $4', v_table)
      USING v_job.project_id, v_job.network, v_gone, v_job.created_at;
    GET DIAGNOSTICS v_removed = ROW_COUNT;
    v_is_done := v_seen < p_rows;
  END IF;
  v_added := v_added + coalesce((v_job.progress ->> 'added')::integer, 0);
  v_changed := v_changed + coalesce((v_job.progress ->> 'changed')::integer, 0);
  v_removed := v_removed + coalesce((v_job.progress ->> 'removed')::integer, 0);
  UPDATE jobs j SET
      attempts = 0, error = NULL, lease_token = NULL, lease_until = NULL, next_run_at = now(), updated_at = clock_timestamp(),
      done = CASE WHEN v_is_done THEN j.total ELSE least(j.total, j.done + v_seen) END,
      progress = jsonb_strip_nulls(jsonb_build_object('position', v_position, 'after', v_after,
        'added', v_added, 'changed', v_changed, 'removed', v_removed)),
      state = CASE WHEN v_is_done THEN 'succeeded' ELSE 'running' END,
      ended_at = CASE WHEN v_is_done THEN now() END,
      input = CASE WHEN v_is_done THEN j.input - 'entries' ELSE j.input END,
      result = CASE WHEN v_is_done THEN jsonb_build_object('kind', 'import',
        'added', v_added, 'changed', v_changed, 'removed', v_removed) END
    WHERE j.id = p_job_id;
  RETURN CASE WHEN v_is_done THEN 'done' ELSE 'more' END;
END
$$;
