"""A commitment's deadline, explained over HTTP."""

import httpx
from served_ledger import Served

from api.examples import story
from ledger.codec import key_of

ROAD = story().ids["road"]


def got(served: Served, path: str) -> httpx.Response:
    async def work(client: httpx.AsyncClient) -> httpx.Response:
        return await client.get(path)

    answer: httpx.Response = served.run(work)
    return answer


def test_a_deadline_explains_itself(told_on_both: Served):
    shown = got(told_on_both, f"/v1/commitments/{ROAD}").json()["commitment"]
    answer = got(told_on_both, f"/v1/commitments/{ROAD}/deadline")
    assert answer.status_code == 200
    found = answer.json()
    assert (found["due_on"], found["original_due_on"]) == (shown["due_on"], shown["original_due_on"])
    assert found["provisional"] is shown["provisional"] is False
    abouts = [line["about"] for line in found["lines"]]
    assert abouts[0] == "start"
    assert {"extension", "pause", "change"} <= set(abouts)
    assert abouts[-1] == "result"
    assert found["lines"][-1]["day"] == shown["due_on"]
    assert [clock["rule"] for clock in found["clocks"]] == ["dispatch_hours.general", "acknowledge_working_days"]


def test_it_is_told_as_it_was_known(told_on_both: Served):
    rows = told_on_both.store.stream(key_of(ROAD))
    registered = next(row.position for row in rows if row.name == "commitment_registered.1")
    found = got(told_on_both, f"/v1/commitments/{ROAD}/deadline?as_of={registered}").json()
    assert [line["about"] for line in found["lines"]] == ["start", "result"]
    assert found["due_on"] == found["original_due_on"]
    assert len(found["clocks"]) == 1
    assert got(told_on_both, f"/v1/commitments/{ROAD}/deadline?as_of=1").status_code == 404
