CREATE TABLE "usage_sponsors" (
	"sponsor_id" text NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"spent" numeric(78, 0) NOT NULL,
	CONSTRAINT "usage_sponsors_sponsor_id_hour_pk" PRIMARY KEY("sponsor_id","hour")
);
--> statement-breakpoint
ALTER TABLE "limits" ADD COLUMN "removed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "usage_sponsors" ADD CONSTRAINT "usage_sponsors_sponsor_id_sponsors_id_fk" FOREIGN KEY ("sponsor_id") REFERENCES "public"."sponsors"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "usage_sponsors_hour" ON "usage_sponsors" USING btree ("hour");
--> statement-breakpoint
-- As before, without the budgets that were taken away.
CREATE OR REPLACE FUNCTION reserve_relay(
  p_relay_id text, p_project_id text, p_revision bigint, p_user_id text, p_session_id text, p_network text,
  p_policy_version integer, p_sponsor text, p_route text, p_key text, p_fingerprint bytea, p_message_hash bytea,
  p_transaction bytea, p_accounts text[], p_fee numeric, p_rent numeric, p_lease_token uuid, p_lease_seconds integer,
  p_key_seconds integer, p_allotments text[] DEFAULT '{}'
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
  v_item text;
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

  -- Once for each user: who waits here for another relay of theirs finds out how that one goes.
  FOR v_item IN SELECT DISTINCT item COLLATE "C" AS item FROM unnest(p_allotments) item ORDER BY 1 LOOP
    INSERT INTO allotments AS a (project_id, network, subject, item, relay_id)
      VALUES (p_project_id, p_network, v_user_subject, v_item, p_relay_id)
      ON CONFLICT (project_id, network, subject, item) DO UPDATE SET relay_id = p_relay_id, given_at = now()
        WHERE EXISTS (SELECT FROM relays r WHERE r.id = a.relay_id AND r.state IN ('rejected', 'expired'));
    IF NOT FOUND THEN
      RAISE EXCEPTION 'allotment_given' USING ERRCODE = 'GL017', DETAIL = jsonb_build_object('allotment', v_item)::text;
    END IF;
  END LOOP;

  -- One order for everybody, (limit id, subject), or two relays could wait for each other.
  FOR v_limit IN
    SELECT * FROM limits l
      WHERE (l.project_id = p_project_id OR l.sponsor_id = v_sponsor_id) AND l.network = p_network
        AND l.removed_at IS NULL
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
--> statement-breakpoint
CREATE OR REPLACE FUNCTION preview_relay(
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
    LEFT JOIN limits l ON l.network = p_network AND l.removed_at IS NULL AND (l.project_id = p_project_id
      OR l.sponsor_id = (SELECT s.id FROM sponsors s WHERE s.network = p_network AND s.address = p_sponsor
        AND p_sponsor IN (SELECT accepted_sponsors(p_project_id, p_network))))
    LEFT JOIN limit_usage u ON u.limit_id = l.id AND u.window_start = limit_window_start(l.window)
      AND u.subject = CASE l.subject_kind WHEN 'user' THEN p_user_id
        WHEN 'policy' THEN 'version ' || p_policy_version ELSE '' END
  ORDER BY l.subject_kind, l.unit, l.amount
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION allowance(p_project_id text, p_network text, p_user_id text) RETURNS TABLE (
  "window" text, unit text, "limit" numeric, used numeric, held numeric, resets_at timestamptz
) LANGUAGE sql STABLE AS $$
  SELECT l.window, l.unit, l.amount, coalesce(u.used, 0), coalesce(u.held, 0), limit_window_end(l.window)
  FROM limits l
    LEFT JOIN limit_usage u ON u.limit_id = l.id AND u.subject = p_user_id AND u.window_start = limit_window_start(l.window)
  WHERE l.project_id = p_project_id AND l.network = p_network AND l.subject_kind = 'user'
    AND l.removed_at IS NULL
  ORDER BY l.unit, l.amount
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION is_sponsor_spent(p_sponsor_id text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM limits l
      JOIN limit_usage u ON u.limit_id = l.id AND u.subject = '' AND u.window_start = limit_window_start(l.window)
    WHERE l.sponsor_id = p_sponsor_id AND l.removed_at IS NULL AND u.used + u.held >= l.amount * 0.98
  )
$$;
--> statement-breakpoint
-- What there is already, for whoever comes from a version that did not sum it up.
SELECT refresh_usage(h.hour) FROM (
  SELECT date_trunc('hour', created_at, 'UTC') AS hour FROM relays WHERE created_at > now() - interval '31 days'
  UNION SELECT date_trunc('hour', decided_at, 'UTC') FROM decisions) h;
