"""Guesses are slowed down, and keep nobody out who signs in where the account is known."""

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import httpx
import psycopg
import pytest

from api.app import THREADS, create_app
from api.auth import set_password
from api.auth.devices import MOST, renew
from api.auth.guesses import ACCOUNT, ADDRESS, TooMany, admit, forgive, subjects
from api.auth.passwords import AT_ONCE
from api.auth.sessions import LONGEST_LINE, Attempt, Opened, Sessions
from deploy.demo.world import PASSWORD
from tests.api.client import Office
from tests.api.conftest import served


@pytest.fixture(autouse=True)
def calm(office: Office) -> Iterator[None]:
    """What one test guessed is nothing to the next."""
    yield
    with office.owner() as connection:
        connection.execute("DELETE FROM auth.guesses")


@pytest.fixture
def sessions(office: Office) -> Sessions:
    return office.app.state.doors.sessions


def attempt(account: str, password: str, address: str, device: str | None = None) -> Attempt:
    return Attempt(account, password, "page", address, device)


def opened(sessions: Sessions, address: str = "10.0.0.1", account: str = "insp2") -> Opened:
    found = sessions.open(attempt(account, PASSWORD, address))
    assert found
    return found


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every password is wrong, at once."""
    monkeypatch.setattr("api.auth.passwords.check", lambda *_: False)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("account", ["insp2", "nobody"])
def test_guesses_for_an_account_are_slowed_wherever_they_come_from(
    sessions: Sessions, account: str
) -> None:
    """An account that is none is refused in the same way."""
    for n in range(ACCOUNT.free + 1):
        assert sessions.open(attempt(account, "wrong", f"10.0.{n}.1")) is None
    with pytest.raises(TooMany) as refused:
        sessions.open(attempt(account, "wrong", "10.1.1.1"))
    assert refused.value.rule == "SIGN-IN-ACCOUNT"
    assert 0 < refused.value.extra["retry_after"] <= 3


@pytest.mark.usefixtures("quick")
def test_guesses_from_an_address_are_slowed_whatever_the_account(sessions: Sessions) -> None:
    for n in range(ADDRESS.free + 1):
        assert sessions.open(attempt(f"account{n}", "wrong", "2001:db8::1")) is None
    with pytest.raises(TooMany) as refused:  # the same network of one machine
        sessions.open(attempt("insp2", "wrong", "2001:db8::2"))
    assert refused.value.rule == "SIGN-IN-ADDRESS"
    assert sessions.open(attempt("insp2", "wrong", "2001:db8:1::2")) is None


def test_waits_grow_end_and_are_forgiven(office: Office) -> None:
    guesses = subjects("somebody", "10.2.0.1", None)
    waits = list[float]()
    with psycopg.connect(office.database.command, autocommit=True) as connection:
        for _ in range(20):
            connection.execute("UPDATE auth.guesses SET refused_until = now()")
            admit(connection, guesses)
            waits.append(_wait(connection, guesses[0].digest))
        first = waits[ACCOUNT.free]
        assert not any(waits[: ACCOUNT.free])
        assert 1 < first < 3
        assert waits[ACCOUNT.free :] == sorted(waits[ACCOUNT.free :])
        assert waits[-1] == ACCOUNT.longest
        with pytest.raises(TooMany):
            admit(connection, guesses)
        connection.execute("UPDATE auth.guesses SET guessed_at = now() - interval '1 day'")
        connection.execute("UPDATE auth.guesses SET refused_until = now()")
        admit(connection, guesses)
        assert _wait(connection, guesses[0].digest) == 0


def _wait(connection: psycopg.Connection, digest: bytes) -> float:
    query = "SELECT extract(epoch FROM refused_until - guessed_at)::float FROM auth.guesses"
    row = connection.execute(query.encode() + b" WHERE subject = %s", (digest,)).fetchone()
    assert row
    return row[0]


def test_many_guesses_at_once_are_counted_each(office: Office) -> None:
    tried = 4 * ACCOUNT.free

    def guess(n: int) -> bool:
        with psycopg.connect(office.database.command, autocommit=True) as connection:
            try:
                admit(connection, subjects("somebody", f"10.3.{n}.1", None))
            except TooMany:
                return False
            return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(guess, range(tried))) == ACCOUNT.free + 1


def test_who_is_right_starts_anew_and_gives_others_nothing(office: Office) -> None:
    """Signing in again and again with one's own account does not buy guesses for others."""
    with psycopg.connect(office.database.command, autocommit=True) as connection:
        for _ in range(5):
            admit(connection, subjects("victim", "10.4.0.1", None))
        own = subjects("insp2", "10.4.0.1", None)
        admit(connection, own)
        forgive(connection, own)
        left = connection.execute(
            "SELECT failed FROM auth.guesses WHERE subject = ANY(%s) ORDER BY failed",
            ([s.digest for s in own],),
        ).fetchall()
    assert left[0] == (0,)
    assert 4.9 < left[1][0] <= 5


def test_strangers_keep_nobody_out_of_a_known_browser(office: Office, sessions: Sessions) -> None:
    device = opened(sessions).device
    for n in range(ACCOUNT.free + 1):
        assert sessions.open(attempt("insp2", "wrong", f"10.0.{n}.1")) is None
    with pytest.raises(TooMany):
        sessions.open(attempt("insp2", PASSWORD, "10.0.0.1"))
    with pytest.raises(TooMany):  # a device of somebody else, and one made up
        sessions.open(
            attempt("insp2", PASSWORD, "10.0.0.1", opened(sessions, account="insp5").device)
        )
    with pytest.raises(TooMany):
        sessions.open(attempt("insp2", PASSWORD, "10.0.0.1", "made-up"))
    known = sessions.open(attempt("insp2", PASSWORD, "10.0.0.1", device))
    assert known
    assert known.device != device
    with pytest.raises(TooMany):  # the token before is worth nothing
        sessions.open(attempt("insp2", PASSWORD, "10.0.0.1", device))
    with office.owner() as connection:
        kept = connection.execute("SELECT device_hash FROM auth.devices").fetchall()
    assert (sha256(known.device.encode()).digest(),) in kept


def test_guesses_in_a_known_browser_are_slowed_too(sessions: Sessions) -> None:
    device = opened(sessions).device
    for n in range(ACCOUNT.free + 1):
        assert sessions.open(attempt("insp2", "wrong", f"10.0.{n}.1", device)) is None
    with pytest.raises(TooMany) as refused:
        sessions.open(attempt("insp2", PASSWORD, "10.0.0.1", device))
    assert refused.value.rule == "SIGN-IN-DEVICE"


def test_a_new_password_makes_browsers_strange_and_starts_anew(
    sessions: Sessions, office: Office
) -> None:
    device = opened(sessions).device
    for n in range(ACCOUNT.free + 1):
        assert sessions.open(attempt("insp2", "wrong", f"10.0.{n}.1")) is None
    set_password(office.database.command, "insp2", PASSWORD)
    office.tokens.pop("insp2", None)
    assert sessions._known_device(attempt("insp2", "", "", device)) is None  # noqa: SLF001
    opened(sessions)


def test_an_account_knows_so_many_browsers(office: Office) -> None:
    with psycopg.connect(office.database.command, autocommit=True) as connection:
        for n in range(MOST + 3):
            renew(connection, "super1", None, sha256(str(n).encode()).digest())
        row = connection.execute(
            "SELECT count(*) FROM auth.devices WHERE account = 'super1'"
        ).fetchone()
    assert row == (MOST,)


def test_by_http_a_browser_is_known_and_a_machine_too(office: Office) -> None:
    form = {"account": "insp2", "password": PASSWORD}
    machine = office.client.post("/api/v1/session", json=form).json()
    assert office.client.post("/login", data=form).status_code == 303
    assert len(office.client.cookies["bihuan-device"]) > 20
    browser = dict(office.client.cookies)
    office.client.cookies.clear()
    for _ in range(ACCOUNT.free + 1):
        wrong = office.client.post("/api/v1/session", json=form | {"password": "wrong"})
        assert (wrong.status_code, wrong.json()["rule"]) == (401, "SIGN-IN-FAILED")
    stopped = office.client.post("/api/v1/session", json=form)
    page = office.client.post("/login", data=form)
    assert (stopped.status_code, page.status_code) == (429, 429)
    assert int(stopped.headers["retry-after"]) > 0
    assert int(page.headers["retry-after"]) > 0
    assert stopped.json()["rule"] == "SIGN-IN-ACCOUNT"
    assert "登录失败次数过多" in page.text
    again = office.client.post("/api/v1/session", json=form | {"device": machine["device"]})
    assert again.status_code == 201
    office.client.cookies.update({"bihuan-device": browser["bihuan-device"]})
    headers = {"sec-fetch-site": "same-origin"}
    assert office.client.post("/login", data=form, headers=headers).status_code == 303


def test_a_crowd_at_the_door_keeps_nobody_from_working(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While every hash takes its time: work goes on, and the line does not grow without end."""
    inside, go, most = office.headers("insp1"), threading.Event(), AT_ONCE + LONGEST_LINE
    assert most > THREADS
    database, guess = office.database, {"account": "insp2", "password": "wrong"}
    device = opened(office.app.state.doors.sessions).device
    monkeypatch.setattr(
        "api.auth.passwords.check", lambda _, given: given == PASSWORD or not go.wait(30)
    )
    app = create_app(office.bihuan, command=database.command, reader=database.reader)
    with (
        served(app) as address,
        httpx.Client(base_url=address, timeout=30) as client,
        ThreadPoolExecutor(most) as crowd,
    ):
        there = [crowd.submit(client.post, "/api/v1/session", json=guess) for _ in range(most)]
        line = app.state.doors.sessions.line
        while line.statistics().tasks_waiting < LONGEST_LINE:
            assert client.get("/api/v1/me", headers=inside).status_code == 200
        machine = client.post("/api/v1/session", json=guess)
        page = client.post("/login", data=guess)
        assert client.get("/api/v1/me", headers=inside).status_code == 200
        known = guess | {"password": PASSWORD, "device": device}
        assert client.post("/api/v1/session", json=known).status_code == 201
        go.set()
        assert (machine.status_code, page.status_code) == (429, 429)
        assert "同时登录的人太多" in page.text
        assert {answer.result().status_code for answer in there} <= {401, 429}


def test_what_happens_at_the_door_is_logged_without_secrets(
    sessions: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "api.auth"):
        device = opened(sessions).device
        sessions.open(attempt("insp2", PASSWORD, "10.0.0.1", device))
        sessions.open(attempt("my-secret-typed-here", "wrong-one", "10.0.0.1"))
        for _ in range(ACCOUNT.free + 1):
            sessions.open(attempt("insp2", "wrong-one", "10.0.0.1\nforged"))
        with pytest.raises(TooMany):
            sessions.open(attempt("insp2", "wrong-one", "10.0.0.1"))
    told = [record.getMessage() for record in caplog.records]
    where = "address='10.0.0.1' kind=page"
    assert told[:3] == [
        f"sign-in signed in: account=insp2 {where} rule=new",
        f"sign-in signed in: account=insp2 {where} rule=known",
        f"sign-in failed: account=- {where} rule=SIGN-IN-FAILED",
    ]
    assert told[-1] == f"sign-in refused: account=insp2 {where} rule=SIGN-IN-ACCOUNT"
    assert not [line for line in told if "\n" in line]
    for secret in (PASSWORD, device, "my-secret", "wrong-one"):
        assert secret not in "".join(told)
