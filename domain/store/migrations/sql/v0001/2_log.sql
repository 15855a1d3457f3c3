SET LOCAL ROLE bihuan_owner;

CREATE TABLE log.events (
  seq bigint PRIMARY KEY,
  stream uuid NOT NULL,
  kind text NOT NULL CHECK (kind !~ '[[:cntrl:]]'),
  version integer NOT NULL CHECK (version > 0),
  topic text NOT NULL CHECK (topic !~ '[[:cntrl:]]'),
  state bytea NOT NULL,
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  command_id uuid,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  UNIQUE (stream, version)
);
COMMENT ON TABLE log.events IS '事件日志：只增不改';
COMMENT ON COLUMN log.events.state IS '事件内容（JSON 原文，个人信息已加密）';
COMMENT ON COLUMN log.events.hash IS '哈希链：sha256(上一条哈希 || 表头 || 内容)，见 domain/store/chain.py';

CREATE TABLE log.commands (
  command_id uuid PRIMARY KEY,
  request_hash bytea NOT NULL,
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  result bytea NOT NULL,
  recorded_at timestamptz NOT NULL,
  CHECK (last_seq >= first_seq - 1)
);
COMMENT ON TABLE log.commands IS '已受理的操作及其首次答复';

-- One row; it is the only lock of the log. Room on the page keeps its updates in place.
CREATE TABLE log.head (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  seq bigint NOT NULL,
  hash bytea NOT NULL,
  recorded_at timestamptz NOT NULL
) WITH (fillfactor = 10);
INSERT INTO log.head (seq, hash, recorded_at)
VALUES (0, decode(repeat('00', 32), 'hex'), '-infinity');
COMMENT ON TABLE log.head IS '日志末端';

CREATE TABLE log.clock (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  skip interval NOT NULL
);
INSERT INTO log.clock (skip) VALUES ('0');
COMMENT ON TABLE log.clock IS '时钟偏移：生产环境恒为零';

CREATE FUNCTION log.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '日志只增不改：% on %.%', tg_op, tg_table_schema, tg_table_name
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON log.events
  FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON log.commands
  FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();

CREATE FUNCTION log.now() RETURNS timestamptz
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
RETURN clock_timestamp() + (SELECT skip FROM log.clock);

-- Seconds only: a day must not change its length with the session's time zone.
CREATE FUNCTION log.skip_clock(ahead interval) RETURNS timestamptz
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  UPDATE log.clock SET skip = skip + make_interval(secs => extract(epoch FROM ahead)::float8);
  SELECT log.now();
END;

CREATE VIEW log.facts WITH (security_invoker = true) AS
SELECT seq, stream, kind, version, topic, occurred_at, recorded_at, command_id,
       convert_from(state, 'UTF8')::jsonb AS state
FROM log.events;
COMMENT ON VIEW log.facts IS '事件日志的 JSONB 视图，用于统计核对';

RESET ROLE;
