"""What cannot be read is refused in Chinese, with its place."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from starlette.types import Message

from api.app import MOST_BYTES
from api.commands import LARGEST_IMPORT
from tests.api.client import Office


def test_bad_input_is_told_in_chinese_with_its_place(office: Office) -> None:
    fields = office.plan_fields(visit_from="昨天", nonsense=1)
    del fields["basis"]
    answer = office.post("insp1", "/inspections/plan-inspection", fields)
    assert answer.status_code == 422
    told = {e["pointer"]: e["detail"] for e in answer.json()["errors"]}
    assert told["/basis"] == "必填"
    assert told["/nonsense"] == "没有这个字段，请删除"
    assert "日期" in told["/visit_from"]


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b'{"reason":', 422, "不是合法的 JSON"),
        (b"[1]", 422, "应为 JSON 对象"),
        (b"null", 422, "应为 JSON 对象"),
        (b'{"reason": "\xff"}', 400, "无法识别"),
        (b"[" * 100_000, 400, "无法识别"),
        (b"1" * 5_000, 400, "无法识别"),
        (b"", 422, "不是合法的 JSON"),
        (b'{"reason": "\\ud800"}', 422, "无法识别的字符"),
        (b'{"reason": "a\\u0000b"}', 422, "控制字符"),
        (b'{"reason": "a\\u202eb"}', 422, "改变文字方向"),
        (b'{"reason": "x", "at": 0}', 422, "2000年至"),
        (b'{"reason": "x", "at": "0001-01-01T00:00:00+08:00"}', 422, "2000年至"),
        (b'{"reason": "x", "at": "9999-12-31T23:59:59-12:00"}', 422, "2000年至"),
        (b'{"reason": "x", "a/b~c": 1}', 422, "/a~1b~0c"),
        (b'{"reason": 7}', 422, "应为文字"),
        (b'{"reason": "x", "at": "2026-01-01T00:00:00"}', 422, "须带时区"),
        (b'{"reason": "x", "at": "2999-01-01T00:00:00+08:00"}', 422, "晚于当前时间"),
    ],
)
def test_what_cannot_be_read_is_told_in_chinese(
    office: Office, content: bytes, status: int, words: str
) -> None:
    case = office.planned()
    headers = {"Idempotency-Key": str(uuid4()), "If-Match": f'"v{case.version}"'}
    answer = office.client.post(
        f"/api/v1/inspections/{case.id}/cancel-inspection",
        content=content,
        headers=headers | office.headers("insp1") | {"content-type": "application/json"},
    )
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/enterprises?q=%00", 400),
        ("/deadlines?officer=%00", 400),
        ("/inspections?after=nonsense", 422),
        ("/inspections?after=%E4%B8%AD", 422),
        ("/inspections?limit=0", 422),
        ("/inspections?limit=201", 422),
        ("/inspections/1", 422),
        ("/work?tab=all", 422),
        ("/stats/month?month=2026-13&unit=00000000-0000-0000-0000-000000000000", 400),
        ("/nowhere", 404),
    ],
)
def test_odd_reads_are_refused_in_chinese(office: Office, path: str, status: int) -> None:
    answer = office.get("insp1", path)
    assert answer.status_code == status, answer.text
    assert not answer.json()["detail"].isascii()


def test_a_method_that_is_not_there_names_those_that_are(office: Office) -> None:
    answer = office.client.patch("/api/v1/me")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


@pytest.mark.parametrize("odd", ["", "1", "{target}", "..%2F..", "%00", "a/b", "甲"])
def test_an_odd_case_is_none(office: Office, odd: str) -> None:
    answer = office.post("insp1", f"/inspections/{odd}/submit-plan", {}, If_Match='"v1"')
    assert answer.status_code in {404, 422}, answer.text
    assert not answer.json()["detail"].isascii()


@pytest.mark.parametrize("in_pieces", [True, False])
@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/people/register-person", MOST_BYTES),
        ("/enterprises/import-enterprises", LARGEST_IMPORT),
    ],
)
def test_a_command_has_an_end(office: Office, path: str, most: int, *, in_pieces: bool) -> None:
    def told(size: int) -> tuple[int, str]:
        answer = office.client.post(
            f"/api/v1{path}",
            content=pieces(size) if in_pieces else b" " * size,
            headers=office.headers("admin") | {"content-type": "application/json"},
        )
        return answer.status_code, answer.json()["rule"]

    assert told(most) == (422, "VALIDATION")
    assert told(most + 1) == (413, "HTTP-413")


def pieces(size: int) -> Iterator[bytes]:
    whole, rest = divmod(size, 100_000)
    yield from (b" " * 100_000 for _ in range(whole))
    yield b" " * rest


async def test_who_leaves_before_the_end_gets_no_answer(office: Office) -> None:
    scope = {
        "type": "http",
        "method": "POST",
        "path": f"/api/v1/inspections/{uuid4()}/submit-plan",
        "headers": [(b"host", b"localhost")],
    }
    coming = [
        {"type": "http.request", "body": b"{", "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    await office.app(scope, receive, send)
    assert (coming, sent) == ([], [])
