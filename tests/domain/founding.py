"""The invented city entered by the commands themselves, once per run."""

from functools import lru_cache

from tests.domain import world
from tests.domain.given import Play
from tests.domain.memory import MemoryLog


@lru_cache(maxsize=1)
def _founded() -> Play:
    play = Play(MemoryLog(world.FOUNDED))
    play.does(world.ROOT, "import-units", units=world.UNITS)
    for account, name, unit, roles, term in world.PEOPLE:
        play.does(world.ROOT, "register-person", account=account, name=name, unit=unit)
        who = world.person(account)
        for role in roles:
            play.does(world.ROOT, "grant-role", target=who, role=role, unit=unit)
        if term:
            number = world.certificate(account)
            play.does(
                world.ROOT,
                "issue-certificate",
                target=who,
                number=number,
                valid_from=term[0],
                valid_to=term[1],
            )
    for uscc, name, unit in (
        (world.USCC, "青禾示例机械有限公司", world.TOWN),
        (world.OTHER_USCC, "云栖示例仓储有限公司", world.OTHER),
    ):
        particulars = {"uscc": uscc, "name": name, "unit": unit, "address": world.ADDRESS}
        play.does(world.ROOT, "register-enterprise", **particulars)
    play.said = {}
    return play


def founded() -> Play:
    """The invented city on the day everything was entered."""
    return _founded().copy()
