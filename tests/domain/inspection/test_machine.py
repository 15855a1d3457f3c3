"""Random sequences of commands and time on one inspection: what must hold after each of them."""

from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from pydantic import ValidationError

from domain.deadlines import LIVE, Status
from domain.errors import Refusal
from domain.facts import Role
from domain.inspection import FilingProposed, Inspection, Step
from domain.inspection.values import HazardStatus
from domain.organisation.numbers import NumberTaken
from tests.domain import walk
from tests.domain.founding import founded
from tests.domain.given import NAMES, Play
from tests.domain.inspection import moves
from tests.domain.inspection.ending import end

STAGES = {
    "submitted": walk.submitted,
    "approved": walk.approved,
    "found": lambda p: walk.found(p, "一般", "重大"),
    "recorded": lambda p: walk.recorded(p, "一般", "重大"),
    "served": lambda p: walk.served(p, "一般", "重大"),
    "stopped": walk.stopped,
    "reordered": walk.reordered,
}
RUNNING = LIVE | {Status.SUSPENDED}


def attributes(thing: Any) -> Any:
    """State as plain values, compared deeply."""
    if isinstance(thing, dict):
        return {key: attributes(value) for key, value in thing.items()}
    own = getattr(thing, "__dict__", None)
    if own is None or hasattr(thing, "model_fields_set"):
        return thing
    return {key: attributes(value) for key, value in own.items() if not key.startswith("_")}


class InspectionMachine(RuleBasedStateMachine):
    """Officers, approvers and the clock act on one case in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.play: Play = founded().at("2026-03-02")
        self.live = Inspection(self.play.case)
        self.ended_at: int | None = None
        self.settled: set[str] = set()
        self.folded: tuple[int, Inspection] | None = None

    def teardown(self) -> None:
        """No sequence of commands leaves a case that cannot be brought to its end."""
        if self.case.version:
            end(self.play)

    @property
    def case(self) -> Inspection:
        """State of the case, folded anew when the log has grown."""
        if self.folded is None or self.folded[0] != self.play.log.seq:
            self.folded = (self.play.log.seq, self.play.inspection)
        return self.folded[1]

    @initialize(stage=st.sampled_from(sorted(STAGES)))
    def begin(self, stage: str) -> None:
        STAGES[stage](self.play)
        self.live = Inspection(self.play.case)

    @rule(data=st.data())
    def somebody_acts(self, data: st.DataObject) -> None:
        self._act(data.draw(st.sampled_from(moves.likely(self.case))), data)

    @rule(data=st.data(), name=st.sampled_from(moves.EVERYTHING))
    def anything_is_tried(self, data: st.DataObject, name: str) -> None:
        self._act(name, data)

    @rule(data=st.data(), name=st.sampled_from(moves.ELSEWHERE))
    def a_proposal_is_decided(self, data: st.DataObject, name: str) -> None:
        if name.split("-")[1].replace("filing", "penalty") in self.play.said:
            self._act(name, data)

    @rule(data=st.data())
    def what_the_agenda_says_is_done(self, data: st.DataObject) -> None:
        if todos := self.case.todos():
            todo = data.draw(st.sampled_from(todos))
            self._act(todo.command, data)

    @rule(days=st.sampled_from([1, 4, 9, 16]))
    def time_passes(self, days: int) -> None:
        self.play.until(self.play.log.now.date().fromordinal(self.play.log.now.toordinal() + days))

    def _act(self, name: str, data: st.DataObject) -> None:
        def pick(options: Any) -> Any:
            return data.draw(st.sampled_from(options))

        account = "appr1" if {Role.APPROVER} == NAMES[name].ROLES else "insp1"
        before = self.play.log.seq
        with suppress(Refusal, ValidationError):
            self.play.does(account, name, **moves.fields(name, self.play, pick))
            return
        assert self.play.log.seq == before

    @invariant()
    def a_version_is_a_number_of_facts_and_folding_is_repeatable(self) -> None:
        stream = self.play.log.streams.get(self.play.case, [])
        for event in stream[self.live.version :]:
            self.live.apply(event)
        case = self.case
        assert case.version == len(stream)
        assert attributes(case) == attributes(self.live)

    @invariant()
    def an_ended_case_accepts_nothing(self) -> None:
        case = self.case
        if case.terminal:
            self.ended_at = self.ended_at or case.version
            assert case.version == self.ended_at
            assert not [k for k, d in case.deadlines.items() if d.status in RUNNING]
            assert case.todos() == []

    @invariant()
    def what_is_settled_stays_settled(self) -> None:
        settled = {h.no for h in self.case.hazards.values() if h.settled}
        assert self.settled <= settled
        self.settled = settled

    @invariant()
    def steps_are_entered_in_order(self) -> None:
        entered = list(self.case.entered)
        path = [s for s in entered if s not in {Step.REFER, Step.HANDLE_BY_LAW}]
        assert path == sorted(path)
        assert path in [list(Step)[:n] for n in range(1, 6)] + [[*list(Step)[:5], Step.CLOSE_LOOP]]
        if Step.HANDLE_BY_LAW in entered:
            assert entered.index(Step.REFER) < entered.index(Step.HANDLE_BY_LAW)
        if Step.REFER in entered:
            assert entered.index(Step.SHOW_CERTIFICATES) < entered.index(Step.REFER)

    @invariant()
    def an_ordered_hazard_has_its_clock(self) -> None:
        case = self.case
        for paper in case.papers.values():
            for no in paper.dues if paper.served_on and not case.terminal else ():
                hazard = case.hazards[no]
                keys = (f"FIX-DUE/{no}/", f"RECHECK/{no}/")
                clocks = [d for k, d in case.deadlines.items() if str(k).startswith(keys)]
                running = [d for d in clocks if d.status in RUNNING]
                if hazard.settled:
                    assert running == []
                elif hazard.status is HazardStatus.ORDERED and hazard.fix_key in case.deadlines:
                    assert running
                elif hazard.status is HazardStatus.NOT_REMOVED:
                    assert any(no in f.hazards for f in self.play.all_of(FilingProposed))
                assert len([d for d in running if d.due.rule == "FIX-DUE"]) <= 1

    @invariant()
    def a_closed_loop_is_closed(self) -> None:
        """law.md §5 ⑧: rectified, penalty ended, measures lifted, published."""
        case = self.case
        if case.outcome != "已结案":
            return
        assert case.open_hazards() == []
        assert set(case.proposals.values()) <= {"refused"}
        papers = case.papers.values()
        assert all(p.lifted for p in papers if p.measure and p.measure.stops and p.served_on)
        assert all(e.answered for e in case.extensions.values())
        recorded = any(p.document.code == "RECORD" for p in papers)
        assert case.published if recorded else case.entry_refused
        assert recorded or Step.DIVIDE_WORK not in case.entered or case.entry_refused

    @invariant()
    def the_agenda_can_be_followed(self) -> None:
        case = self.case
        for todo in case.todos():
            assert todo.role in NAMES[todo.command].ROLES
            assert todo.deadline is None or case.running(todo.deadline)

    @invariant()
    def somebody_has_something_to_do(self) -> None:
        """No case is forgotten: a next action, a clock, or a decision awaited elsewhere."""
        case = self.case
        elsewhere = {"proposed", "approved"} & set(case.proposals.values())
        still = any(d.status is Status.SUSPENDED for d in case.deadlines.values())
        if case.version and not case.terminal:
            assert case.todos() or case.open_deadlines() or elsewhere or still

    @invariant()
    def numbers_have_no_gaps(self) -> None:
        taken: dict[object, list[int]] = {}
        for fact in self.play.all_of(NumberTaken):
            taken.setdefault((fact.unit, fact.word, fact.year), []).append(fact.n)
        assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in taken.values())


TestInspection = InspectionMachine.TestCase
TestInspection.settings = settings(
    max_examples=80,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # shrinking thirty steps would take minutes
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
