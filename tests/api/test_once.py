"""A command is carried out once, however often and from however many sides it comes."""

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from tests.api.client import Office


def test_a_repeated_command_gets_its_first_answer(office: Office) -> None:
    case = office.planned()
    key = str(uuid4())
    first = case.post("insp1", "submit-plan", {}, Idempotency_Key=key).json()
    again = case.post("insp1", "submit-plan", {}, Idempotency_Key=key)
    assert again.status_code == 200
    assert again.json() == first | {"repeated": True}
    assert first["repeated"] is False


def test_a_key_is_needed_and_stands_for_one_request(office: Office) -> None:
    case = office.planned()
    for missing in ("", "k" * 256):
        refused = case.post("insp1", "submit-plan", {}, Idempotency_Key=missing)
        assert (refused.status_code, refused.json()["rule"]) == (400, "IDEMPOTENCY-KEY")
    key = str(uuid4())
    case.post("insp1", "cancel-inspection", {"reason": "改期"}, Idempotency_Key=key)
    other = case.post("insp1", "cancel-inspection", {"reason": "别的"}, Idempotency_Key=key)
    assert other.status_code == 422
    assert "幂等" in other.json()["title"]


def test_eight_at_once_make_one_set_of_facts(office: Office) -> None:
    case, key = office.planned(), str(uuid4())
    before = office.bihuan.store.head()[0]
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: case.post("insp1", "submit-plan", {}, Idempotency_Key=key), range(8))
        )
    assert {a.status_code for a in answers} == {200}
    bodies = {json.dumps(a.json() | {"repeated": None}, sort_keys=True) for a in answers}
    assert len(bodies) == 1
    assert office.bihuan.store.head()[0] == before + 1


def test_a_key_belongs_to_the_person_who_chose_it(office: Office) -> None:
    key = str(uuid4())
    for account in ("insp1", "insp2"):
        answer = office.post(
            account, "/inspections/plan-inspection", office.plan_fields(), Idempotency_Key=key
        )
        assert (answer.status_code, answer.json()["repeated"]) == (201, False)


def test_eight_plans_at_once_with_one_key_are_one_case(office: Office) -> None:
    key, fields = str(uuid4()), office.plan_fields()
    before = office.bihuan.store.head()[0]
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(
                lambda _: office.post(
                    "insp1", "/inspections/plan-inspection", fields, Idempotency_Key=key
                ),
                range(8),
            )
        )
    assert {a.status_code for a in answers} == {201}
    assert len({a.headers["location"] for a in answers}) == 1
    assert sorted(a.json()["repeated"] for a in answers) == [False] + [True] * 7
    assert len({json.dumps(a.json() | {"repeated": 0}, sort_keys=True) for a in answers}) == 1
    made = answers[0].json()
    assert office.bihuan.store.head()[0] == made["seq"]
    assert made["seq"] - before == made["version"]


def test_a_refusal_is_not_remembered(office: Office) -> None:
    case, key = office.planned(), str(uuid4())
    early = case.post("appr1", "approve-plan", {}, Idempotency_Key=key)
    assert early.status_code == 422
    case.do("insp1", "submit-plan")
    assert case.post("appr1", "approve-plan", {}, Idempotency_Key=key).status_code == 200
