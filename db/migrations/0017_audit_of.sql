-- Of a change the log keeps what differs, and what tells which row it is: a key's id says little a year later.
CREATE OR REPLACE FUNCTION audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_old jsonb := CASE WHEN TG_OP <> 'INSERT' THEN audit_view(to_jsonb(OLD)) END;
  v_new jsonb := CASE WHEN TG_OP <> 'DELETE' THEN audit_view(to_jsonb(NEW)) END;
  v_row jsonb := coalesce(v_new, v_old);
  v_details jsonb;
  v_of jsonb;
  v_action text;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    v_action := 'changed';
    SELECT jsonb_build_object('before', jsonb_object_agg(key, v_old -> key), 'after', jsonb_object_agg(key, value))
      INTO v_details FROM jsonb_each(v_new) WHERE value IS DISTINCT FROM v_old -> key HAVING count(*) > 0;
    IF v_details IS NULL THEN
      RETURN NULL;
    END IF;
    SELECT jsonb_object_agg(key, value) INTO v_of FROM jsonb_each(v_new)
      WHERE key IN ('name', 'kind', 'last_four', 'network', 'address', 'wallet', 'subject_kind', 'window', 'unit')
        AND key <> TG_ARGV[2] AND value = v_old -> key AND value NOT IN ('null', '""');
    v_details := v_details || jsonb_strip_nulls(jsonb_build_object('of', v_of));
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
