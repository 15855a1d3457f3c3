"""Lists in pages, and reading what one has just written."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore

import pytest

from api.doors import MOST_WAITERS
from deploy.demo.world import enterprises
from tests.api.client import Office


def test_a_read_sees_what_was_just_done(office: Office) -> None:
    case = office.planned().do("insp1", "submit-plan")
    assert case.view()["version"] == case.version


@pytest.mark.parametrize("ahead", [1, 1000, 2**70])
def test_nobody_waits_for_what_is_not_in_the_log(
    office: Office, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    monkeypatch.setattr("api.reading.wait_for", lambda *_: pytest.fail("it waits"))
    beyond = str(office.bihuan.store.head()[0] + ahead)
    answer = office.get("insp1", "/work", **{"Min-Seq": beyond})
    assert (answer.status_code, answer.json()["rule"]) == (400, "MIN-SEQ-AHEAD")


def test_few_wait_and_the_others_read_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The projections are behind; all who may wait do so."""
    waiting, go = Semaphore(0), Event()

    def wait(*_: object) -> bool:
        waiting.release()
        return not go.wait(30)

    monkeypatch.setattr("api.reading.reached", lambda *_: False)
    monkeypatch.setattr("api.reading.wait_for", wait)
    newest = {"Min-Seq": str(office.bihuan.store.head()[0])}
    headers = office.headers("insp1") | newest
    with ThreadPoolExecutor(MOST_WAITERS) as crowd:
        ask = [
            crowd.submit(office.client.get, "/api/v1/work", headers=headers)
            for _ in range(MOST_WAITERS)
        ]
        try:
            assert all(waiting.acquire(timeout=30) for _ in ask)
            refused = office.get("insp1", "/work", **newest)
            assert (refused.status_code, refused.json()["rule"]) == (503, "MIN-SEQ-CROWD")
            assert "retry-after" in refused.headers
            assert office.get("insp1", "/work").status_code == 200
        finally:
            go.set()
        told = [answer.result() for answer in ask]
    assert {(a.status_code, a.json()["rule"]) for a in told} == {(202, "MIN-SEQ")}
    assert all("retry-after" in a.headers for a in told)
    behind = office.get("insp1", "/work", **newest)
    assert behind.status_code == 202  # there is room again


def test_pages_of_a_list_hold_while_it_grows(office: Office) -> None:
    enterprise = str(enterprises()[1][1])
    made = [office.planned(enterprise=enterprise) for _ in range(5)]
    made[-1].view()
    seen = []
    for page in office.pages("insp1", f"/inspections?enterprise={enterprise}", 2):
        seen += [c["id"] for c in page]
        office.planned(enterprise=enterprise).view()
    assert seen == [case.id for case in reversed(made)]


def test_pages_of_the_work_list_follow_each_other(office: Office) -> None:
    for days in (20, 10, 30):
        office.planned().served(days).view()
    whole, few = (
        [row for page in office.pages("insp1", "/work", limit) for row in page]
        for limit in (200, 7)
    )
    assert few == whole
    dues = [row["due"] for row in whole if row["due"]]
    assert dues == sorted(dues)
    assert len(whole) == office.get("insp1", "/work").json()["counts"]["todo"]


def test_the_timeline_is_paged_in_order_with_hashes(office: Office) -> None:
    case = office.planned().on_site()
    case.view()
    seen = [
        e for page in office.pages("appr1", f"/inspections/{case.id}/timeline", 3) for e in page
    ]
    assert [e["version"] for e in seen] == list(range(1, case.version + 1))
    assert all(len(e["hash"]) == 64 and e["words"] for e in seen)
