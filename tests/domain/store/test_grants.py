"""Who may do what, as a table: a change here is a change of the security model."""

from uuid import uuid4

import psycopg
import pytest

from domain.store import EventStore
from tests.conftest import Database
from tests.domain.store.given import append, event

ROLES = ("command", "reader", "projector")
PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
READ = {"SELECT"}
READ_ADD = {"SELECT", "INSERT"}
READ_WRITE = {"SELECT", "INSERT", "UPDATE", "DELETE"}

TABLES = {
    "auth.credentials": {"command": READ_WRITE},
    "auth.sessions": {"command": READ_WRITE},
    "auth.guesses": {"command": READ_WRITE},
    "auth.devices": {"command": READ_WRITE},
    "feed.positions": {"command": READ | {"INSERT", "UPDATE"}, "reader": READ},
    "log.clock": {"command": READ, "projector": READ},
    "log.commands": {"command": READ, "projector": READ},
    "log.events": {"command": READ, "projector": READ},
    "log.facts": {"command": READ, "projector": READ},
    "log.head": {"command": READ, "projector": READ},
    "vault.person_keys": {"command": READ_ADD, "reader": READ},
}
FUNCTIONS = {
    "log.append_events": {"command"},
    "log.now": {"command", "reader", "projector"},
    "log.refuse_change": set(),
    "log.skip_clock": set(),
    "vault.destroy_key": set(),
}
OURS = ["auth", "feed", "log", "read", "vault"]


def test_tables(admin: psycopg.Connection) -> None:
    rows = admin.execute(
        "SELECT n.nspname || '.' || c.relname, role, privilege"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,"
        " unnest(%s::text[]) AS role, unnest(%s::text[]) AS privilege"
        " WHERE n.nspname = ANY(%s) AND c.relkind IN ('r', 'v', 'm', 'p', 'S')"
        " AND has_table_privilege('bihuan_' || role, c.oid, privilege)",
        (list(ROLES), list(PRIVILEGES), OURS),
    ).fetchall()
    expected = {
        (table, role, privilege)
        for table, grants in TABLES.items()
        for role, privileges in grants.items()
        for privilege in privileges
    }
    assert set(rows) == expected


def test_every_table_is_in_the_matrix(admin: psycopg.Connection) -> None:
    rows = admin.execute(
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n"
        " ON n.oid = c.relnamespace"
        " WHERE n.nspname = ANY(%s) AND c.relkind IN ('r', 'v', 'm', 'p')",
        (OURS,),
    ).fetchall()
    assert {name for (name,) in rows} == set(TABLES)


def test_functions(admin: psycopg.Connection) -> None:
    rows = admin.execute(
        "SELECT n.nspname || '.' || p.proname, role,"
        " has_function_privilege('bihuan_' || role, p.oid, 'EXECUTE')"
        " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace,"
        " unnest(%s::text[]) AS role WHERE n.nspname = ANY(%s)",
        (list(ROLES), OURS),
    ).fetchall()
    assert {name for name, _, _ in rows} == set(FUNCTIONS)
    for name, role, may in rows:
        assert may == (role in FUNCTIONS[name]), (name, role)


def test_definer_functions_cannot_be_led_astray(admin: psycopg.Connection) -> None:
    rows = admin.execute(
        "SELECT p.proname, p.proconfig FROM pg_proc p JOIN pg_namespace n"
        " ON n.oid = p.pronamespace WHERE n.nspname = ANY(%s)",
        (OURS,),
    ).fetchall()
    assert {tuple(config) for _, config in rows} == {("search_path=pg_catalog, pg_temp",)}


def test_roles_have_no_power_of_their_own(admin: psycopg.Connection) -> None:
    rows = admin.execute(
        "SELECT rolname, rolcanlogin FROM pg_roles WHERE rolname LIKE 'bihuan%' AND NOT"
        " (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)"
    ).fetchall()
    assert dict(rows) == {
        "bihuan_owner": False,
        "bihuan_command": True,
        "bihuan_reader": True,
        "bihuan_projector": True,
    }


def test_a_stranger_cannot_even_connect(admin: psycopg.Connection) -> None:
    admin.execute("CREATE ROLE stranger LOGIN")
    try:
        row = admin.execute(
            "SELECT has_database_privilege('stranger', current_database(), 'CONNECT')"
        ).fetchone()
        assert row == (False,)
    finally:
        admin.execute("DROP ROLE stranger")


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE log.events SET state = ''",
        "DELETE FROM log.events",
        "TRUNCATE log.events",
        "INSERT INTO log.commands SELECT * FROM log.commands",
        "INSERT INTO log.events SELECT * FROM log.events",
        "UPDATE log.head SET seq = 0",
        "UPDATE log.clock SET skip = '1 day'",
        "SELECT log.skip_clock('1 day')",
        "SELECT vault.destroy_key(gen_random_uuid())",
        "DELETE FROM vault.person_keys",
        "CREATE TABLE public.mine (x int)",
        "CREATE TABLE log.mine (x int)",
        "ALTER TABLE log.events DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
    ],
)
@pytest.mark.parametrize("role", ROLES)
def test_no_application_role_gets_around_the_function(
    database: Database, store: EventStore, role: str, act: str
) -> None:
    append(store, event(uuid4(), 1))
    with (
        psycopg.connect(getattr(database, role)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(act)


def test_the_projector_makes_tables_that_the_reader_reads(fresh: Database) -> None:
    with psycopg.connect(fresh.projector, autocommit=True) as connection:
        connection.execute("CREATE TABLE read.cases AS SELECT 1 AS id")
    with psycopg.connect(fresh.reader, autocommit=True) as connection:
        assert connection.execute("SELECT id FROM read.cases").fetchone() == (1,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM read.cases")
