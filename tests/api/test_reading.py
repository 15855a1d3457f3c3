"""Lists in pages, and reading what one has just written."""

from deploy.demo.world import enterprises
from tests.api.client import Office


def test_a_read_sees_what_was_just_done_or_says_that_it_does_not(office: Office) -> None:
    case = office.planned().do("insp1", "submit-plan")
    assert case.view()["version"] == case.version
    beyond = str(office.bihuan.store.head()[0] + 1000)
    answer = office.get("insp1", f"/inspections/{case.id}", **{"Min-Seq": beyond})
    assert (answer.status_code, answer.json()["rule"]) == (202, "MIN-SEQ")
    assert "retry-after" in answer.headers


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
