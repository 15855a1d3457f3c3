"""A new kind of case needs nothing but its declaration: routes, rows, page and figures follow."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest

from deploy.demo.world import enterprises
from domain import case, command, deadlines, facts
from tests.api.client import Office
from tests.api.conftest import opened
from tests.conftest import Database

LISTS: tuple[dict[Any, Any], ...] = (
    case.KINDS,
    case.FOLLOWERS,
    case.DUTIES,
    command.COMMANDS,
    command.FAMILIES,
    deadlines.SUBJECTS,
    facts.FACTS,
    facts.AGGREGATES,
)
SAME = {"sec-fetch-site": "same-origin"}


@pytest.fixture(scope="module")
def desk(new_database: Callable[[], Database], tmp_path_factory: Any) -> Iterator[Office]:
    """An office that takes complaints."""
    folder: Path = tmp_path_factory.mktemp("complaints")
    with ExitStack() as changed:
        for known in LISTS:
            changed.enter_context(patch.dict(known))
        import_module("tests.api.complaints")
        yield changed.enter_context(opened(new_database(), folder))


@pytest.fixture(scope="module")
def complaint(desk: Office) -> dict[str, Any]:
    """One that waits for its answer."""
    (unit, *_) = {g["unit"] for g in desk.get("insp1", "/me").json()["grants"]}
    body = {"unit": unit, "enterprise": str(enterprises()[0][1]), "about": "夜间排烟"}
    answer = desk.post("insp1", "/complaints/make-complaint", body)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/api/v1/complaints/{answer.json()['id']}"
    view = desk.get(
        "insp1", f"/complaints/{answer.json()['id']}", **{"Min-Seq": str(answer.json()["seq"])}
    )
    assert view.status_code == 200, view.text
    return view.json()


def test_it_has_its_routes(desk: Office) -> None:
    paths = desk.app.openapi()["paths"]
    assert {p.removeprefix("/api/v1") for p in paths if "/complaints" in p} == {
        "/complaints",
        "/complaints/make-complaint",
        "/complaints/{case_id}",
        "/complaints/{case_id}/timeline",
        "/complaints/{target}/answer-complaint",
    }
    assert paths["/api/v1/complaints/make-complaint"]["post"]["tags"] == ["举报"]


def test_it_is_read_in_its_own_words(desk: Office, complaint: dict[str, Any]) -> None:
    shown = {name: complaint[name] for name in ("title", "stage", "outcome", "about", "length")}
    assert shown == {
        "title": "举报件",
        "stage": "待答复",
        "outcome": None,
        "about": "夜间排烟",
        "length": 4,
    }
    assert (complaint["steps"], complaint["officers"]) == ([], ["insp1"])
    (listed,) = desk.get("insp1", "/complaints").json()["items"]
    assert (listed["title"], listed["stage"], listed["length"]) == ("举报件", "待答复", 4)
    assert "parts" not in listed
    (deadline,) = complaint["deadlines"]
    assert (deadline["deadline"], deadline["subject"]) == ("TR-APPR/首次", "移送审批")
    (event, _) = desk.get("insp1", f"/complaints/{complaint['id']}/timeline").json()["items"]
    assert (event["title"], event["words"]) == ("收到举报", "收到举报：夜间排烟")
    assert desk.get("insp1", f"/inspections/{complaint['id']}").status_code == 404


def test_it_stands_on_the_work_list_of_who_may_answer(
    desk: Office, complaint: dict[str, Any]
) -> None:
    (row,) = desk.get("appr1", "/work").json()["items"]
    assert (row["title"], row["case_title"], row["due"]) == (
        "答复举报：夜间排烟",
        "举报件",
        complaint["deadlines"][0]["due"],
    )
    assert "答复举报：夜间排烟" in desk.page("appr1", "/")


def test_it_counts_in_the_month(desk: Office, complaint: dict[str, Any]) -> None:
    month, unit = f"{desk.now():%Y-%m}", complaint["unit"]
    table = desk.get("insp1", f"/stats/month?month={month}&unit={unit}").json()
    assert table["indicators"][-1]["title"] == "举报（件）"
    assert table["rows"][0]["total"]["complaints-made"] == 1


def test_its_page_has_its_forms(desk: Office, complaint: dict[str, Any]) -> None:
    page = f"/cases/{complaint['id']}"
    html = desk.page("appr1", page)
    action = f"{page}/do/complaints/{complaint['id']}/answer-complaint"
    assert f'action="{action}"' in html
    assert 'name="answer" value="已查" required' in html
    assert "隐患" not in html
    fields = {"-key": str(uuid4()), "-version": str(complaint["version"]), "answer": "已责令停止"}
    done = desk.client.post(action, data=fields, headers=desk.cookie("appr1") | SAME)
    assert done.status_code == 303, done.text
    assert done.headers["location"].startswith(f"{page}?said=")
    closed = desk.page("appr1", page)
    assert "已办结" in closed
    assert "下一步" not in closed
