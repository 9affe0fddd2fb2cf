-- What an hour's relays and refusals came to, made anew from them: exact, and may be repeated at any time. Relays whose
-- reservation was rejected are refusals, and have a decision. (usage_sponsors comes with 0016.)
CREATE FUNCTION refresh_usage(p_hour timestamptz) RETURNS void LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
  v_hour timestamptz := date_trunc('hour', p_hour, 'UTC');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('refresh_usage', 0));
  WITH seen AS MATERIALIZED (
    SELECT r.project_id, r.network, r.user_id, r.sponsor, r.state, coalesce(r.charged_fee, r.quoted_fee) AS fee,
      coalesce(r.charged_rent, r.quoted_rent) AS rent, coalesce(r.charged_fee + r.charged_rent, 0) AS spent,
      CASE WHEN r.state IN ('finalized', 'failed') THEN extract(epoch FROM r.updated_at - r.signed_at) END AS seconds
    FROM relays r
    WHERE r.created_at >= v_hour AND r.created_at < v_hour + interval '1 hour' AND r.state <> 'rejected'
  ), summed AS (
    INSERT INTO usage_hours AS h
        (project_id, network, hour, relays, finalized, failed, expired, open, fee, rent, land_times)
      SELECT s.project_id, s.network, v_hour, count(*), count(*) FILTER (WHERE s.state = 'finalized'),
        count(*) FILTER (WHERE s.state = 'failed'), count(*) FILTER (WHERE s.state = 'expired'),
        count(*) FILTER (WHERE s.state IN ('received', 'signed', 'submitted', 'confirmed')), sum(s.fee), sum(s.rent),
        ARRAY[
          count(*) FILTER (WHERE s.seconds <= 1), count(*) FILTER (WHERE s.seconds > 1 AND s.seconds <= 2),
          count(*) FILTER (WHERE s.seconds > 2 AND s.seconds <= 4), count(*) FILTER (WHERE s.seconds > 4 AND s.seconds <= 8),
          count(*) FILTER (WHERE s.seconds > 8 AND s.seconds <= 16), count(*) FILTER (WHERE s.seconds > 16 AND s.seconds <= 32),
          count(*) FILTER (WHERE s.seconds > 32 AND s.seconds <= 64), count(*) FILTER (WHERE s.seconds > 64)]
      FROM seen s GROUP BY s.project_id, s.network
      ON CONFLICT (project_id, network, hour) DO UPDATE SET relays = excluded.relays, finalized = excluded.finalized,
          failed = excluded.failed, expired = excluded.expired, open = excluded.open, fee = excluded.fee,
          rent = excluded.rent, land_times = excluded.land_times
        WHERE (h.*) IS DISTINCT FROM (excluded.*)
  ), known AS (
    INSERT INTO usage_users (project_id, network, hour, user_id)
      SELECT DISTINCT s.project_id, s.network, v_hour, s.user_id FROM seen s ON CONFLICT DO NOTHING
  ), paid AS (
    INSERT INTO usage_sponsors AS u (sponsor_id, hour, spent)
      SELECT p.id, v_hour, sum(s.spent) FROM seen s JOIN sponsors p ON p.network = s.network AND p.address = s.sponsor
        GROUP BY p.id
      ON CONFLICT (sponsor_id, hour) DO UPDATE SET spent = excluded.spent WHERE u.spent <> excluded.spent
  ), emptied AS (
    -- A reservation that was given up is as if it had never been.
    DELETE FROM usage_hours h WHERE h.hour = v_hour
      AND NOT EXISTS (SELECT FROM seen s WHERE s.project_id = h.project_id AND s.network = h.network)
  )
  DELETE FROM usage_users u WHERE u.hour = v_hour AND NOT EXISTS (SELECT FROM seen s
    WHERE s.project_id = u.project_id AND s.network = u.network AND s.user_id = u.user_id);
  INSERT INTO usage_refusals AS u (project_id, network, hour, code, refused)
    SELECT d.project_id, d.network, v_hour, d.code, count(*) FROM decisions d
      WHERE d.decided_at >= v_hour AND d.decided_at < v_hour + interval '1 hour' AND d.verdict = 'refuse'
      GROUP BY d.project_id, d.network, d.code
    ON CONFLICT (project_id, network, hour, code) DO UPDATE SET refused = excluded.refused
      WHERE u.refused <> excluded.refused;
END
$$;
--> statement-breakpoint
-- Hours whose relays may still change, newest first: the last three; in an hour's first minute a day more, and what was
-- missed since the last beat, at most three days.
CREATE FUNCTION due_usage_hours() RETURNS SETOF timestamptz LANGUAGE sql STABLE AS $$
  SELECT h.hour FROM generate_series(date_trunc('hour', (
      SELECT CASE WHEN b.beat_at >= date_trunc('hour', now(), 'UTC') THEN now() - interval '2 hours'
        ELSE greatest(now() - interval '72 hours', coalesce(b.beat_at, '-infinity') - interval '26 hours') END
      FROM (SELECT max(beat_at) AS beat_at FROM heartbeats WHERE name = 'usage') b
    ), 'UTC'), now(), interval '1 hour') AS h(hour) ORDER BY h.hour DESC
$$;
--> statement-breakpoint
-- Removes hours that nobody is shown any more. Returns how many rows went.
CREATE FUNCTION purge_usage(p_limit integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  v_table text;
  v_count integer;
  v_total integer := 0;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['usage_hours', 'usage_refusals', 'usage_users', 'usage_sponsors'] LOOP
    EXECUTE format('DELETE FROM %1$I WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM %1$I WHERE hour < now() - interval ''40 days'' LIMIT $1))', v_table) USING p_limit;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    v_total := v_total + v_count;
  END LOOP;
  RETURN v_total;
END
$$;
