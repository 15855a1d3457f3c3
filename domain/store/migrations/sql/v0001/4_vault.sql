SET LOCAL ROLE bihuan_owner;

CREATE TABLE vault.person_keys (
  person uuid PRIMARY KEY,
  wrapped_key bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE vault.person_keys IS '每人一把数据密钥，由库外主密钥包裹；销毁密钥即删除其个人信息';

-- Erasure (个人信息保护法第四十七条): without its key, what was sealed stays closed for ever.
CREATE FUNCTION vault.destroy_key(of_person uuid) RETURNS boolean
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  WITH gone AS (DELETE FROM vault.person_keys WHERE person = of_person RETURNING person)
  SELECT count(*) > 0 FROM gone;
END;

RESET ROLE;
