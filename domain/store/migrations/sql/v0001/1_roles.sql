-- Roles belong to the whole cluster: another database may have made them, or may be making them now.
DO $$
DECLARE
  wanted record;
BEGIN
  FOR wanted IN
    SELECT * FROM (VALUES
      ('bihuan_owner', 'NOLOGIN'),      -- owns log, vault and auth; nobody signs in as it
      ('bihuan_command', 'LOGIN'),      -- decides and appends
      ('bihuan_reader', 'LOGIN'),       -- reads what people see
      ('bihuan_projector', 'LOGIN')     -- computes what people see
    ) AS role(name, login)
  LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
      BEGIN
        EXECUTE format(
          'CREATE ROLE %I %s NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS',
          wanted.name, wanted.login);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;  -- the other database was first
      END;
    END IF;
  END LOOP;
END $$;

DO $$
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format(
    'GRANT CONNECT ON DATABASE %I TO bihuan_command, bihuan_reader, bihuan_projector',
    current_database());
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;

CREATE SCHEMA log AUTHORIZATION bihuan_owner;
CREATE SCHEMA vault AUTHORIZATION bihuan_owner;
CREATE SCHEMA auth AUTHORIZATION bihuan_owner;
CREATE SCHEMA read AUTHORIZATION bihuan_projector;

-- PostgreSQL lets everyone execute a new function; here nobody may unless told so.
ALTER DEFAULT PRIVILEGES FOR ROLE bihuan_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
