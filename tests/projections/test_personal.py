"""No personal data in clear in any column of the schema ``read`` (I12)."""

import psycopg

from domain.store import EventStore, PersonVault
from tests.domain import walk, world
from tests.projections.helpers import DISTRICT, City, inspected, only

CANARIES = ("颛孙无咎", "13900008888", "端木签收")


def everything(city: City) -> str:
    """Every row of every table of the schema, as text."""
    with psycopg.connect(city.database.owner) as connection:
        names = connection.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'read'"
        ).fetchall()
        return "\n".join(
            str(line)
            for (name,) in names
            for line in connection.execute(f"TABLE {name}".encode()).fetchall()
        )


def test_names_and_phones_are_nowhere_in_clear(city: City) -> None:
    play = city.play
    play.does(
        world.ROOT,
        "register-enterprise",
        uscc=world.USCC,
        name="青禾示例机械有限公司",
        unit=world.TOWN,
        principal=CANARIES[0],
        phone=CANARIES[1],
    )
    play.does(world.ROOT, "register-person", account="canary", name=CANARIES[0], unit=world.TOWN)
    inspected(play, DISTRICT, "一般")
    document = walk.order(play, H1="2026-03-20")
    play.does("insp1", "serve-document", document=document, method="直接送达", receiver=CANARIES[2])
    play.until("2026-03-25")
    city.project()
    text = everything(city)
    assert "青禾示例机械有限公司" in text
    for canary in (*CANARIES, "万一凡", *(name for _, name, *_ in world.PEOPLE)):
        assert canary not in text


def test_who_has_the_vault_can_open_what_is_sealed(city: City) -> None:
    city.project()
    row = only(city.rows("SELECT name FROM read.people WHERE account = 'insp1'"))
    vault = city.store.mapper._reading["vault"]  # noqa: SLF001 - the city's own vault
    assert isinstance(city.store, EventStore)
    assert isinstance(vault, PersonVault)
    assert vault.open(world.person("insp1"), row["name"]["sealed"]) == "柏青"
