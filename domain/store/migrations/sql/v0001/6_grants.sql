GRANT USAGE ON SCHEMA log TO bihuan_command, bihuan_reader, bihuan_projector;
GRANT SELECT ON ALL TABLES IN SCHEMA log TO bihuan_command, bihuan_projector;
GRANT EXECUTE ON FUNCTION log.now() TO bihuan_command, bihuan_reader, bihuan_projector;
GRANT EXECUTE ON FUNCTION
  log.append_events(uuid, bytea, bytea, uuid[], text[], integer[], text[], bytea[], timestamptz[])
  TO bihuan_command;

GRANT USAGE ON SCHEMA vault TO bihuan_command, bihuan_reader;
GRANT SELECT ON vault.person_keys TO bihuan_command, bihuan_reader;
GRANT INSERT ON vault.person_keys TO bihuan_command;

GRANT USAGE ON SCHEMA auth TO bihuan_command;
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.credentials, auth.sessions TO bihuan_command;

GRANT USAGE ON SCHEMA read TO bihuan_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE bihuan_projector IN SCHEMA read
  GRANT SELECT ON TABLES TO bihuan_reader;
