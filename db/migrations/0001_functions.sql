-- What must be atomic is one function, called as one statement. A refusal raises its own SQLSTATE (class GL),
-- so nothing of the statement stays; MESSAGE is the reason, DETAIL its context as JSON.

CREATE FUNCTION limit_window_start(p_window text) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT CASE p_window
    WHEN 'lifetime' THEN to_timestamp(0)
    ELSE date_trunc(p_window, now(), 'UTC')
  END
$$;
--> statement-breakpoint
CREATE FUNCTION limit_window_end(p_window text) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT CASE p_window
    WHEN 'lifetime' THEN NULL
    ELSE (date_trunc(p_window, now(), 'UTC') AT TIME ZONE 'UTC' + ('1 ' || p_window)::interval) AT TIME ZONE 'UTC'
  END
$$;
--> statement-breakpoint
-- What a cached copy of a project must not outlive moves its revision, whoever changes it.
CREATE FUNCTION bump_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'projects' THEN
    NEW.revision := greatest(NEW.revision, OLD.revision + 1);
    RETURN NEW;
  ELSIF TG_TABLE_NAME = 'sponsors' THEN
    UPDATE projects SET revision = revision + 1
      WHERE id IN (SELECT n.project_id FROM project_networks n WHERE n.network = NEW.network);
  ELSE
    UPDATE projects SET revision = revision + 1 WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.project_id ELSE NEW.project_id END;
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER bump_revision BEFORE UPDATE ON projects FOR EACH ROW EXECUTE FUNCTION bump_revision();
--> statement-breakpoint
CREATE TRIGGER bump_revision AFTER UPDATE ON sponsors FOR EACH ROW EXECUTE FUNCTION bump_revision();
--> statement-breakpoint
CREATE TRIGGER bump_revision AFTER INSERT OR UPDATE OR DELETE ON project_origins FOR EACH ROW EXECUTE FUNCTION bump_revision();
--> statement-breakpoint
CREATE TRIGGER bump_revision AFTER INSERT OR UPDATE OR DELETE ON project_keys FOR EACH ROW EXECUTE FUNCTION bump_revision();
--> statement-breakpoint
CREATE TRIGGER bump_revision AFTER INSERT OR UPDATE OR DELETE ON project_networks FOR EACH ROW EXECUTE FUNCTION bump_revision();
--> statement-breakpoint
CREATE FUNCTION keep_previous_sponsor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.previous_sponsor_id := OLD.sponsor_id;
  NEW.sponsor_changed_at := now();
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER keep_previous_sponsor BEFORE UPDATE OF sponsor_id ON project_networks FOR EACH ROW
  WHEN (NEW.sponsor_id <> OLD.sponsor_id) EXECUTE FUNCTION keep_previous_sponsor();
--> statement-breakpoint
-- The addresses that may pay for a project: its own sponsor, and for five minutes the one before. No other project's.
CREATE FUNCTION accepted_sponsors(p_project_id text, p_network text) RETURNS SETOF text LANGUAGE sql STABLE AS $$
  SELECT s.address FROM project_networks n
    JOIN sponsors s ON s.id IN (n.sponsor_id, n.previous_sponsor_id) AND s.state <> 'retired'
      AND (s.id = n.sponsor_id OR n.sponsor_changed_at > now() - interval '5 minutes')
  WHERE n.project_id = p_project_id AND n.network = p_network
$$;
--> statement-breakpoint
CREATE FUNCTION wallets_of(p_project_id text, p_user_id text) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('wallet', wallet, 'linkedAt', linked_at) ORDER BY linked_at, wallet), '[]')
  FROM wallets WHERE project_id = p_project_id AND user_id = p_user_id
$$;
--> statement-breakpoint
-- Raises when what an isolate has cached of a project is not what holds now.
CREATE FUNCTION assert_project_current(p_project_id text, p_revision bigint, p_key_id text) RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_project projects%ROWTYPE;
BEGIN
  SELECT * INTO v_project FROM projects WHERE id = p_project_id;
  IF v_project.status IS DISTINCT FROM 'active' THEN
    RAISE EXCEPTION 'project_suspended' USING ERRCODE = 'GL004';
  END IF;
  IF NOT EXISTS (SELECT FROM project_keys WHERE id = p_key_id AND project_id = p_project_id AND revoked_at IS NULL) THEN
    RAISE EXCEPTION 'key_invalid' USING ERRCODE = 'GL005';
  END IF;
  IF v_project.revision <> p_revision THEN
    RAISE EXCEPTION 'stale' USING ERRCODE = 'GL001';
  END IF;
END
$$;
--> statement-breakpoint
-- Uses up a challenge and opens a session for the wallet's user, who is made when the wallet is new. All or nothing.
CREATE FUNCTION open_session(
  p_project_id text, p_revision bigint, p_key_id text, p_nonce text, p_challenge_expires_at timestamptz,
  p_new_user_id text, p_wallet text, p_network text, p_origin text, p_amr text[], p_session_id text,
  p_idle_seconds integer, p_absolute_seconds integer
) RETURNS TABLE (user_id text, wallets jsonb, created_at timestamptz, idle_expires_at timestamptz, expires_at timestamptz)
LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
#variable_conflict use_column
DECLARE
  v_user_id text;
BEGIN
  PERFORM assert_project_current(p_project_id, p_revision, p_key_id);
  INSERT INTO used_challenges (project_id, nonce, expires_at)
    SELECT p_project_id, p_nonce, p_challenge_expires_at WHERE p_challenge_expires_at > now() - interval '5 seconds'
    ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'challenge_used' USING ERRCODE = 'GL011';
  END IF;

  SELECT w.user_id INTO v_user_id FROM wallets w WHERE w.project_id = p_project_id AND w.wallet = p_wallet;
  IF NOT FOUND THEN
    INSERT INTO users (id, project_id) VALUES (p_new_user_id, p_project_id);
    INSERT INTO wallets (project_id, wallet, user_id) VALUES (p_project_id, p_wallet, p_new_user_id)
      ON CONFLICT (project_id, wallet) DO NOTHING;
    IF FOUND THEN
      v_user_id := p_new_user_id;
    ELSE
      DELETE FROM users WHERE id = p_new_user_id;
      SELECT w.user_id INTO v_user_id FROM wallets w WHERE w.project_id = p_project_id AND w.wallet = p_wallet;
    END IF;
  END IF;

  RETURN QUERY
    INSERT INTO sessions AS s (id, project_id, user_id, wallet, network, origin, amr, key_id, idle_expires_at, expires_at)
    VALUES (p_session_id, p_project_id, v_user_id, p_wallet, p_network, p_origin, p_amr, p_key_id,
      now() + make_interval(secs => p_idle_seconds), now() + make_interval(secs => p_absolute_seconds))
    RETURNING v_user_id, wallets_of(p_project_id, v_user_id), s.created_at, s.idle_expires_at, s.expires_at;
END
$$;
--> statement-breakpoint
-- Compare-and-swap on the refresh counter. Outcomes: rotated, repeated (the same successor again), reused (revoked
-- just now), revoked, expired, foreign_origin, invalid. Only the first three change or confirm anything.
CREATE FUNCTION refresh_session(
  p_project_id text, p_key_id text, p_session_id text, p_counter integer, p_origin text, p_repeat_seconds integer,
  p_idle_seconds integer
) RETURNS TABLE (
  outcome text, counter integer, user_id text, wallets jsonb, wallet text, network text, amr text[],
  created_at timestamptz, idle_expires_at timestamptz, expires_at timestamptz
) LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
#variable_conflict use_column
DECLARE
  v_session sessions%ROWTYPE;
  v_outcome text;
BEGIN
  SELECT * INTO v_session FROM sessions s WHERE s.id = p_session_id AND s.project_id = p_project_id FOR UPDATE;
  v_outcome := CASE
    WHEN NOT FOUND THEN 'invalid'
    WHEN v_session.origin <> p_origin THEN 'foreign_origin'
    WHEN v_session.revoked_at IS NOT NULL THEN 'revoked'
    WHEN v_session.idle_expires_at <= now() OR v_session.expires_at <= now() THEN 'expired'
    WHEN p_counter > v_session.refresh_counter THEN 'invalid'
    WHEN p_counter = v_session.refresh_counter THEN 'rotated'
    WHEN p_counter = v_session.refresh_counter - 1
      AND v_session.refreshed_at > now() - make_interval(secs => p_repeat_seconds) THEN 'repeated'
    ELSE 'reused'
  END;
  IF v_outcome = 'rotated' THEN
    UPDATE sessions s SET refresh_counter = p_counter + 1, refreshed_at = now(), key_id = p_key_id,
      idle_expires_at = least(now() + make_interval(secs => p_idle_seconds), s.expires_at)
    WHERE s.id = p_session_id RETURNING * INTO v_session;
  ELSIF v_outcome = 'reused' THEN
    UPDATE sessions s SET revoked_at = now() WHERE s.id = p_session_id RETURNING * INTO v_session;
  END IF;
  RETURN QUERY SELECT v_outcome, v_session.refresh_counter, v_session.user_id,
    wallets_of(p_project_id, v_session.user_id), v_session.wallet, v_session.network, v_session.amr,
    v_session.created_at, v_session.idle_expires_at, v_session.expires_at;
END
$$;
--> statement-breakpoint
-- Everything that must hold before a sponsor's key is touched, all or nothing: session, project, key, policy, sponsor,
-- deny entries, idempotency, the message's uniqueness and every limit. Outcomes: reserved; replay (this key has its
-- answer); abandoned (this key's request died before signing: settle that relay, then ask again).
CREATE FUNCTION reserve_relay(
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
    SELECT * FROM limits l WHERE l.project_id = p_project_id AND l.network = p_network ORDER BY l.id COLLATE "C"
  LOOP
    v_amount := CASE v_limit.unit WHEN 'relays' THEN 1 WHEN 'fee' THEN p_fee ELSE p_rent END;
    CONTINUE WHEN v_amount = 0;
    v_subject := CASE v_limit.subject_kind WHEN 'user' THEN p_user_id ELSE '' END;
    v_window_start := limit_window_start(v_limit.window);
    INSERT INTO limit_usage (limit_id, subject, window_start) VALUES (v_limit.id, v_subject, v_window_start)
      ON CONFLICT DO NOTHING;
    UPDATE limit_usage u SET held = u.held + v_amount
      WHERE u.limit_id = v_limit.id AND u.subject = v_subject AND u.window_start = v_window_start
        AND u.used + u.held + v_amount <= v_limit.amount;
    IF NOT FOUND THEN
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
-- The only way to `signed`, and only while the caller's lease runs by this clock. Null: the caller must drop its signature.
CREATE FUNCTION mark_signed(
  p_relay_id text, p_lease_token uuid, p_transaction bytea, p_transaction_id text, p_lifetime_end_height bigint,
  p_first_check_ms integer
) RETURNS timestamptz LANGUAGE sql SET lock_timeout = '2s' AS $$
  UPDATE relays SET state = 'signed', transaction = p_transaction, transaction_id = p_transaction_id,
    lifetime_end_height = p_lifetime_end_height, signed_at = clock_timestamp(), updated_at = clock_timestamp(),
    lease_token = NULL, lease_until = NULL,
    next_check_at = clock_timestamp() + make_interval(secs => p_first_check_ms / 1000.0)
  WHERE id = p_relay_id AND state = 'received' AND lease_token = p_lease_token AND lease_until > clock_timestamp()
  RETURNING signed_at
$$;
--> statement-breakpoint
-- Turns the open holds of settled relays into charges, in the same order of limits as reserve_relay().
CREATE FUNCTION settle_holds(p_relay_ids text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_usage record;
BEGIN
  FOR v_usage IN
    WITH charged AS (
      UPDATE relay_holds h SET charged = CASE
        WHEN r.state NOT IN ('finalized', 'failed') THEN 0
        WHEN h.unit = 'relays' THEN h.amount
        WHEN h.unit = 'fee' THEN r.charged_fee
        ELSE r.charged_rent
      END
      FROM relays r WHERE r.id = h.relay_id AND h.relay_id = ANY (p_relay_ids) AND h.charged IS NULL
      RETURNING h.limit_id, h.subject, h.window_start, h.amount, h.charged
    )
    SELECT limit_id, subject, window_start, sum(amount) AS held, sum(charged) AS used FROM charged
      GROUP BY limit_id, subject, window_start ORDER BY limit_id COLLATE "C", subject COLLATE "C", window_start
  LOOP
    UPDATE limit_usage u SET held = u.held - v_usage.held, used = u.used + v_usage.used
      WHERE u.limit_id = v_usage.limit_id AND u.subject = v_usage.subject AND u.window_start = v_usage.window_start;
  END LOOP;
END
$$;
--> statement-breakpoint
-- A refusal after the row exists: releases the holds and remembers the answer for the key. False: the lease was lost.
CREATE FUNCTION reject_relay(
  p_relay_id text, p_lease_token uuid, p_failure jsonb, p_refusal_status integer, p_refusal_body text
) RETURNS boolean LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
BEGIN
  UPDATE relays SET state = 'rejected', failure = p_failure, charged_fee = 0, charged_rent = 0,
    lease_token = NULL, lease_until = NULL, updated_at = clock_timestamp()
  WHERE id = p_relay_id AND state = 'received' AND lease_token = p_lease_token;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE idempotency_keys SET refusal_status = p_refusal_status, refusal_body = p_refusal_body
    WHERE relay_id = p_relay_id;
  PERFORM settle_holds(ARRAY[p_relay_id]);
  RETURN true;
END
$$;
--> statement-breakpoint
-- An infrastructure fault before signing: as if the request had never come, so that its key is free again.
CREATE FUNCTION abandon_relay(p_relay_id text, p_lease_token uuid) RETURNS boolean
LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
  v_hold record;
BEGIN
  PERFORM FROM relays WHERE id = p_relay_id AND state = 'received' AND lease_token = p_lease_token FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  FOR v_hold IN
    SELECT limit_id, subject, window_start, amount FROM relay_holds
      WHERE relay_id = p_relay_id AND charged IS NULL ORDER BY limit_id COLLATE "C", subject COLLATE "C"
  LOOP
    UPDATE limit_usage u SET held = u.held - v_hold.amount
      WHERE u.limit_id = v_hold.limit_id AND u.subject = v_hold.subject AND u.window_start = v_hold.window_start;
  END LOOP;
  DELETE FROM relays WHERE id = p_relay_id;
  RETURN true;
END
$$;
--> statement-breakpoint
-- Leases due relays of a network. Claiming a `received` relay whose lease has
-- died takes it from the request that made it: that request can no longer sign.
CREATE FUNCTION claim_relays(
  p_network text, p_limit integer, p_lease_token uuid, p_lease_seconds integer
) RETURNS SETOF relays LANGUAGE sql SET lock_timeout = '2s' AS $$
  -- statement_timestamp() is stable: unlike clock_timestamp(), it can bound the scan of the index of due relays.
  UPDATE relays r SET lease_token = p_lease_token, checks = r.checks + 1,
    lease_until = clock_timestamp() + make_interval(secs => p_lease_seconds),
    next_check_at = clock_timestamp() + make_interval(secs => p_lease_seconds)
  FROM (
    SELECT id FROM relays
      WHERE network = p_network AND state IN ('received', 'signed', 'submitted', 'confirmed')
        AND next_check_at <= statement_timestamp()
        AND (lease_until IS NULL OR lease_until <= statement_timestamp())
      ORDER BY next_check_at LIMIT p_limit FOR UPDATE SKIP LOCKED
  ) due
  WHERE r.id = due.id
  RETURNING r.*
$$;
--> statement-breakpoint
-- The same for one relay, if it is due: for somebody who waits for it.
CREATE FUNCTION claim_relay(p_network text, p_relay_id text, p_lease_token uuid, p_lease_seconds integer)
RETURNS SETOF relays LANGUAGE sql SET lock_timeout = '2s' AS $$
  UPDATE relays r SET lease_token = p_lease_token, checks = r.checks + 1,
    lease_until = clock_timestamp() + make_interval(secs => p_lease_seconds),
    next_check_at = clock_timestamp() + make_interval(secs => p_lease_seconds)
  FROM (
    SELECT id FROM relays
      WHERE id = p_relay_id AND network = p_network AND state IN ('received', 'signed', 'submitted', 'confirmed')
        AND next_check_at <= statement_timestamp()
        AND (lease_until IS NULL OR lease_until <= statement_timestamp())
      FOR UPDATE SKIP LOCKED
  ) due
  WHERE r.id = due.id
  RETURNING r.*
$$;
--> statement-breakpoint
-- Writes what a check found of the relays it leased, and settles those that have ended. Each change:
-- {id, state, slot?, chargedFee?, chargedRent?, failure?, checkAfterMs}. Returns the ids it changed.
CREATE FUNCTION settle_relays(p_lease_token uuid, p_changes jsonb) RETURNS text[]
LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
  v_changed text[];
  v_ended text[];
BEGIN
  WITH changed AS (
    UPDATE relays r SET
      -- `signed` says no more than "not seen yet": the request may have marked it submitted meanwhile.
      state = CASE c.state WHEN 'signed' THEN r.state ELSE c.state END,
      slot = CASE WHEN c.state IN ('signed', 'submitted') THEN NULL ELSE coalesce(c.slot, r.slot) END,
      charged_fee = c."chargedFee", charged_rent = c."chargedRent", failure = c.failure,
      lease_token = NULL, lease_until = NULL,
      next_check_at = clock_timestamp() + make_interval(secs => c."checkAfterMs" / 1000.0),
      updated_at = CASE WHEN c.state NOT IN ('signed', r.state) THEN clock_timestamp() ELSE r.updated_at END
    FROM jsonb_to_recordset(p_changes) AS c(
      id text, state text, slot bigint, "chargedFee" numeric, "chargedRent" numeric, failure jsonb, "checkAfterMs" integer)
    WHERE r.id = c.id AND r.lease_token = p_lease_token AND r.state IN ('received', 'signed', 'submitted', 'confirmed')
      AND (r.state = 'received') = (c.state = 'rejected')
    RETURNING r.id, r.state
  )
  SELECT array_agg(id), array_agg(id) FILTER (WHERE state IN ('finalized', 'rejected', 'failed', 'expired'))
    INTO v_changed, v_ended FROM changed;
  IF v_ended IS NOT NULL THEN
    -- Nothing was signed for a rejected one: its key is free, and the same bytes may come again.
    DELETE FROM idempotency_keys k USING relays r
      WHERE k.relay_id = r.id AND r.id = ANY (v_ended) AND r.state = 'rejected';
    PERFORM settle_holds(v_ended);
  END IF;
  RETURN coalesce(v_changed, '{}');
END
$$;
--> statement-breakpoint
CREATE FUNCTION allowance(p_project_id text, p_network text, p_user_id text) RETURNS TABLE (
  "window" text, unit text, "limit" numeric, used numeric, held numeric, resets_at timestamptz
) LANGUAGE sql STABLE AS $$
  SELECT l.window, l.unit, l.amount, coalesce(u.used, 0), coalesce(u.held, 0), limit_window_end(l.window)
  FROM limits l
    LEFT JOIN limit_usage u ON u.limit_id = l.id AND u.subject = p_user_id AND u.window_start = limit_window_start(l.window)
  WHERE l.project_id = p_project_id AND l.network = p_network AND l.subject_kind = 'user'
  ORDER BY l.unit, l.amount
$$;
--> statement-breakpoint
-- Removes what has outlived its use, at most p_limit rows of each kind. Returns how many went.
CREATE FUNCTION purge_expired(p_limit integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  v_challenges integer;
  v_keys integer;
BEGIN
  DELETE FROM used_challenges WHERE (project_id, nonce) IN (
    SELECT project_id, nonce FROM used_challenges WHERE expires_at < now() - interval '1 minute' LIMIT p_limit);
  GET DIAGNOSTICS v_challenges = ROW_COUNT;
  DELETE FROM idempotency_keys WHERE (project_id, user_id, route, key) IN (
    SELECT project_id, user_id, route, key FROM idempotency_keys WHERE expires_at < now() LIMIT p_limit);
  GET DIAGNOSTICS v_keys = ROW_COUNT;
  RETURN v_challenges + v_keys;
END
$$;
