"""Running deadlines on the newest calendar (期限重算): what was entered moves them, by facts."""

from uuid import UUID, uuid4

from domain import registry
from domain.calendar import CALENDAR_ID
from domain.case import Case
from domain.deadlines import DeadlineSet
from domain.desk import LogDesk, Sources
from domain.errors import Busy
from domain.facts import Act, Actor, Role
from domain.organisation.unit import ORGANISATION_ID
from domain.store import StreamMoved
from domain.times import SHANGHAI
from domain.turns import patiently

PAGE = 1_000


def by_clock(case: Case) -> Actor:
    """Who acts when nobody does."""
    return Actor(account="clock", role=Role.SYSTEM, unit=case.belongs_to or ORGANISATION_ID)


def recompute_all(sources: Sources) -> int:
    """Bring the running deadlines of every case to the years entered; says how many cases."""
    cases: dict[UUID, str] = {}
    at = 0
    while page := sources.store.page(at, PAGE):
        cases |= {s.stream: s.kind for s in page if s.topic == DeadlineSet.TOPIC}
        at = page[-1].seq
    return sum(recompute(sources, registry.kind_of(kind), case) for case, kind in cases.items())


def recompute(sources: Sources, kind: type[Case], case_id: UUID) -> bool:
    """Bring one case to the years entered; whether anything moved."""
    desk = None
    for _ in patiently():
        with LogDesk(sources, uuid4(), case_id, before=desk) as desk:
            desk.prefetch([CALENDAR_ID, case_id])
            case = desk.get(kind, case_id)
            desk.act = Act(desk.now.astimezone(SHANGHAI), desk.now, by_clock(case))
            case.recompute(desk.law, desk.act)
            desk.follow()
            if not desk.decided():
                return False
            try:
                desk.append(desk.command_id.bytes, {"cases": 1})
            except StreamMoved:
                continue
            return True
    raise Busy("BUSY", "案件正被频繁修改，请重新执行。")
