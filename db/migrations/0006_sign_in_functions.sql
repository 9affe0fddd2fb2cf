-- Sessions are bound to keys, and users have more than one wallet. What a project could do before, it can do still.
UPDATE projects SET address_sign_ins_per_minute = address_requests_per_minute;
--> statement-breakpoint
-- Whose budgets a wallet's relays count against: its own user's when it was new, and the same for ever after.
CREATE FUNCTION budget_subject(p_project_id text, p_user_id text, p_wallet text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT w.budget_subject FROM wallets w
    WHERE w.project_id = p_project_id AND w.wallet = p_wallet AND w.user_id = p_user_id), p_user_id)
$$;
--> statement-breakpoint
-- The same of a wallet that comes to a user: what it had before it was taken from another one, else the given one.
CREATE FUNCTION former_subject(p_project_id text, p_wallet text, p_subject text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT f.budget_subject FROM former_wallets f
    WHERE f.project_id = p_project_id AND f.wallet = p_wallet), p_subject)
$$;
--> statement-breakpoint
-- One at a time for each wallet: who comes second sees what the first has left, former budgets too.
CREATE FUNCTION lock_wallet(p_project_id text, p_wallet text) RETURNS void LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock(hashtextextended(concat_ws(' ', 'wallet', p_project_id, p_wallet), 0))
$$;
--> statement-breakpoint
-- Raises when the challenge was used before, or is long over. Whoever issued it and whoever verifies it may have clocks
-- of their own, minutes from this one: that it has expired is for them to say, and its row stays for as long as one of
-- them could be wrong.
CREATE FUNCTION use_challenge(p_project_id text, p_nonce text, p_expires_at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO used_challenges (project_id, nonce, expires_at)
    SELECT p_project_id, p_nonce, p_expires_at + interval '15 minutes' WHERE p_expires_at + interval '15 minutes' > now()
    ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'challenge_used' USING ERRCODE = 'GL011';
  END IF;
END
$$;
--> statement-breakpoint
DROP FUNCTION open_session(text, bigint, text, text, timestamptz, text, text, text, text, text[], text, integer, integer);
--> statement-breakpoint
-- Uses up a challenge and opens a session for the wallet's user, who is made when the wallet is new. All or nothing.
CREATE FUNCTION open_session(
  p_project_id text, p_revision bigint, p_key_id text, p_nonce text, p_challenge_expires_at timestamptz,
  p_new_user_id text, p_wallet text, p_network text, p_origin text, p_amr text[], p_session_id text,
  p_key_thumbprint text, p_idle_seconds integer, p_absolute_seconds integer
) RETURNS TABLE (user_id text, wallets jsonb, created_at timestamptz, idle_expires_at timestamptz, expires_at timestamptz)
LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
#variable_conflict use_column
DECLARE
  v_user_id text;
BEGIN
  PERFORM assert_project_current(p_project_id, p_revision, p_key_id);
  PERFORM use_challenge(p_project_id, p_nonce, p_challenge_expires_at);

  PERFORM lock_wallet(p_project_id, p_wallet);
  -- Locked, so that a wallet cannot be taken from its user between here and the session.
  SELECT w.user_id INTO v_user_id FROM wallets w WHERE w.project_id = p_project_id AND w.wallet = p_wallet FOR KEY SHARE;
  IF NOT FOUND THEN
    INSERT INTO users (id, project_id) VALUES (p_new_user_id, p_project_id);
    INSERT INTO wallets (project_id, wallet, user_id, budget_subject)
      VALUES (p_project_id, p_wallet, p_new_user_id, former_subject(p_project_id, p_wallet, p_new_user_id))
      ON CONFLICT (project_id, wallet) DO NOTHING;
    IF FOUND THEN
      v_user_id := p_new_user_id;
    ELSE
      DELETE FROM users WHERE id = p_new_user_id;
      SELECT w.user_id INTO v_user_id FROM wallets w
        WHERE w.project_id = p_project_id AND w.wallet = p_wallet FOR KEY SHARE;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'stale' USING ERRCODE = 'GL001';
      END IF;
    END IF;
  END IF;

  RETURN QUERY
    INSERT INTO sessions AS s (
      id, project_id, user_id, wallet, network, origin, amr, key_id, key_thumbprint, idle_expires_at, expires_at)
    VALUES (p_session_id, p_project_id, v_user_id, p_wallet, p_network, p_origin, p_amr, p_key_id, p_key_thumbprint,
      now() + make_interval(secs => p_idle_seconds), now() + make_interval(secs => p_absolute_seconds))
    RETURNING v_user_id, wallets_of(p_project_id, v_user_id), s.created_at, s.idle_expires_at, s.expires_at;
END
$$;
--> statement-breakpoint
DROP FUNCTION refresh_session(text, text, text, integer, text, integer, integer);
--> statement-breakpoint
-- Compare-and-swap on the refresh counter. Outcomes: rotated, repeated (the same successor again: of a session that is
-- bound to a key at any time), reused (revoked just now), revoked, expired, foreign_origin, foreign_key (not the key
-- that the session is bound to, or none), invalid. Only the first three change or confirm anything.
CREATE FUNCTION refresh_session(
  p_project_id text, p_key_id text, p_session_id text, p_counter integer, p_origin text, p_key_thumbprint text,
  p_repeat_seconds integer, p_idle_seconds integer
) RETURNS TABLE (
  outcome text, counter integer, user_id text, wallets jsonb, wallet text, network text, amr text[], key_thumbprint text,
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
    WHEN v_session.key_thumbprint IS NOT NULL AND v_session.key_thumbprint IS DISTINCT FROM p_key_thumbprint
      THEN 'foreign_key'
    WHEN v_session.revoked_at IS NOT NULL THEN 'revoked'
    WHEN v_session.idle_expires_at <= now() OR v_session.expires_at <= now() THEN 'expired'
    WHEN p_counter > v_session.refresh_counter THEN 'invalid'
    WHEN p_counter = v_session.refresh_counter THEN 'rotated'
    WHEN p_counter = v_session.refresh_counter - 1 AND (v_session.key_thumbprint IS NOT NULL
      OR v_session.refreshed_at > now() - make_interval(secs => p_repeat_seconds)) THEN 'repeated'
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
    v_session.key_thumbprint, v_session.created_at, v_session.idle_expires_at, v_session.expires_at;
END
$$;
--> statement-breakpoint
-- Uses up a challenge and gives a user one more wallet, or says since when they have it. All or nothing.
CREATE FUNCTION link_wallet(
  p_project_id text, p_user_id text, p_session_id text, p_nonce text, p_challenge_expires_at timestamptz,
  p_wallet text, p_max_wallets integer
) RETURNS TABLE (linked_at timestamptz) LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
#variable_conflict use_column
DECLARE
  v_wallet wallets%ROWTYPE;
  v_session sessions%ROWTYPE;
BEGIN
  -- One at a time for each user: how many wallets they have is looked at below.
  PERFORM FROM users u WHERE u.id = p_user_id AND u.project_id = p_project_id FOR NO KEY UPDATE;
  -- Locked: signing out everywhere waits, or is seen.
  SELECT * INTO v_session FROM sessions s WHERE s.id = p_session_id AND s.project_id = p_project_id
    AND s.user_id = p_user_id AND s.revoked_at IS NULL AND s.idle_expires_at > now() AND s.expires_at > now() FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'session_revoked' USING ERRCODE = 'GL002';
  END IF;
  IF NOT EXISTS (SELECT FROM projects p WHERE p.id = p_project_id AND p.status = 'active') THEN
    RAISE EXCEPTION 'project_suspended' USING ERRCODE = 'GL004';
  END IF;
  PERFORM use_challenge(p_project_id, p_nonce, p_challenge_expires_at);
  PERFORM lock_wallet(p_project_id, p_wallet);
  INSERT INTO wallets (project_id, wallet, user_id, budget_subject, is_budget_shared)
    VALUES (p_project_id, p_wallet, p_user_id,
      former_subject(p_project_id, p_wallet, budget_subject(p_project_id, p_user_id, v_session.wallet)),
      NOT EXISTS (SELECT FROM former_wallets f WHERE f.project_id = p_project_id AND f.wallet = p_wallet))
    ON CONFLICT (project_id, wallet) DO NOTHING;
  SELECT * INTO v_wallet FROM wallets w WHERE w.project_id = p_project_id AND w.wallet = p_wallet;
  IF v_wallet.user_id IS DISTINCT FROM p_user_id THEN
    RAISE EXCEPTION 'wallet_taken' USING ERRCODE = 'GL014';
  END IF;
  IF (SELECT count(*) FROM wallets w WHERE w.project_id = p_project_id AND w.user_id = p_user_id) > p_max_wallets THEN
    RAISE EXCEPTION 'wallet_limit' USING ERRCODE = 'GL016', DETAIL = jsonb_build_object('limit', p_max_wallets)::text;
  END IF;
  RETURN QUERY SELECT v_wallet.linked_at;
END
$$;
--> statement-breakpoint
-- Takes a wallet from its user and ends the sessions that it opened. Budgets that it brought along go with it; of those
-- that it shared by being linked it has no more, but its own from now on. False: the user does not have it.
CREATE FUNCTION unlink_wallet(p_project_id text, p_user_id text, p_session_id text, p_wallet text) RETURNS boolean
LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
BEGIN
  PERFORM FROM users u WHERE u.id = p_user_id AND u.project_id = p_project_id FOR NO KEY UPDATE;
  PERFORM FROM sessions s WHERE s.id = p_session_id AND s.project_id = p_project_id
    AND s.user_id = p_user_id AND s.revoked_at IS NULL AND s.idle_expires_at > now() AND s.expires_at > now() FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'session_revoked' USING ERRCODE = 'GL002';
  END IF;
  PERFORM lock_wallet(p_project_id, p_wallet);
  IF NOT EXISTS (SELECT FROM wallets w
      WHERE w.project_id = p_project_id AND w.user_id = p_user_id AND w.wallet = p_wallet) THEN
    RETURN false;
  END IF;
  IF (SELECT count(*) FROM wallets w WHERE w.project_id = p_project_id AND w.user_id = p_user_id) = 1 THEN
    RAISE EXCEPTION 'wallet_last' USING ERRCODE = 'GL015';
  END IF;
  INSERT INTO former_wallets (project_id, wallet, budget_subject)
    SELECT p_project_id, p_wallet, CASE WHEN w.is_budget_shared THEN 'wallet ' || p_wallet ELSE w.budget_subject END
      FROM wallets w WHERE w.project_id = p_project_id AND w.wallet = p_wallet
    ON CONFLICT (project_id, wallet) DO UPDATE SET budget_subject = excluded.budget_subject, unlinked_at = now();
  DELETE FROM wallets w WHERE w.project_id = p_project_id AND w.user_id = p_user_id AND w.wallet = p_wallet;
  -- Behind the deletion, which waits for a sign-in that is under way: that one's session is seen here.
  UPDATE sessions s SET revoked_at = now()
    WHERE s.project_id = p_project_id AND s.user_id = p_user_id AND s.wallet = p_wallet AND s.revoked_at IS NULL;
  RETURN true;
END
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
  v_user_subject text;
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

  -- Locked, so that the wallet is the user's, with these budgets, until all is held.
  SELECT w.budget_subject INTO v_user_subject FROM wallets w
    WHERE w.project_id = p_project_id AND w.wallet = v_session.wallet AND w.user_id = p_user_id FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'session_revoked' USING ERRCODE = 'GL002';
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
      WHEN 'user' THEN v_user_subject WHEN 'policy' THEN 'version ' || p_policy_version ELSE '' END;
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
