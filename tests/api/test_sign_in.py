"""Sign-in, sessions, passwords."""

import time
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie

import httpx
import pytest

from api.app import create_app
from api.auth import set_password
from api.auth.known import Known, Signed
from api.auth.sessions import Sessions
from deploy.demo.world import PASSWORD
from domain.errors import Refusal
from tests.api.client import Office
from tests.api.conftest import served

FORM = {"account": "insp2", "password": PASSWORD, "next": "/deadlines"}


def sign_in(office: Office, account: str, password: str) -> httpx.Response:
    return office.client.post("/api/v1/session", json={"account": account, "password": password})


def cookies(answer: httpx.Response) -> SimpleCookie:
    return SimpleCookie("; ".join(answer.headers.get_list("set-cookie")))


@pytest.fixture(autouse=True)
def calm(office: Office) -> Iterator[None]:
    """What one test guessed is nothing to the next."""
    yield
    with office.owner() as connection:
        connection.execute("DELETE FROM auth.guesses")


def bearer(answer: httpx.Response) -> dict[str, str]:
    return {"Authorization": f"Bearer {answer.json()['token']}"}


def test_a_wrong_password_and_an_unknown_account_look_the_same(office: Office) -> None:
    wrong, unknown = sign_in(office, "insp2", "wrong"), sign_in(office, "nobody", "wrong")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() | {"trace_id": ""} == unknown.json() | {"trace_id": ""}


def test_a_session_is_dead_at_once(office: Office) -> None:
    headers = bearer(sign_in(office, "insp2", PASSWORD))
    assert office.client.get("/api/v1/me", headers=headers).status_code == 200
    assert office.client.delete("/api/v1/session", headers=headers).status_code == 204
    assert office.client.get("/api/v1/me", headers=headers).status_code == 401


def test_a_new_password_ends_the_sessions(office: Office) -> None:
    headers = bearer(sign_in(office, "insp5", PASSWORD))
    set_password(office.database.command, "insp5", PASSWORD)
    assert office.client.get("/api/v1/me", headers=headers).status_code == 401
    office.tokens.pop("insp5", None)


def test_a_session_is_never_the_one_the_browser_brought(office: Office) -> None:
    fixed = {"cookie": "bihuan-session=fixed-by-another", "sec-fetch-site": "same-origin"}
    answer = office.client.post("/login", data=FORM, headers=fixed)
    assert answer.status_code == 303
    assert "fixed-by-another" not in answer.headers["set-cookie"]


def test_sessions_grow_old(office: Office) -> None:
    headers = bearer(sign_in(office, "insp2", PASSWORD))
    idle = "last_seen = last_seen - interval '31 minutes'"
    old = "created_at = created_at - interval '9 hours', expires_at = now()"
    for change in (idle, old):
        with office.owner() as connection:
            connection.execute(f"UPDATE auth.sessions SET {change}".encode())  # noqa: S608
        assert office.client.get("/api/v1/me", headers=headers).status_code == 401
        headers = bearer(sign_in(office, "insp2", PASSWORD))
    office.tokens.clear()


def test_the_log_of_sessions_holds_no_token(office: Office) -> None:
    token = sign_in(office, "insp2", PASSWORD).json()["token"]
    with office.owner() as connection:
        stored = connection.execute("SELECT s::text FROM auth.sessions s").fetchall()
    assert stored
    assert all(token not in row[0] for row in stored)


@pytest.mark.parametrize("password", ["short", "insp1-insp1-x", "1234567890"])
def test_a_weak_password_is_refused(office: Office, password: str) -> None:
    with pytest.raises(Refusal) as refused:
        set_password(office.database.command, "insp1", password)
    assert refused.value.rule == "PASSWORD-WEAK"


def test_the_form_signs_in_with_a_cookie_no_script_reads(office: Office) -> None:
    answer = office.client.post("/login", data=FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/deadlines")
    cookie = cookies(answer)["bihuan-session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "strict", "/")
    assert not cookie["domain"]
    assert office.client.get("/deadlines").status_code == 200


def test_over_https_the_cookie_is_bound_to_the_host(office: Office) -> None:
    database = office.database
    app = create_app(office.bihuan, command=database.command, reader=database.reader, secure=True)
    with served(app) as address, httpx.Client(base_url=address) as client:
        signed = client.post("/login", data=FORM)
        for name in ("__Host-bihuan-session", "__Host-bihuan-device"):
            assert cookies(signed)[name]["secure"]
        assert signed.headers["strict-transport-security"].startswith("max-age=")
        gone = client.post("/logout").headers["set-cookie"]
        assert SimpleCookie(gone)["__Host-bihuan-session"]["secure"]  # or no browser drops it


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil",
        "javascript:alert(1)",
        "evil",
        "\\\\evil",
    ],
)
def test_signing_in_leads_only_inside(office: Office, elsewhere: str) -> None:
    given = office.client.post("/login", data=FORM | {"next": elsewhere})
    assert given.headers["location"] == "/"


@pytest.mark.parametrize("odd", ["/\t/evil.example", "/\r\nSet-Cookie: a=b", "/%09/evil", '/"><b>'])
def test_odd_ways_back_stay_in_one_header(office: Office, odd: str) -> None:
    answer = office.client.post("/login", data=FORM | {"next": odd})
    there = answer.headers["location"]
    assert there.startswith("/")
    assert not set(there) & set("\t\r\n\\")
    assert not there.startswith("//")
    assert "a=b" not in str(answer.headers.get_list("set-cookie"))
    form = office.client.get("/login", params={"next": odd}).text
    assert "<b>" not in form


def test_what_was_typed_is_kept_but_the_password(office: Office) -> None:
    wrong = office.client.post("/login", data=FORM | {"password": "not-the-password"})
    assert wrong.status_code == 401
    assert 'value="insp2"' in wrong.text
    assert "not-the-password" not in wrong.text
    assert "账号或口令不正确" in wrong.text


def until(fact: Callable[[], bool]) -> None:
    """Ask again until it holds; the suite's own time limit ends a vain wait."""
    end = time.monotonic() + 20
    while not fact():
        assert time.monotonic() < end


def test_signing_out_is_heard_by_every_process(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.auth.known.FRESH", 3600.0)  # nothing is forgotten by itself
    here = office.app.state.doors.sessions
    with Known(office.database.command) as known:
        there = Sessions(here._pool, known)  # noqa: SLF001
        token = sign_in(office, "insp2", PASSWORD).json()["token"]
        until(lambda: there.find(token) is not None and bool(known._found))  # noqa: SLF001
        here.end(token)
        assert here.find(token) is None
        until(lambda: there.find(token) is None)


def test_a_new_password_is_heard_by_every_process(office: Office) -> None:
    times = (known := office.app.state.doors.sessions._known).times  # noqa: SLF001
    set_password(office.database.command, "insp2", PASSWORD)
    until(lambda: known.times > times)


def test_who_hears_nothing_remembers_nothing(office: Office) -> None:
    deaf, signed = Known(office.database.command), Signed("insp2", "machine")
    deaf.keep(b"token", signed, deaf.times)
    assert deaf.find(b"token") is None


def test_a_session_that_ended_while_it_was_asked_for_is_not_remembered(office: Office) -> None:
    with Known(office.database.command) as known:
        signed = Signed("insp2", "machine")

        def remembered() -> bool:
            known.keep(b"token", signed, known.times)
            return known.find(b"token") == signed

        until(remembered)
        asked = known.times
        known.forget()
        known.keep(b"token", signed, asked)
        assert known.find(b"token") is None
