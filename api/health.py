"""Is it up, and may it be given work."""

from fastapi import APIRouter


def router() -> APIRouter:
    made = APIRouter(tags=["运行 Operation"])

    @made.get("/healthz", operation_id="healthz", summary="存活 Alive")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    return made
