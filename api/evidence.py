"""Evidence files (佐证材料) in and out, streamed. The server computes the digest that commands then name."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api.access_log import AccessLog, Entry
from api.headers import authorization_of
from api.keys import Keys, Scope
from api.problems import Problem
from api.reading import without_body
from ledger.evidence import MAX_EVIDENCE, Evidence

FILE = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
LODGE = {"requestBody": {"required": True, "content": {**FILE, "application/pdf": {}, "image/jpeg": {}}}}


class LodgedFile(BaseModel):
    """What commands refer to."""

    digest: str
    """SHA-256 of the file, computed by the server."""
    size: int


def router(evidence: Evidence, keys: Keys, log: AccessLog) -> APIRouter:
    made = APIRouter(tags=["佐证材料 Evidence"])

    @made.post(
        "/v1/evidence",
        operation_id="lodge_evidence",
        summary="上传材料 Lodge a file",
        description="原样上传文件内容，最多 50 MB。The file itself as the body, at most 50 MB.",
        status_code=201,
        openapi_extra=LODGE,
    )
    async def lodge(request: Request, response: Response) -> LodgedFile:
        await keys.holder(authorization_of(request.scope["headers"]), Scope.EVIDENCE)
        declared = request.headers.get("content-length", "")
        if declared.isdigit() and int(declared) > MAX_EVIDENCE:
            raise Problem(
                "evidence_too_large", "佐证材料不能超过50 MB", "an evidence file is at most 50 MB", status=413
            )
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        lodged = await evidence.lodge_async(request.stream(), media_type)
        response.headers["Location"] = f"/v1/evidence/{lodged.digest}"
        return LodgedFile(digest=lodged.digest, size=lodged.size)

    @made.get(
        "/v1/evidence/{digest}",
        operation_id="get_evidence",
        summary="下载材料 Download a file",
        description="每次下载都记入访问日志。Each download is in the access log.",
        response_class=StreamingResponse,
        responses={200: {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}},
    )
    async def download(request: Request, digest: Annotated[str, Path(pattern="^[0-9a-f]{64}$")]) -> Response:
        holder = await keys.holder(authorization_of(request.scope["headers"]), Scope.EVIDENCE)
        found = await run_in_threadpool(evidence.about, digest)
        if found is None:
            raise unknown()
        pieces = evidence.read(digest)
        # The first piece is read before the answer begins: an erased file is a 404, not a broken download.
        first = await run_in_threadpool(_first, pieces)
        if first is None:
            raise unknown()
        if not without_body(request):
            await run_in_threadpool(log.write, Entry(holder.client, "", "", (), "downloaded", digest))
        headers = {
            "Content-Type": found.media_type,
            "Content-Length": str(found.size),
            "ETag": f'"{digest}"',
            "Content-Disposition": f'attachment; filename="{digest[:16]}"',
            "Cache-Control": "private, no-cache",
        }
        return StreamingResponse(_all(first, pieces), 200, headers)

    return made


def unknown() -> Problem:
    return Problem(
        "unknown_evidence", "没有这份佐证材料，或已删除", "there is no such evidence, or it was erased", status=404
    )


def _first(pieces: Iterator[bytes]) -> bytes | None:
    try:
        return next(pieces)
    except FileNotFoundError:
        return None


def _all(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
