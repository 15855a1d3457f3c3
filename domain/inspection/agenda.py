"""What is to be done next on a case (下一步), by whom and by when: the work list rests on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.clocked import LIVE, Clocked
from domain.facts import Role
from domain.inspection.closing import missing_for_closing
from domain.inspection.inspection import Inspection, Paper
from domain.inspection.values import HazardStatus, Step
from domain.penalty import PenaltyCase
from domain.transfer import Transfer


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do (待办事项). No ``accounts`` = anybody with the role for the unit."""

    command: str
    title: str
    role: Role
    accounts: tuple[str, ...] = ()
    due: date | None = None
    deadline: str | None = None


def next_actions(case: Clocked) -> list[Todo]:
    """The next actions of a case, most urgent first; none when it has ended."""
    if case.terminal:
        return []
    todos = list(_of(case))
    return sorted(todos, key=lambda t: (t.due is None, t.due or date.max))


def _of(case: Clocked) -> Iterator[Todo]:
    match case:
        case Inspection():
            officers = tuple(o.account for o in case.officers)
            yield from _of_inspection(case, officers)
        case PenaltyCase(status="proposed"):
            due, key = _due(case, "FILE-LATE")
            yield Todo("approve-filing", f"立案审批：{case.cause}", Role.APPROVER, (), due, key)
        case Transfer(status="proposed"):
            due, key = _due(case, "TR-APPR")
            yield Todo("approve-transfer", "移送审批", Role.APPROVER, (), due, key)
        case _:
            return


def _of_inspection(case: Inspection, officers: tuple[str, ...]) -> Iterator[Todo]:
    match case.step:
        case Step.PREPARE if case.plan_status == "submitted":
            yield Todo("approve-plan", "审批检查方案", Role.APPROVER)
        case Step.PREPARE:
            yield Todo("submit-plan", "检查方案送审", Role.INSPECTOR, officers)
        case Step.SHOW_CERTIFICATES if case.began_at is None:
            visit = case.drawn_up.visit_to
            yield Todo("show-certificates", "到场亮证检查", Role.INSPECTOR, officers, visit)
        case Step.SHOW_CERTIFICATES:
            yield Todo("hear-briefing", "听取企业情况介绍", Role.INSPECTOR, officers)
        case Step.DIVIDE_WORK if any(i.officer is None for i in case.items.values()):
            yield Todo("assign-items", "检查分工", Role.INSPECTOR, officers)
        case Step.DIVIDE_WORK:
            yield Todo("answer-item", "填写检查结果", Role.INSPECTOR, officers)
        case Step.FIX_EVIDENCE:
            yield Todo("finish-visit", "固定证据、结束现场检查", Role.INSPECTOR, officers)
        case _:
            yield from _papers(case, officers)
    yield from _owed(case, officers)


def _papers(case: Inspection, officers: tuple[str, ...]) -> Iterator[Todo]:
    """Records, orders and services still to be made."""
    if case.step is Step.SERVE_DOCUMENTS and not _has_record(case):
        yield Todo("make-record", "制作现场检查记录", Role.INSPECTOR, officers)
        return
    for paper in [] if case.shut_down else case.unserved():
        title = f"送达{paper.document.title}"
        yield Todo("serve-document", title, Role.INSPECTOR, officers)
    if any(h.status is HazardStatus.FOUND for h in case.hazards.values()):
        yield Todo("issue-order", "制作责令限期整改指令书", Role.INSPECTOR, officers)
    again = [h.no for h in case.hazards.values() if h.status is HazardStatus.NOT_REMOVED]
    if again:
        title = f"隐患{'、'.join(again)}复查未整改，再次责令"
        yield Todo("issue-order", title, Role.INSPECTOR, officers)


def _owed(case: Inspection, officers: tuple[str, ...]) -> Iterator[Todo]:
    """What runs beside the steps: rechecks, answers, publication, closing."""
    yield from _hazards(case, officers)
    for name, extension in case.extensions.items():
        if not extension.answered:
            due, key = _due(case, f"FIX-EXT-ANS/{name}")
            yield Todo("grant-extension", f"答复延期申请{name}", Role.APPROVER, (), due, key)
    for account, state in case.recusals.items():
        if state == "requested":
            yield Todo("grant-recusal", f"决定{account}的回避申请", Role.APPROVER)
    if case.joining:
        yield Todo("show-certificates", "接替人员到场亮证", Role.INSPECTOR, officers)
    for paper in case.papers.values():
        yield from _resumption(case, paper)
    if "PUB-INSP" in case.deadlines and not case.published:
        due, key = _due(case, "PUB-INSP")
        yield Todo("publish-result", "公示检查结果", Role.INSPECTOR, officers, due, key)
    if not missing_for_closing(case):
        yield Todo("close-inspection", "结案归档", Role.APPROVER)


def _hazards(case: Inspection, officers: tuple[str, ...]) -> Iterator[Todo]:
    """Rechecks and rectifications; hazards with the same date are one thing to do."""
    together: dict[tuple[str, date | None], list[tuple[str, str | None]]] = {}
    for hazard in case.open_hazards():
        for command, wanted in (
            ("recheck", hazard.recheck_key),
            ("report-rectification", hazard.fix_key),
        ):
            if case.running(wanted):
                due, key = _due(case, wanted)
                together.setdefault((command, due), []).append((hazard.no, key))
                break
        else:
            if hazard.served and not hazard.rounds:  # under a measure alone no date runs
                together.setdefault(("recheck", None), []).append((hazard.no, None))
    for (command, due), found in together.items():
        numbers = "、".join(no for no, _ in found)
        title = f"复查隐患{numbers}" if command == "recheck" else f"跟踪隐患{numbers}整改"
        yield Todo(command, title, Role.INSPECTOR, officers, due, found[0][1])


def _resumption(case: Inspection, paper: Paper) -> Iterator[Todo]:
    if paper.resumption_asked:
        due, key = _due(case, f"RESUME/{paper.document.id}/{paper.resumptions}")
        title = f"审查恢复申请（{paper.document.number}）"
        yield Todo("agree-resumption", title, Role.APPROVER, (), due, key)


def _has_record(case: Inspection) -> bool:
    return any(p.document.code == "RECORD" for p in case.papers.values())


def _due(case: Clocked, key: str) -> tuple[date | None, str | None]:
    deadline = case.deadlines.get(key)
    if deadline is None or deadline.status not in LIVE:
        return None, None
    return deadline.due.due, key
