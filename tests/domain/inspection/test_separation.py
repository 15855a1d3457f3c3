"""Who may do what: officers act, others approve, everybody within the own area."""

import pytest

from domain.command import COMMANDS
from domain.facts import Role
from tests.domain import walk, world
from tests.domain.given import Play


def test_only_officers_of_the_case_act_on_it(play: Play) -> None:
    walk.approved(play)
    play.refuses("NOT-OFFICER", "insp4", "show-certificates", **walk.certificates())
    play.refuses("NOT-OFFICER", "insp0", "cancel-inspection", reason="无")


def test_an_officer_does_not_approve_the_own_plan(play: Play) -> None:
    walk.planned(play, by="appr2", officers=["appr2", "insp1"]).does("insp1", "submit-plan")
    refusal = play.refuses("SEPARATION", "appr2", "approve-plan")
    assert refusal.kind == "forbidden"
    assert refusal.basis
    play.refuses("SEPARATION", "appr2", "refuse-plan", reason="无")
    play.does("appr1", "approve-plan")


def test_an_officer_decides_nothing_in_the_own_case(play: Play) -> None:
    walk.planned(play, by="appr2", officers=["appr2", "insp1", "insp2"])
    play.does("insp1", "submit-plan").does("appr1", "approve-plan")
    play.does("insp1", "show-certificates", **walk.certificates())
    for name, fields in {
        "close-inspection": {},
        "grant-extension": {"extension": "E1", "due": "2026-04-15"},
        "refuse-extension": {"extension": "E1", "reason": "无"},
        "suspend-rectification": {"hazards": ["H1"], "reason": "无", "basis": "无"},
        "resume-rectification": {"hazards": ["H1"], "reason": "无"},
        "agree-resumption": {"document": play.case},
        "refuse-resumption": {"document": play.case, "reason": "无"},
    }.items():
        play.refuses("SEPARATION", "appr2", name, **fields)


def test_another_district_sees_nothing(play: Play) -> None:
    walk.submitted(play)
    play.refuses("NOT-FOUND", "appr9", "approve-plan")
    play.refuses("NOT-FOUND", "insp9", "show-certificates", **walk.certificates())


def test_a_unit_below_sees_nothing_of_the_unit_above(play: Play) -> None:
    walk.submitted(play)
    play.refuses("NOT-FOUND", "appr5", "approve-plan")


def test_the_unit_above_may_approve(play: Play) -> None:
    walk.submitted(play).does("appr0", "approve-plan")


@pytest.mark.parametrize("account", ["sup1", "aud1", "adm1"])
def test_those_who_watch_do_not_act(play: Play, account: str) -> None:
    refusal = play.refuses("ROLE", account, "plan-inspection", **walk.plan_fields(play))
    assert "执法人员" in refusal.detail
    walk.submitted(play)
    play.refuses("ROLE", account, "approve-plan")


def test_a_revoked_role_counts_no_more(play: Play) -> None:
    walk.submitted(play)
    role = {"role": "approver", "unit": world.DISTRICT}
    play.does("adm1", "revoke-role", target=world.person("appr1"), **role)
    play.refuses("ROLE", "appr1", "approve-plan")


def test_deciding_commands_are_for_approvers_alone() -> None:
    deciding = ("approve-", "refuse-", "grant-extension", "agree-", "close-")
    for (_, name), command in COMMANDS.items():
        if name.startswith(deciding):
            assert {Role.APPROVER} == command.ROLES, name


def test_the_clock_may_do_nothing_by_command() -> None:
    assert not [n for n, command in COMMANDS.items() if Role.SYSTEM in command.ROLES]
