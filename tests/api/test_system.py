"""The app as a whole: its description, its readiness, and what it does without its parts."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import psycopg

from api.app import THREADS, create_app
from tests.api.client import Office
from tests.api.conftest import served
from tests.conftest import Database
from workflows.server import Server

OPENAPI = Path(__file__).parents[2] / "docs" / "openapi.json"
RENEW = (
    "docs/openapi.json is not what the app says of itself; read the difference, then renew it:\n"
    'python -c "import json; from api.app import create_app;'
    " print(json.dumps(create_app(None, command='', reader='').openapi(),"
    ' ensure_ascii=False, indent=1))" > docs/openapi.json'
)


def test_the_committed_description_is_the_real_one(office: Office) -> None:
    real = json.dumps(office.app.openapi(), ensure_ascii=False, indent=1) + "\n"
    assert OPENAPI.read_text("utf-8") == real, RENEW


def test_the_description_says_how_it_refuses(office: Office) -> None:
    for path, methods in office.app.openapi()["paths"].items():
        for method, told in methods.items():
            assert told["operationId"], (method, path)
            assert told["tags"], (method, path)
            assert "application/problem+json" in told["responses"]["4XX"]["content"], (method, path)
            assert "422" not in told["responses"], (method, path)


def test_alive_and_version_need_nothing(office: Office) -> None:
    assert office.client.get("/healthz").json() == {"status": "ok"}
    assert office.client.get("/version").json()["product"] == "bihuan"


def test_readiness_names_what_is_missing(office: Office) -> None:
    office.planned().view()
    answer = office.client.get("/readyz")
    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert "不可用" in checks.pop("temporal")
    assert set(checks.values()) == {"ok"}


def test_readiness_without_projections(
    office: Office, new_database: Callable[[], Database]
) -> None:
    """Nothing has followed the log of this database yet; Temporal's port is open."""
    fresh = new_database()
    with socket.create_server(("127.0.0.1", 0)) as temporal:
        app = create_app(
            office.bihuan,
            command=fresh.command,
            reader=fresh.reader,
            temporal=Server(f"127.0.0.1:{temporal.getsockname()[1]}"),
        )
        with served(app) as address:
            answer = httpx.get(f"{address}/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "checks": {
            "store": "ok",
            "temporal": "ok",
            "projections": "读模型尚未建立，请启动读模型进程",
            "disk": "ok",
        },
    }


def test_with_every_connection_taken_one_is_asked_to_come_back(office: Office) -> None:
    headers, doors = office.headers("insp1"), office.app.state.doors
    with ExitStack() as held:
        for _ in range(THREADS):
            held.enter_context(doors.reader.connection())
        answer = office.client.get("/api/v1/work", headers=headers)
        assert (answer.status_code, answer.json()["rule"]) == (503, "UNAVAILABLE")
        assert int(answer.headers["retry-after"]) <= 2
        assert answer.elapsed.total_seconds() < 5
        assert office.client.get("/healthz").status_code == 200
    assert office.get("insp1", "/work").status_code == 200


def test_without_its_database_it_asks_to_come_back(
    office: Office, new_database: Callable[[], Database], postgres: str
) -> None:
    fresh, nobody = new_database(), {"account": "nobody", "password": "wrong"}
    app = create_app(office.bihuan, command=fresh.command, reader=fresh.reader)
    with served(app) as address, httpx.Client(base_url=address) as client:
        assert client.post("/api/v1/session", json=nobody).status_code == 401
        with away(fresh.name, postgres):
            answer = client.post("/api/v1/session", json=nobody)
            assert (answer.status_code, answer.json()["rule"]) == (503, "UNAVAILABLE")
            assert "retry-after" in answer.headers
        others = [nobody | {"account": f"nobody{n}"} for n in range(THREADS)]
        again = [client.post("/api/v1/session", json=other).status_code for other in others]
        assert again[-1] == 401


@contextmanager
def away(name: str, postgres: str) -> Iterator[None]:
    """Nobody gets in, and those who were in are thrown out."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        try:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
            )
            yield
        finally:
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
