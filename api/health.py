"""Health (健康检查): alive, ready with one answer per check, version."""

import shutil
import socket
from collections.abc import Callable
from importlib.metadata import version

import psycopg
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.doors import Doors, doors_of
from api.reading import json
from domain.store import StoreUnavailable
from projections.parking import parked
from projections.waiting import caught_up

routes = APIRouter(tags=["系统"])
ROOM = 128 * 1024 * 1024
LAG = 10_000
Check = Callable[[Doors], str]


@routes.get("/healthz", operation_id="healthz", summary="进程存活")
async def healthz() -> Response:
    """This process answers."""
    return json({"status": "ok"})


@routes.get("/version", operation_id="version", summary="版本")
async def own_version() -> Response:
    """Version of the product."""
    return json({"product": "bihuan", "version": version("bihuan")})


@routes.get("/readyz", operation_id="readyz", summary="各部分就绪情况")
def readyz(request: Request) -> Response:
    """Whether everything this process needs is there; 503 names what is not."""
    doors = doors_of(request)
    checks = {name: _try(check, doors) for name, check in _CHECKS.items()}
    ready = not any(checks.values())
    told = {name: said or "ok" for name, said in checks.items()}
    return json({"ready": ready, "checks": told}, 200 if ready else 503)


def _try(check: Check, doors: Doors) -> str:
    try:
        return check(doors)
    except (psycopg.Error, StoreUnavailable, OSError) as error:
        return f"不可用（{type(error).__name__}）"


def _store(doors: Doors) -> str:
    doors.bihuan.store.head()
    return ""


def _temporal(doors: Doors) -> str:
    host, _, port = doors.temporal.address.rpartition(":")
    if not port:
        return "未配置 Temporal 地址"
    with socket.create_connection((host, int(port)), timeout=1):
        return ""


def _projections(doors: Doors) -> str:
    head = doors.bihuan.store.head()[0]
    with doors.reader.connection() as connection:
        positions = caught_up(connection)
        if not positions:
            return "读模型尚未建立，请启动读模型进程"
        behind = [n for n, at in positions.items() if head - at > LAG]
        stuck = len(parked(connection))
    if behind:
        return f"读模型落后：{'、'.join(behind)}"
    return f"{stuck} 个案卷的读模型已搁置，请查日志后恢复" if stuck else ""


def _disk(doors: Doors) -> str:
    folder = doors.bihuan.blobs.folder
    folder.mkdir(parents=True, exist_ok=True)
    return "" if shutil.disk_usage(folder).free > ROOM else "磁盘空间不足"


_CHECKS: dict[str, Check] = {
    "store": _store,
    "temporal": _temporal,
    "projections": _projections,
    "disk": _disk,
}
