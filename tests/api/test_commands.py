"""Command routes: what they answer, and what they refuse."""

from typing import Any

import httpx
from served_ledger import Served

UNIT = {"code": "TC-MZ", "title": "太仓市民政局", "unit_class": "department", "region": "320585"}


def test_a_command_is_stored_and_answered(served: Served):
    async def work(client: httpx.AsyncClient) -> Any:
        return await client.post("/v1/units", json=UNIT, headers=served.headers())

    answer = served.run(work)
    assert answer.status_code == 201
    said = answer.json()
    assert said.keys() == {"id", "position", "version", "recorded_at", "count"}
    head = served.store.head()
    assert (said["position"], said["version"], said["count"]) == (head.position, 1, 1)
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["location"] == f"/v1/events/{head.position}"
    assert "idempotency-replayed" not in answer.headers
