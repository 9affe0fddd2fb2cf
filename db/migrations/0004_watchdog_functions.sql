CREATE INDEX "alerts_resolved_at" ON "alerts" USING btree ("resolved_at");--> statement-breakpoint
CREATE INDEX "sponsor_checks_observed" ON "sponsor_checks" USING btree ("sponsor_id","observed_at");--> statement-breakpoint
CREATE INDEX "sponsor_checks_unjudged" ON "sponsor_checks" USING btree ("sponsor_id","observed_at") WHERE "sponsor_checks"."judged_at" is null;--> statement-breakpoint
CREATE INDEX "sponsor_checks_lost" ON "sponsor_checks" USING btree ("sponsor_id","judged_at") WHERE "sponsor_checks"."difference" < 0;--> statement-breakpoint
CREATE INDEX "sponsor_checks_judged" ON "sponsor_checks" USING btree ("judged_at");
--> statement-breakpoint
-- How the listener of each network does: seconds since its last beat (null: never), and the age of its oldest open relay.
CREATE FUNCTION listeners(p_networks text[]) RETURNS TABLE (
  network text, beat_age_seconds double precision, oldest_open_seconds double precision
) LANGUAGE sql STABLE AS $$
  SELECT n.network, extract(epoch FROM now() - h.beat_at)::double precision, (
    SELECT extract(epoch FROM now() - min(r.created_at))::double precision FROM relays r
      WHERE r.network = n.network AND r.state IN ('received', 'signed', 'submitted', 'confirmed'))
  FROM unnest(p_networks) AS n(network) LEFT JOIN heartbeats h ON h.name = 'sweeper ' || n.network
$$;
--> statement-breakpoint
-- What the ledger knows about how it goes: for the watchdog and for /metrics. Amounts as decimal strings.
CREATE FUNCTION operation_facts(p_networks text[]) RETURNS jsonb LANGUAGE sql STABLE AS $$
  WITH open_relays AS (
    SELECT r.network, r.state, count(*) AS relays, sum(r.quoted_fee) AS fee, sum(r.quoted_rent) AS rent FROM relays r
      WHERE r.network = ANY (p_networks) AND r.state IN ('received', 'signed', 'submitted', 'confirmed')
      GROUP BY r.network, r.state
  ), overcharged AS (
    SELECT r.network, count(*) AS relays, count(*) FILTER (WHERE r.updated_at > now() - interval '24 hours') AS recent
      FROM relays r WHERE r.charged_fee > r.quoted_fee OR r.charged_rent > r.quoted_rent GROUP BY r.network
  )
  SELECT jsonb_build_object(
    'networks', (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'network', l.network, 'beatAgeSeconds', l.beat_age_seconds, 'oldestOpenSeconds', l.oldest_open_seconds,
        'open', (SELECT coalesce(jsonb_object_agg(o.state, o.relays), '{}') FROM open_relays o WHERE o.network = l.network),
        'heldRelays', (SELECT coalesce(sum(o.relays), 0)::text FROM open_relays o WHERE o.network = l.network),
        'heldFee', (SELECT coalesce(sum(o.fee), 0)::text FROM open_relays o WHERE o.network = l.network),
        'heldRent', (SELECT coalesce(sum(o.rent), 0)::text FROM open_relays o WHERE o.network = l.network),
        'overcharged', coalesce((SELECT o.relays FROM overcharged o WHERE o.network = l.network), 0),
        'overchargedLately', coalesce((SELECT o.recent FROM overcharged o WHERE o.network = l.network), 0)
      )), '[]') FROM listeners(p_networks) l),
    'sponsors', (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'id', s.id, 'network', s.network, 'state', s.state, 'balance', b.balance::text,
        'balanceFloor', s.balance_floor::text, 'fetchErrors', coalesce(b.fetch_errors, 0),
        'ageSeconds', extract(epoch FROM now() - coalesce(b.observed_at, s.created_at)),
        'lostLately', (SELECT coalesce(-sum(c.difference), 0)::text FROM sponsor_checks c
          WHERE c.sponsor_id = s.id AND c.difference < 0 AND c.judged_at > now() - interval '24 hours')
      ) ORDER BY s.id), '[]')
      FROM sponsors s LEFT JOIN sponsor_balances b ON b.sponsor_id = s.id
      WHERE s.network = ANY (p_networks) AND s.state <> 'retired'),
    'heartbeats', (SELECT coalesce(jsonb_object_agg(h.name, extract(epoch FROM h.beat_at)), '{}') FROM heartbeats h
      WHERE h.name = ANY (ARRAY(SELECT 'sweeper ' || n FROM unnest(p_networks) n) || 'watchdog'::text)),
    'openAlerts', (SELECT coalesce(jsonb_object_agg(a.kind, a.alerts), '{}') FROM (
      SELECT kind, count(*) AS alerts FROM alerts WHERE resolved_at IS NULL GROUP BY kind) a)
  )
$$;
--> statement-breakpoint
-- Says that a listener has done its work to the end. Written at most each ten seconds: nobody asks more closely.
CREATE FUNCTION beat(p_name text) RETURNS void LANGUAGE sql SET lock_timeout = '2s' AS $$
  INSERT INTO heartbeats AS h (name) VALUES (p_name)
    ON CONFLICT (name) DO UPDATE SET beat_at = now() WHERE h.beat_at < now() - interval '10 seconds'
$$;
--> statement-breakpoint
-- Keeps balances as they were at one finalized slot: the last good one, and an observation to be judged later. What is
-- older than what is known changes nothing, for ten minutes: a slot that a node has made up must not hide for ever what
-- others see. The row of the balance is locked first, so that two observers take turns.
CREATE FUNCTION record_balances(p_network text, p_slot bigint, p_balances jsonb) RETURNS void
LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
BEGIN
  -- The time is that after the read of the chain: whatever had landed by then was signed before this moment.
  WITH kept AS (
    INSERT INTO sponsor_balances AS b (sponsor_id, balance, slot, observed_at)
      SELECT s.id, v.balance, p_slot, clock_timestamp()
        FROM jsonb_to_recordset(p_balances) AS v("sponsorId" text, balance numeric)
          JOIN sponsors s ON s.id = v."sponsorId" AND s.network = p_network
        ORDER BY s.id COLLATE "C"
      ON CONFLICT (sponsor_id) DO UPDATE
        SET balance = excluded.balance, slot = excluded.slot, observed_at = excluded.observed_at
        WHERE b.slot IS NULL OR b.slot <= excluded.slot OR b.observed_at < clock_timestamp() - interval '10 minutes'
      RETURNING b.sponsor_id, b.slot, b.balance, b.observed_at
  )
  INSERT INTO sponsor_checks (sponsor_id, slot, balance, observed_at)
    SELECT k.sponsor_id, k.slot, k.balance, k.observed_at FROM kept k
      WHERE (SELECT count(*) FROM sponsor_checks c WHERE c.sponsor_id = k.sponsor_id AND c.judged_at IS NULL) < 1000
    ON CONFLICT DO NOTHING;
END
$$;
--> statement-breakpoint
CREATE FUNCTION count_fetch_errors(p_sponsor_ids text[]) RETURNS void LANGUAGE sql SET lock_timeout = '2s' AS $$
  INSERT INTO sponsor_balances AS b (sponsor_id, fetch_errors)
    SELECT s.id, 1 FROM sponsors s WHERE s.id = ANY (p_sponsor_ids) ORDER BY s.id COLLATE "C"
    ON CONFLICT (sponsor_id) DO UPDATE SET fetch_errors = b.fetch_errors + 1
$$;
--> statement-breakpoint
-- Compares observations with the ledger, in the order in which they were made. One is ready once every relay of its
-- sponsor that was signed before it has ended: what is signed later can only land in a later slot. A relay that landed
-- without a slot is charged nowhere here, and so shows as a loss.
-- Where an observation has an older slot than the one before it, one of the two was made up, or a node was behind: what
-- was charged in between is taken back, so that the differences of all of them still add up to what is really gone.
-- Between slots that are further apart than a million, four days or more, nothing counts as charged: whatever is gone
-- shows as a loss, and nobody makes the database count every relay there ever was. Returns how many were judged.
CREATE FUNCTION judge_balances(p_network text, p_limit integer) RETURNS integer LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
  v_judged integer;
BEGIN
  WITH under_way AS (
    SELECT r.sponsor, min(r.signed_at) AS since FROM relays r
      WHERE r.network = p_network AND r.state IN ('signed', 'submitted', 'confirmed') GROUP BY r.sponsor
  ), ready AS (
    SELECT c.sponsor_id, s.address, c.slot, c.balance, c.observed_at FROM sponsors s
      JOIN sponsor_checks c ON c.sponsor_id = s.id AND c.judged_at IS NULL
      LEFT JOIN under_way u ON u.sponsor = s.address
    WHERE s.network = p_network AND (u.since IS NULL OR u.since > c.observed_at)
    ORDER BY c.sponsor_id, c.observed_at, c.slot LIMIT p_limit
  ), paired AS (
    SELECT r.*, coalesce(lag(r.slot) OVER own, p.slot) AS previous_slot,
      coalesce(lag(r.balance) OVER own, p.balance) AS previous_balance
    FROM ready r LEFT JOIN LATERAL (
      SELECT c.slot, c.balance FROM sponsor_checks c
        WHERE c.sponsor_id = r.sponsor_id AND c.judged_at IS NOT NULL ORDER BY c.observed_at DESC, c.slot DESC LIMIT 1
    ) p ON true
    WINDOW own AS (PARTITION BY r.sponsor_id ORDER BY r.observed_at, r.slot)
  ), judged AS (
    SELECT p.sponsor_id, p.slot, ledger.charged,
      -- The first observation is where the comparison begins.
      coalesce(p.balance - (p.previous_balance - ledger.charged), 0) AS difference
    FROM paired p CROSS JOIN LATERAL (
      SELECT coalesce(sum(r.charged_fee + r.charged_rent), 0) * sign(p.slot - coalesce(p.previous_slot, p.slot))::integer AS charged
      FROM relays r
        WHERE r.network = p_network AND r.sponsor = p.address AND r.state IN ('finalized', 'failed')
          AND r.slot > least(p.previous_slot, p.slot) AND r.slot <= greatest(p.previous_slot, p.slot)
          AND abs(p.slot - p.previous_slot) <= 1000000
    ) ledger
  )
  UPDATE sponsor_checks c SET charged = j.charged, difference = j.difference, judged_at = clock_timestamp()
    FROM judged j WHERE c.sponsor_id = j.sponsor_id AND c.slot = j.slot AND c.judged_at IS NULL;
  GET DIAGNOSTICS v_judged = ROW_COUNT;
  RETURN v_judged;
END
$$;
--> statement-breakpoint
-- Opens, keeps and resolves alerts, so that those that are open are the given conditions. Returns what has changed.
CREATE FUNCTION keep_alerts(p_conditions jsonb) RETURNS TABLE (change text, kind text, subject text, summary text)
LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
#variable_conflict use_column
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('gasless alerts', 0));
  RETURN QUERY
    WITH held AS (
      SELECT * FROM jsonb_to_recordset(p_conditions) AS c(kind text, subject text, summary text, context jsonb)
    ), before AS (
      SELECT a.kind, a.subject FROM alerts a WHERE a.resolved_at IS NULL
    ), kept AS (
      INSERT INTO alerts AS a (kind, subject, summary, context) SELECT h.kind, h.subject, h.summary, h.context FROM held h
      ON CONFLICT (kind, subject) DO UPDATE SET summary = excluded.summary, context = excluded.context, seen_at = now(),
        opened_at = CASE WHEN a.resolved_at IS NULL THEN a.opened_at ELSE now() END,
        notified_state = CASE WHEN a.resolved_at IS NULL THEN a.notified_state END,
        notified_at = CASE WHEN a.resolved_at IS NULL THEN a.notified_at END,
        failed_deliveries = CASE WHEN a.resolved_at IS NULL THEN a.failed_deliveries ELSE 0 END,
        resolved_at = NULL
      RETURNING a.kind, a.subject, a.summary
    ), resolved AS (
      UPDATE alerts a SET resolved_at = now() WHERE a.resolved_at IS NULL
        AND NOT EXISTS (SELECT FROM held h WHERE h.kind = a.kind AND h.subject = a.subject)
      RETURNING a.kind, a.subject, a.summary
    )
    SELECT 'opened', k.kind, k.subject, k.summary FROM kept k
      WHERE NOT EXISTS (SELECT FROM before b WHERE b.kind = k.kind AND b.subject = k.subject)
    UNION ALL SELECT 'resolved', r.kind, r.subject, r.summary FROM resolved r;
END
$$;
--> statement-breakpoint
-- The same for an alert from its opening to its end; another one when it opens anew.
CREATE FUNCTION alert_id(p_kind text, p_subject text, p_opened_at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT 'alr_' || left(encode(sha256(convert_to(
    concat_ws(' ', p_kind, p_subject, extract(epoch FROM p_opened_at)), 'UTF8')), 'hex'), 26)
$$;
--> statement-breakpoint
-- Alerts whose state nobody has taken yet, and open ones that were told an hour ago; those that failed least come first.
CREATE FUNCTION due_alerts(p_limit integer) RETURNS TABLE (
  id text, kind text, subject text, summary text, context jsonb, state text, opened_at timestamptz,
  resolved_at timestamptz, notified_at timestamptz
) LANGUAGE sql STABLE AS $$
  SELECT alert_id(a.kind, a.subject, a.opened_at), a.kind, a.subject, a.summary, a.context, s.state, a.opened_at, a.resolved_at, a.notified_at
  FROM alerts a CROSS JOIN LATERAL (SELECT CASE WHEN a.resolved_at IS NULL THEN 'open' ELSE 'resolved' END) AS s(state)
  WHERE (a.resolved_at IS NULL AND (a.notified_state IS DISTINCT FROM 'open' OR a.notified_at < now() - interval '1 hour'))
    OR (a.resolved_at > now() - interval '30 days' AND a.notified_state IS DISTINCT FROM 'resolved')
  ORDER BY a.failed_deliveries, a.opened_at, a.kind, a.subject LIMIT p_limit
$$;
--> statement-breakpoint
-- Remembers how a delivery went, unless the alert was opened anew meanwhile.
CREATE FUNCTION mark_alert(p_id text, p_kind text, p_subject text, p_state text, p_was_taken boolean)
RETURNS void LANGUAGE sql SET lock_timeout = '2s' AS $$
  UPDATE alerts SET
    notified_state = CASE WHEN p_was_taken THEN p_state ELSE notified_state END,
    notified_at = CASE WHEN p_was_taken THEN now() ELSE notified_at END,
    failed_deliveries = CASE WHEN p_was_taken THEN 0 ELSE failed_deliveries + 1 END
  WHERE kind = p_kind AND subject = p_subject AND alert_id(kind, subject, opened_at) = p_id
$$;
--> statement-breakpoint
-- Removes observations and alerts that ended 30 days ago; of a sponsor's judged observations the newest stays.
CREATE FUNCTION purge_watch(p_limit integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  v_checks integer;
  v_alerts integer;
BEGIN
  DELETE FROM sponsor_checks WHERE (sponsor_id, slot) IN (
    SELECT c.sponsor_id, c.slot FROM sponsor_checks c WHERE c.judged_at < now() - interval '30 days'
      AND EXISTS (SELECT FROM sponsor_checks n
        WHERE n.sponsor_id = c.sponsor_id AND n.observed_at > c.observed_at AND n.judged_at IS NOT NULL)
      LIMIT p_limit);
  GET DIAGNOSTICS v_checks = ROW_COUNT;
  DELETE FROM alerts WHERE (kind, subject) IN (
    SELECT kind, subject FROM alerts WHERE resolved_at < now() - interval '30 days' LIMIT p_limit);
  GET DIAGNOSTICS v_alerts = ROW_COUNT;
  RETURN v_checks + v_alerts;
END
$$;
