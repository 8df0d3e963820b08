"""Limits and their editions over HTTP."""

from typing import Any

import httpx
from served_ledger import Served

from api.examples import story
from domain.rules import DEFAULT
from ledger.codec import key_of

TOLD = story()
SHORTER, LONGER = TOLD.ids["shorter"], TOLD.ids["longer"]


def got(served: Served, path: str) -> Any:
    async def work(client: httpx.AsyncClient) -> httpx.Response:
        return await client.get(path)

    answer: httpx.Response = served.run(work)
    assert answer.status_code == 200, answer.text
    return answer.json()


def limit(found: Any, name: str) -> Any:
    (line,) = (line for line in found["rules"]["limits"] if line["limit"] == name)
    return line


def test_the_limits_in_force_say_who_set_them(told_on_both: Served):
    found = got(told_on_both, "/v1/rules")
    assert (found["rules"]["edition"], found["rules"]["source"]) == ("2012-1", "示政办发〔2012〕1号")
    changed = limit(found, "dispatch_hours.general")
    assert (changed["value"], changed["set_by"], changed["source"]) == (12, "2012-1", "示政办发〔2012〕1号")
    assert (changed["span"], changed["least"], changed["most"], changed["statutory"]) == ("hours", 1, 720, False)
    kept = limit(found, "call_back_attempts")
    assert (kept["value"], kept["set_by"]) == (DEFAULT.call_back_attempts, "1")
    assert limit(found, "objection_days")["statutory"]


def test_every_edition_is_shown_with_what_became_of_it(told_on_both: Served):
    shorter, longer = got(told_on_both, "/v1/rules")["rules"]["editions"]
    assert (shorter["id"], shorter["edition"], shorter["stage"], shorter["in_force"]) == (
        SHORTER,
        "2012-1",
        "confirmed",
        True,
    )
    assert (longer["id"], longer["stage"], longer["in_force"], longer["version"]) == (LONGER, "withdrawn", False, 2)
    assert [entry["event"] for entry in longer["entries"]] == ["rule_edition_issued.1", "rule_edition_withdrawn.1"]
    assert shorter["entries"][1]["zh"] == "批准施行，接续第1版。"
    assert shorter["limits"] == [
        {"limit": "defer_max_days", "value": 60},
        {"limit": "dispatch_hours.general", "value": 12},
    ]


def test_they_are_told_as_of_any_moment(told_on_both: Served):
    issued, confirmed = (row.position for row in told_on_both.store.stream(key_of(SHORTER)))
    since = got(told_on_both, "/v1/rules")["rules"]["editions"][0]["in_force_from"]
    before = got(told_on_both, f"/v1/rules?as_of={issued - 1}&on={since}")
    assert (before["rules"]["edition"], before["rules"]["editions"]) == ("1", [])
    assert got(told_on_both, f"/v1/rules?as_of={issued}&on={since}")["rules"]["edition"] == "1"
    assert got(told_on_both, f"/v1/rules?as_of={confirmed}")["rules"]["edition"] == "1"
    assert got(told_on_both, f"/v1/rules?as_of={confirmed}&on={since}")["rules"]["edition"] == "2012-1"
    assert limit(got(told_on_both, f"/v1/rules?as_of={issued}"), "dispatch_hours.general")["value"] == 24


def test_a_deadline_quotes_the_edition_it_was_counted_by(told_on_both: Served):
    first = {}
    for name in ("road", "shelter"):
        (clock, *_) = got(told_on_both, f"/v1/commitments/{TOLD.ids[name]}/deadline")["clocks"]
        first[name] = (clock["edition"], clock["lines"][0])
    edition, line = first["shelter"]
    assert edition == "2012-1"
    assert "（第2012-1版）：交办时限（一般） 12小时；依据：示政办发〔2012〕1号" in line["zh"]
    edition, line = first["road"]
    assert edition == "1"
    assert "（第1版）：交办时限（一般） 24小时；依据：本地默认值" in line["zh"]
