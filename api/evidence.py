"""Evidence bytes (证据原件): uploaded by their SHA-256, read only through a case one may see."""

import logging
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO
from urllib.parse import quote
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from api.doors import SIGNED_IN, doors_of
from api.reading import case_in_scope
from domain.errors import NotFound
from domain.inspection import Inspection

LARGEST = 50 * 1024 * 1024
IN_MEMORY = 1024 * 1024
_LOG = logging.getLogger(__name__)
CHUNK = 256 * 1024
routes = APIRouter(prefix="/api/v1", tags=["证据"], dependencies=SIGNED_IN)


@routes.put(
    "/blobs/{sha256}",
    status_code=201,
    operation_id="put_blob",
    summary="上传证据原件",
    max_body_size=LARGEST,
)
async def put_blob(request: Request, sha256: str) -> Response:
    """Store the body if it is what its name says: 201 new, 200 known, 422 something else."""
    blobs = doors_of(request).bihuan.blobs
    with _spool() as file:
        async for chunk in request.stream():
            await run_sync(file.write, chunk)
        file.seek(0)
        outcome = await run_sync(blobs.put, sha256, file, LARGEST)
    return Response(status_code=201 if outcome == "created" else 200)


@routes.get(
    "/inspections/{case_id}/evidence/{evidence_id}",
    operation_id="get_evidence",
    summary="下载证据原件",
)
def get_evidence(request: Request, case_id: UUID, evidence_id: UUID) -> Response:
    """The original bytes, as an attachment that no browser runs."""
    case = case_in_scope(request, Inspection, case_id)
    evidence = case.evidence.get(evidence_id)
    if evidence is None:
        raise NotFound("NOT-FOUND", "没有这份证据，请核对编号。")
    try:
        file = doors_of(request).bihuan.blobs.open(evidence.sha256)
    except FileNotFoundError:
        _LOG.error("evidence %s of case %s is missing", evidence.sha256, case_id)
        raise NotFound(
            "EVIDENCE-MISSING", "证据原件在存储中缺失，请告知管理员从备份恢复。"
        ) from None
    return StreamingResponse(
        _chunks(file),
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(evidence.title, safe='')}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


@contextmanager
def _spool() -> Generator[IO[bytes]]:
    with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        yield file  # pyright: ignore[reportReturnType] - it is a file, if not by inheritance


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
