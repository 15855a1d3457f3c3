SET LOCAL ROLE bihuan_owner;

CREATE TABLE auth.credentials (
  account text PRIMARY KEY,
  password_hash text NOT NULL,
  failed integer NOT NULL DEFAULT 0 CHECK (failed >= 0),
  locked_until timestamptz,
  changed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE auth.credentials IS '登录凭据与失败锁定';

-- Idle and longest life are checked against last_seen and expires_at by the API.
CREATE TABLE auth.sessions (
  token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
  account text NOT NULL REFERENCES auth.credentials ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('page', 'machine')),
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL CHECK (expires_at > created_at)
);
CREATE INDEX sessions_by_account ON auth.sessions (account, kind);
CREATE INDEX sessions_by_end ON auth.sessions (expires_at);
COMMENT ON TABLE auth.sessions IS '服务器端会话；只存令牌的哈希';

RESET ROLE;
