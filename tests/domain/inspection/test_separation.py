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


@pytest.fixture
def withdrawn(play: Play) -> Play:
    """appr2 was an officer and has withdrawn, insp4 took the place; then insp1 was replaced."""
    walk.planned(play, by="appr2", officers=["appr2", "insp1"])
    play.does("insp1", "submit-plan").does("appr1", "approve-plan")
    play.does("insp1", "request-recusal", officer="appr2", own=True, grounds="近亲属")
    play.does("appr1", "grant-recusal", officer="appr2", replacement="insp4")
    return walk.replaced(play, "insp1", "insp2")


def test_who_ever_handled_it_decides_nothing_in_it(withdrawn: Play) -> None:
    play = withdrawn
    assert set(play.inspection.barred) == {"appr2", "insp1", "insp4", "insp2"}
    play.refuses("NOT-FOUND", "appr2", "cancel-inspection", reason="无")
    play.refuses("NOT-OFFICER", "insp1", "show-certificates", **walk.certificates())
    play.does("insp4", "show-certificates", **walk.certificates(("insp4", "insp2")))
    play.does("insp4", "propose-filing", cause="案由", facts_seen="事实")
    play.refuses("SEPARATION", "appr2", "approve-filing")
    signal = {"signal": "unlicensed", "facts_seen": "无证生产", "team": ["insp4", "insp2"]}
    play.does("insp4", "report-crime-signal", **signal)
    play.refuses("SEPARATION", "appr2", "approve-transfer")
    assert "appr2" in play.penalty.barred


def test_who_takes_over_decides_nothing_either(play: Play) -> None:
    """The replacement of a case does not approve its filing, whatever else he may."""
    walk.on_site(play).does("insp1", "propose-filing", cause="案由", facts_seen="事实")
    walk.replaced(play, "insp2", "appr2")
    play.refuses("SEPARATION", "appr2", "approve-filing")
    play.does("appr1", "approve-filing")


def test_an_officer_is_replaced_without_a_recusal(play: Play) -> None:
    walk.briefed(play)
    play.does("insp1", "assign-items", officer_of={"1": "insp1", "2": "insp2"})
    walk.replaced(play, "insp2", "insp4")
    case = play.inspection
    assert case.handlers == ("insp1", "insp4")
    assert case.recused == set()
    assert case.items["2"].officer is None
    assert case.joining == {"insp4"}
    assert [t.title for t in case.todos() if t.duty.code == "join-visit"] == ["接替人员到场亮证"]
    play.refuses("NOT-OFFICER", "insp2", "assign-items", officer_of={"2": "insp2"})
    play.does("insp4", "show-certificates", **walk.certificates(("insp1", "insp4")))
    play.does("insp4", "assign-items", officer_of={"2": "insp4"})


def test_who_may_be_replaced_and_by_whom(play: Play) -> None:
    walk.on_site(play)
    given = {"officer": "insp2", "replacement": "insp4", "reason": "生病"}
    play.refuses("ROLE", "insp1", "replace-officer", **given)
    play.refuses("REPLACE-OFFICER", "appr1", "replace-officer", **(given | {"officer": "insp4"}))
    play.refuses(
        "RECUSAL-REPLACEMENT", "appr1", "replace-officer", **(given | {"replacement": "insp1"})
    )
    play.refuses(
        "OFFICER-CERTIFICATE", "appr1", "replace-officer", **(given | {"replacement": "insp3"})
    )
    play.refuses("SEPARATION", "appr2", "replace-officer", **(given | {"replacement": "appr2"}))
    play.does("insp1", "request-recusal", officer="insp2", own=True, grounds="近亲属")
    play.refuses("REPLACE-RECUSAL", "appr1", "replace-officer", **given)


def test_only_who_was_on_site_signs(play: Play) -> None:
    walk.planned(play, officers=["insp1", "insp2", "insp4"]).does("insp1", "submit-plan")
    play.does("appr1", "approve-plan")
    play.does("insp1", "show-certificates", **walk.certificates())
    play.does("insp1", "hear-briefing", summary="从业人员四十人")
    play.does("insp1", "assign-items", officer_of={"1": "insp1", "2": "insp2"})
    for no in ("1", "2"):
        play.does("insp1", "answer-item", item=no, result="合格")
    play.does("insp1", "finish-visit")
    record = {"findings": "详见附页", "signature": walk.SIGNED}
    for signer, rule in (("insp4", "SIGNER-ABSENT"), ("insp9", "SIGNER-STRANGER")):
        officers = ["insp1", signer]
        play.refuses(rule, "insp1", "make-record", officers=officers, **record)
    play.does("insp1", "make-record", **record)
