"""Step ①: the plan, its approval or refusal, cancellation."""

from typing import Any

import pytest

from domain import inspection as f
from domain.inspection import Step
from domain.organisation.numbers import NumberTaken
from tests.domain import walk, world
from tests.domain.given import Play


def test_a_plan_is_drawn_up_by_one_of_its_officers(play: Play) -> None:
    walk.planned(play)
    assert play.facts == [f.Planned, f.StepEntered]
    fact = play.fact(f.Planned)
    assert fact.unit == world.DISTRICT
    assert [(o.account, o.certificate) for o in fact.plan.officers] == [
        ("insp1", world.certificate("insp1")),
        ("insp2", world.certificate("insp2")),
    ]
    assert fact.plan.cap_checked
    assert play.fact(f.StepEntered).step is Step.PREPARE
    assert play.said == {"case": str(play.case)}


def test_a_city_officer_may_plan_for_a_district_below(play: Play) -> None:
    fields = walk.plan_fields(play, officers=["insp0", "insp1"], unit=world.DISTRICT)
    play.does("insp0", "plan-inspection", **fields)
    assert play.inspection.unit == world.DISTRICT


@pytest.mark.parametrize(
    ("rule", "other"),
    [
        ("PLAN-OFFICERS", {"officers": ["insp1"]}),
        ("PLAN-OFFICERS", {"officers": ["insp1", "insp1"]}),
        ("OFFICER-UNKNOWN", {"officers": ["insp1", "nobody"]}),
        ("OFFICER-CERTIFICATE", {"officers": ["insp1", "insp3"]}),
        ("OFFICER-CERTIFICATE", {"officers": ["insp1", "appr1"]}),
        ("PLAN-PLANNER", {"officers": ["insp2", "insp4"]}),
        ("PLAN-CAP", {"cap_checked": False}),
        ("PLAN-DATES", {"visit_to": "2026-03-01"}),
        ("MAX-TERM", {"visit_to": "2126-03-01"}),
        ("PLAN-ITEMS", {"items": [walk.ITEMS[0], walk.ITEMS[0]]}),
        ("ENTERPRISE-AREA", {"enterprise": world.OTHER_ENTERPRISE}),
        ("NOT-FOUND", {"enterprise": world.CITY}),
        ("UNIT-SCOPE", {"unit": world.OTHER}),
        ("UNIT-SCOPE", {"unit": world.CITY}),
    ],
)
def test_a_plan_that_breaks_a_rule(play: Play, rule: str, other: dict[str, Any]) -> None:
    play.refuses(rule, "insp1", "plan-inspection", **walk.plan_fields(play, **other))


def test_a_certificate_counts_on_the_day_of_the_visit(play: Play) -> None:
    play.at("2020-12-30")
    late = walk.plan_fields(play, officers=["insp1", "insp3"], visit_from="2021-01-01")
    refusal = play.refuses(
        "OFFICER-CERTIFICATE", "insp1", "plan-inspection", **late | {"visit_to": "2021-01-02"}
    )
    assert "第三十七条" in refusal.basis
    on_its_last_day = late | {"visit_from": "2020-12-31", "visit_to": "2021-01-02"}
    play.does("insp1", "plan-inspection", **on_its_last_day)


def test_the_plan_may_change_until_it_is_submitted(play: Play) -> None:
    walk.planned(play)
    items = [{"no": "1", "title": "消防通道"}]
    play.does("insp2", "revise-plan", **walk.plan_fields(play, items=items))
    assert play.facts == [f.PlanRevised]
    assert list(play.inspection.items) == ["1"]
    play.does("insp1", "submit-plan")
    assert play.facts == [f.PlanSubmitted]
    play.refuses("PLAN-STATUS", "insp1", "revise-plan", **walk.plan_fields(play))
    play.refuses("PLAN-STATUS", "insp1", "submit-plan")


def test_a_unit_plans_while_it_exists(play: Play) -> None:
    dissolved = world.UNITS[1] | {"valid_to": "2026-03-10"}
    play.does(world.ROOT, "import-units", units=[dissolved])
    after = {"visit_from": "2026-03-11", "visit_to": "2026-03-11"}
    play.refuses("UNIT-TIME", "insp1", "plan-inspection", **walk.plan_fields(play, **after))
    walk.planned(play, visit_from="2026-03-10", visit_to="2026-03-11")
    play.refuses("UNIT-TIME", "insp1", "revise-plan", **walk.plan_fields(play, **after))


def test_a_revised_plan_stays_in_the_area(play: Play) -> None:
    walk.planned(play)
    outside = walk.plan_fields(play, enterprise=world.OTHER_ENTERPRISE)
    play.refuses("ENTERPRISE-AREA", "insp1", "revise-plan", **outside)


def test_the_planner_stays_an_officer_of_the_revised_plan(play: Play) -> None:
    """Else one person draws a plan up, leaves it and approves it."""
    walk.planned(play, by="appr2", officers=["appr2", "insp1"])
    without = walk.plan_fields(play, officers=["insp1", "insp2"])
    play.refuses("PLAN-PLANNER", "appr2", "revise-plan", **without)


def test_an_approved_plan_has_its_number_and_opens_step_two(play: Play) -> None:
    walk.submitted(play)
    play.refuses("ROLE", "insp1", "approve-plan")
    play.does("appr1", "approve-plan", opinion="同意检查")
    assert set(play.facts) == {f.PlanApproved, f.StepEntered, NumberTaken}
    assert play.fact(f.PlanApproved).document.number == "（枣青）应急检查〔2026〕1号"
    assert play.fact(f.PlanApproved).opinion == "同意检查"
    assert play.fact(f.StepEntered).step is Step.SHOW_CERTIFICATES
    play.refuses("PLAN-STATUS", "appr1", "approve-plan")
    play.refuses("PLAN-STATUS", "appr1", "refuse-plan", reason="来不及")


def test_a_draft_is_not_approved(play: Play) -> None:
    walk.planned(play)
    play.refuses("PLAN-STATUS", "appr1", "approve-plan")


def test_a_refused_plan_ends_the_case(play: Play) -> None:
    walk.submitted(play).does("appr1", "refuse-plan", reason="本季度已检查该企业")
    assert play.facts == [f.PlanRefused]
    assert play.inspection.outcome == "方案不予批准"
    play.refuses("CASE-TERMINAL", "insp1", "show-certificates", **walk.certificates())


def test_a_case_is_planned_once(play: Play) -> None:
    walk.approved(play)
    again = walk.plan_fields(play)
    play.refuses("PLAN-STATUS", "insp1", "plan-inspection", target=play.case, **again)
