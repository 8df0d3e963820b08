"""A report about conduct and the unit it is about: everything that unit can see is the same to the byte with the report
and without it, and takes as many looks at the ledger. Real ledger, real keys; nothing is left out of the comparison."""

import asyncio
import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import orjson
import pytest
from databases import KINDS, fresh_database
from served_ledger import Served, serve

from api.keys import Scope
from ledger.contract import Accepted, Submission

OF_A_UNIT = (Scope.UNIT, Scope.COMMAND, Scope.OPEN, Scope.EVIDENCE)
NOBODY = "01890000-0000-7000-8000-000000000000"
PROMISE = {
    "title": "硬化村道12公里",
    "quantity": 12,
    "measure": "公里",
    "starts_on": "2026-01-01",
    "due_on": "2027-12-31",
    "basis": "示政发1号",
    "mandate": "government",
    "urgency": "general",
    "recurrence": "one_off",
    "aid": "capacity",
    "region": "320585",
}
REQUEST = {
    "kind": "complaint",
    "way": "window",
    "protection": "confidential",
    "title": "窗口排队过久",
    "detail": "等了两小时",
    "urgency": "general",
    "region": "320585",
    "name": "示例群众",
}


@dataclasses.dataclass
class World:
    """A unit that has something to do, and a caller who takes a report about it."""

    served: Served
    ids: dict[str, str] = dataclasses.field(default_factory=dict)

    def tell(self, command: str, by: str, of: str, **body: Any) -> Accepted:
        creates = of not in self.ids
        outcome = asyncio.run(
            self.served.gate.submit(
                Submission(
                    client="platform",
                    key=str(uuid4()),
                    person=self.ids[by],
                    command=command,
                    stream="" if creates else self.ids[of],
                    body=msgspec.Raw(orjson.dumps(body)),
                )
            )
        )
        assert isinstance(outcome, Accepted), outcome
        self.ids[of] = outcome.stream
        return outcome

    def begin(self) -> None:
        self.ids |= {role.value: person for role, person in self.served.administrators.items()}
        for unit in ("unit", "other unit"):
            self.tell(
                "register_unit",
                "system_admin",
                unit,
                code=unit[:2],
                title=unit,
                unit_class="department",
                region="320585",
            )
        for name, roles, unit in (
            ("officer", ["unit_officer"], "unit"),
            ("caller", ["caller"], None),
            ("dispatcher", ["dispatcher"], None),
            ("leader", ["leader"], None),
            ("supervisor", ["supervisor"], None),
            ("second", ["supervisor"], None),
            ("vetter", ["vetter"], None),
            ("insider", ["supervisor"], "unit"),
        ):
            more = {} if unit is None else {"unit": self.ids[unit]}
            self.tell("enrol_person", "security_admin", name, name=name, title="科员", roles=roles, **more)
        target = {"key": "roads", "text": "硬化村道", "quantity": 100, "measure": "公里"}
        self.tell(
            "issue_policy",
            "supervisor",
            "policy",
            title="农村道路",
            number="示政发1号",
            issuer=self.ids["unit"],
            effective_on="2026-01-01",
            summary="三年完成",
            targets=[target],
        )
        served = [{"policy": self.ids["policy"], "target": "roads"}]
        self.tell(
            "propose_commitment", "supervisor", "commitment", **PROMISE, targets=served, lead_unit=self.ids["unit"]
        )
        self.tell("register_commitment", "leader", "commitment")
        self.tell("assign_commitment", "dispatcher", "commitment")
        self.tell("raise_request", "caller", "request", **REQUEST)
        self.tell("dispatch_request", "dispatcher", "request", unit=self.ids["unit"])
        self.tell("raise_request", "caller", "second request", **REQUEST)
        plan = {
            "title": "农村道路督查",
            "mandate": "government",
            "team": [self.ids["second"]],
            "methods": ["site_visit"],
        }
        days = {"starts_on": "2027-01-04", "ends_on": "2027-06-30"}
        units = [self.ids["unit"], self.ids["other unit"]]
        self.tell(
            "plan_inspection",
            "supervisor",
            "inspection",
            **plan,
            **days,
            scope="道路",
            units=units,
            policies=[self.ids["policy"]],
        )
        shown = [{"version": 1, "field": "title"}]
        self.tell("issue_publication", "vetter", "publication", record=self.ids["policy"], title="公示", items=shown)

    def report(self) -> None:
        """About the unit, and everything that can happen to the report."""
        handlers = [self.ids["supervisor"], self.ids["second"]]
        said = {"words": "拖延并暗示送礼", "name": "举报人", "phone": "000-0000"}
        self.tell("report_conduct", "caller", "matter", about=self.ids["unit"], handlers=handlers, **said)
        self.tell("note_matter", "supervisor", "matter", words="已调取记录")
        self.tell("name_handlers", "second", "matter", handlers=[*handlers, self.ids["leader"]], reason="请领导办理")
        self.tell("conclude_matter", "supervisor", "matter", ruling="partly", words="拖延属实")
        self.tell("close_matter", "second", "matter", words="同意")


@pytest.fixture(scope="module", params=KINDS)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    directory: Path = tmp_path_factory.mktemp("confidence")
    with fresh_database(request.param, directory) as url:
        made = World(serve(url, directory, demonstration=False))
        made.begin()
        made.served.follow()
        yield made
        made.served.close()


def addresses(world: World) -> list[str]:
    """Every GET route there is, with whatever fits its parameters: each id the unit knows, each figure, each year."""
    documented = world.served.app.openapi()["paths"]
    known = [*world.ids.values(), "field_visits", "problems_solved", "1", "5", NOBODY, "5e" * 32]
    found: list[str] = []
    pages = ("/", "/commitments", "/commitments/{id}", "/figures/{id}", "/events/{id}", "/openapi.json", "/problems")
    for path in (*(path for path, methods in documented.items() if "get" in methods), *pages):
        fitting = known if "{" in path else known[:1]
        found += [re.sub(r"{\w+[^}]*}", value, path) for value in fitting]
    found += [f"{path}?year=2026" for path in found if "figures" in path]
    found += [f"{path}?unit={world.ids['unit']}" for path in found if path.endswith(("/commitments", "/requests"))]
    lists = ("requests", "inspections", "conclusions", "rectifications", "listings", "talks", "circulars")
    narrowings = ("overdue=true", "overdue=false&on=2030-01-01", "sort=-begun&limit=1", f"unit={world.ids['unit']}")
    found += [f"/v1/{name}?{narrowing}" for name in lists for narrowing in narrowings]
    found += [f"/v1/requests?{query}" for query in ("stage=raised", "kind=complaint", "channel=window", "limit=1")]
    found += ["/v1/requests/counts?on=2030-01-01", "/v1/publications?limit=1", "/v1/appraisals?stage=voting"]
    found += ["/v1/units?limit=1", "/v1/persons?limit=1", "/v1/nothing", "/nothing", "/v1/commitments?as_of=7"]
    return found


class Looks:
    """Counts what is read of the ledger."""

    def __init__(self, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        for name in ("read", "stream", "streams", "sealed", "position_at"):
            monkeypatch.setattr(served.store, name, self._counted(getattr(served.store, name)))

    def _counted(self, look: Any) -> Any:
        def counted(*args: Any, **named: Any) -> Any:
            self.count += 1
            return look(*args, **named)

        return counted


def seen(world: World, paths: list[str], looks: Looks) -> dict[str, Any]:
    """All the unit gets, with its own key and without one: status, headers, body, and looks at the ledger."""
    served = world.served
    key = unit_key(served)

    async def work(client: httpx.AsyncClient) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for authorization in (f"Bearer {key}", ""):
            client.headers["authorization"] = authorization
            if not authorization:
                del client.headers["authorization"]
            for path in paths:
                # The handler of a report, too: what a key may not see is not shown to anybody it speaks for.
                for person in ("officer", "second") if "matters" in path else ("officer",):
                    before = looks.count
                    answer = await client.get(path, headers={"Luoshi-Person": world.ids[person]})
                    found[f"{bool(authorization)} {person} {path}"] = (
                        answer.status_code,
                        sorted(answer.headers.items()),
                        answer.content,
                        looks.count - before,
                    )
        return found

    return served.run(work)  # type: ignore[no-any-return]


_keys: dict[int, str] = {}


def unit_key(served: Served) -> str:
    """One key for all of a test, for its holder is remembered for a while."""
    return _keys.setdefault(id(served), served.new_key(*OF_A_UNIT, client="unit-program"))


def test_everything_the_unit_sees_is_the_same_with_and_without_a_report(world: World, monkeypatch: pytest.MonkeyPatch):
    paths = addresses(world)
    looks = Looks(world.served, monkeypatch)
    first = seen(world, paths, looks)  # what is made once is made
    following = {
        told.group(1).decode() for found in first.values() for told in re.finditer(b'"next":"(.*?)"', found[2])
    }
    assert len(following) > 3, "no page is followed by another"
    paths += sorted(following)
    without = seen(world, paths, looks)
    world.report()
    world.served.follow()
    with_it = seen(world, paths, looks)
    differing = {path: (without[path], with_it[path]) for path in without if without[path] != with_it[path]}
    assert differing == {}
    answered = [path for path, found in without.items() if found[0] == 200]
    assert len(answered) > 60, "too little was compared"
    assert {found[0] for path, found in without.items() if "matters" in path} == {401, 403}


def test_the_comparison_would_see_an_ordinary_request(world: World, monkeypatch: pytest.MonkeyPatch):
    looks = Looks(world.served, monkeypatch)
    before = seen(world, ["/v1/commitments"], looks)
    world.tell("raise_request", "caller", "another", **REQUEST)
    world.served.follow()
    assert seen(world, ["/v1/commitments"], looks) != before


def test_no_position_is_shown_and_tokens_work(world: World):
    served = world.served

    async def work(client: httpx.AsyncClient) -> None:
        first = (await client.get("/v1/commitments")).json()
        token = first["position"]
        assert isinstance(token, str)
        assert not token.isdigit()
        again = await client.get("/v1/commitments", params={"as_of": token, "wait_for": token})
        assert again.json()["items"] == first["items"]
        forged = await client.get("/v1/commitments", params={"as_of": token[::-1]})
        assert (forged.status_code, forged.json()["type"]) == (422, "/problems/position_opaque")
        number = await client.get("/v1/commitments", params={"as_of": "5"})
        assert (number.status_code, number.json()["field"]) == (422, "as_of")
        page = (await client.get("/v1/units?limit=1")).json()
        following = (await client.get(page["next"])).json()
        assert following["items"][0]["id"] != page["items"][0]["id"]
        history = await client.get(f"/v1/commitments/{world.ids['commitment']}/history")
        assert {type(entry["position"]) for entry in history.json()["entries"]} == {str}
        thing = await client.get(f"/v1/commitments/{world.ids['commitment']}")
        assert thing.headers["etag"] == '"3"'

    served.run(work, key=unit_key(served))


def test_the_unit_acts_and_opens_with_tokens_only(world: World):
    served = world.served

    async def work(client: httpx.AsyncClient) -> None:
        headers = served.headers(world.ids["officer"])
        done = await client.post(f"/v1/requests/{world.ids['request']}/acknowledgement", headers=headers, json={})
        assert done.status_code == 201, done.text
        token = done.json()["position"]
        assert isinstance(token, str)
        assert "location" not in done.headers
        acting = {"Luoshi-Person": world.ids["officer"]}
        opened = await client.post("/v1/openings", headers=acting, json={"positions": [token], "reason": "核实"})
        assert (opened.status_code, opened.json()["opened"]) == (200, [])
        for guess in range(1, world.served.store.head().position + 2):
            refused = await client.post("/v1/openings", headers=acting, json={"positions": [guess], "reason": "核实"})
            assert (refused.status_code, refused.json()["type"]) == (422, "/problems/position_opaque")
        for path in ("/v1/commands", "/v1/commands/bulk", "/v1/events", "/v1/stream", "/", "/metrics", "/readyz"):
            ask = client.post if "commands" in path else client.get
            answer = await ask(path, headers=served.headers(world.ids["officer"]))
            assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not_for_units"), path

    served.run(work, key=unit_key(served))


def test_who_asked_for_confidence_stays_closed_to_the_unit_and_open_to_the_supervisor(world: World):
    served = world.served
    raised = world.tell("raise_request", "caller", "known", **REQUEST).position
    world.tell("dispatch_request", "dispatcher", "known", unit=world.ids["unit"])
    key = served.new_key(Scope.OPEN, Scope.READ, client="platform")

    async def work(client: httpx.AsyncClient) -> dict[str, set[str]]:
        paths = {}
        for person in ("officer", "supervisor"):
            answer = await client.post(
                "/v1/openings",
                headers={"Luoshi-Person": world.ids[person]},
                json={"positions": [raised], "reason": "核实情况"},
            )
            assert answer.status_code == 200, answer.text
            paths[person] = {field["path"] for field in answer.json()["opened"]}
        return paths

    assert served.run(work, key=key) == {"officer": {"detail"}, "supervisor": {"detail", "source.name"}}


def test_only_handlers_open_it_and_for_others_it_is_not_there(world: World):
    served = world.served
    if "matter" not in world.ids:
        world.report()
    [row] = served.store.stream(bytes.fromhex(world.ids["matter"].replace("-", "")))[:1]
    key = served.new_key(Scope.OPEN, Scope.READ, client="platform")

    async def work(client: httpx.AsyncClient) -> dict[str, Any]:
        found = {}
        for person in ("officer", "insider", "caller", "dispatcher", "second", "leader"):
            asked = {"positions": [row.position], "reason": "核实情况"}
            answer = await client.post("/v1/openings", headers={"Luoshi-Person": world.ids[person]}, json=asked)
            found[person] = answer.status_code
            if answer.status_code == 404:
                beyond = {**asked, "positions": [10**9]}
                nothing = await client.post("/v1/openings", headers={"Luoshi-Person": world.ids[person]}, json=beyond)
                assert answer.content == nothing.content
            else:
                values = {field["path"]: field["value"] for field in answer.json()["opened"]}
                assert values["name"] == "举报人"
        return found

    assert served.run(work, key=key) == {
        "officer": 404,
        "insider": 404,
        "caller": 404,
        "dispatcher": 404,
        "second": 200,
        "leader": 200,
    }


def test_a_handler_who_moves_into_the_unit_has_lost_it_at_once(world: World):
    served = world.served
    for name in ("mover", "stayer"):
        world.tell("enrol_person", "security_admin", name, name=name, title="科员", roles=["supervisor"])
    about = world.ids["unit"]
    reported = world.tell(
        "report_conduct",
        "caller",
        "another matter",
        about=about,
        words="收受土特产",
        handlers=[world.ids["mover"], world.ids["stayer"]],
    )
    key = served.new_key(Scope.OPEN, Scope.READ, Scope.COMMAND, client="platform")

    async def tried(client: httpx.AsyncClient) -> list[int]:
        found = []
        for person in ("mover", "stayer"):
            asked = {"positions": [reported.position], "reason": "核实情况"}
            opened = await client.post("/v1/openings", headers={"Luoshi-Person": world.ids[person]}, json=asked)
            path = f"/v1/matters/{reported.stream}/notes"
            noted = await client.post(path, headers=served.headers(world.ids[person]), json={"words": "已核实"})
            found += [opened.status_code, noted.status_code]
        return found

    assert served.run(tried, key=key) == [200, 201, 200, 201]
    world.tell("move_person", "security_admin", "mover", title="调研员", reason="晋升")
    assert served.run(tried, key=key) == [200, 201, 200, 201]
    world.tell("move_person", "security_admin", "mover", title="副局长", reason="调任", unit=about)
    assert served.run(tried, key=key) == [404, 404, 200, 201]
    world.tell("move_person", "security_admin", "mover", title="调研员", reason="调回")
    assert served.run(tried, key=key) == [404, 404, 200, 201]
    world.tell("remove_person", "security_admin", "stayer", reason="退休")
    assert served.run(tried, key=key)[2] == 404


def test_handlers_read_their_matter_and_nobody_else_does(world: World):
    served = world.served
    if "matter" not in world.ids:
        world.report()
    served.follow()
    matter = world.ids["matter"]
    key = served.new_key(Scope.OPEN, Scope.READ, client="handlers")

    async def work(client: httpx.AsyncClient) -> None:
        for person in ("second", "leader"):
            acting = {"Luoshi-Person": world.ids[person]}
            [line] = (await client.get("/v1/matters", headers=acting)).json()["items"]
            assert (line["id"], line["stage"]) == (matter, "closed")
            answer = await client.get(f"/v1/matters/{matter}", headers=acting)
            assert (answer.status_code, answer.json()["matter"]) == (200, line)
            assert [entry["event"] for entry in answer.json()["entries"]] == ["matter_recorded.1"] * 5
            assert answer.json()["version"] == 5
            for secret in ("拖延", "举报人", world.ids["unit"]):
                assert secret not in answer.text
            born = answer.json()["entries"][0]["position"]
            earlier = await client.get(f"/v1/matters/{matter}?as_of={born - 1}", headers=acting)
            assert earlier.json()["type"] == "/problems/unknown_matter"
            then = (await client.get(f"/v1/matters/{matter}?as_of={born}", headers=acting)).json()
            assert (then["matter"]["stage"], then["version"]) == ("open", 1)
        for person, status in (("officer", 403), ("caller", 403), ("insider", 404)):
            acting = {"Luoshi-Person": world.ids[person]}
            answer = await client.get(f"/v1/matters/{matter}", headers=acting)
            nothing = await client.get(f"/v1/matters/{NOBODY}", headers=acting)
            assert (answer.status_code, answer.content) == (status, nothing.content)
            mine = await client.get("/v1/matters", headers=acting)
            assert mine.json().get("items", []) == []
        for headers in ({}, {"Luoshi-Person": NOBODY}):
            assert (await client.get("/v1/matters", headers=headers)).json()["type"] == "/problems/unknown_person"

    served.run(work, key=key)


def test_a_matter_is_in_no_list_count_or_history_of_others(world: World):
    served = world.served
    if "matter" not in world.ids:
        world.report()
    served.follow()
    matter = world.ids["matter"]

    async def work(client: httpx.AsyncClient) -> None:
        for path in [path for path in addresses(world) if "matters" not in path and matter not in path]:
            if not path.startswith(("/v1/events", "/v1/stream", "/v1/keys", "/events")):
                assert matter not in (await client.get(path)).text, path
        for path in (f"/v1/requests/{matter}", f"/v1/supervision/{matter}/history", f"/v1/publications/{matter}"):
            assert (await client.get(path)).status_code == 404

    served.run(work)


def test_confidential_matters_want_a_key_that_opens(world: World):
    served = world.served

    async def work(client: httpx.AsyncClient) -> list[tuple[int, str]]:
        found = []
        for path in ("/v1/matters", f"/v1/matters/{NOBODY}"):
            answer = await client.get(path, headers={"Luoshi-Person": world.ids["second"]})
            found.append((answer.status_code, answer.json()["type"]))
        return found

    assert served.run(work, key=served.new_key(Scope.READ, client="reader")) == [(403, "/problems/scope_missing")] * 2
    assert served.run(work, key=served.new_key(Scope.OPEN, client="opener")) == [(403, "/problems/not_for_units")] * 2


@pytest.mark.parametrize("person", ["officer", "insider", "caller"])
@pytest.mark.parametrize("version", [None, 1, 99])
def test_for_others_it_answers_as_what_never_was(world: World, person: str, version: int | None):
    served = world.served
    if "matter" not in world.ids:
        world.report()

    async def work(client: httpx.AsyncClient) -> list[tuple[int, bytes]]:
        found = []
        for stream in (world.ids["matter"], NOBODY):
            for path, body in (
                (f"/v1/matters/{stream}/notes", {"words": "x"}),
                (f"/v1/matters/{stream}/closing", {"words": "x"}),
                (f"/v1/requests/{stream}/withdrawal", {"reason": "x"}),
                (f"/v1/commitments/{stream}/follow-ups", {"quantity": 1, "note": "x"}),
            ):
                headers = served.headers(world.ids[person])
                if version is not None:
                    headers["If-Match"] = f'"{version}"'
                answer = await client.post(path, headers=headers, json=body)
                found.append((answer.status_code, answer.content))
        return found

    found = served.run(work, key=unit_key(served))
    half = len(found) // 2
    assert found[:half] == found[half:]
    assert all(status in {403, 404, 428} for status, _ in found)


def test_a_report_is_linked_to_nobody_and_nothing(world: World):
    body = {"about": world.ids["unit"], "words": "x", "handlers": [world.ids["supervisor"], world.ids["second"]]}
    for link in ("Luoshi-On-Behalf-Of", "Luoshi-Correlation", "Luoshi-Causation"):

        async def work(client: httpx.AsyncClient, link: str = link) -> httpx.Response:
            headers = {**world.served.headers(world.ids["caller"]), link: str(uuid4())}
            return await client.post("/v1/matters", headers=headers, json=body)

        answer = world.served.run(work)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/confidential_link")


def test_what_is_stored_of_a_report_names_no_unit_and_no_source(world: World):
    if "matter" not in world.ids:
        world.report()
    rows = world.served.store.stream(bytes.fromhex(world.ids["matter"].replace("-", "")))
    assert {row.name for row in rows} == {"matter_recorded.1"}
    for row in rows:
        assert world.ids["unit"].encode() not in row.state
        assert "举报人" not in row.state.decode()
        assert set(orjson.loads(row.state)["data"]) == {
            "about",
            "by",
            "handlers",
            "name",
            "phone",
            "ruling",
            "stage",
            "words",
        }


def test_on_a_real_ledger_nobody_without_a_key_is_told_how_far_it_is(world: World):
    async def work(client: httpx.AsyncClient) -> None:
        ready = await client.get("/readyz")
        assert ready.json()["position"] == world.served.store.head().position
        assert (await client.get("/metrics")).status_code == 200
        del client.headers["authorization"]
        told = (await client.get("/readyz")).json()
        assert (told["ready"], told["position"], told["views"]) == (True, None, {})
        assert (await client.get("/metrics")).status_code == 401

    world.served.follow()
    world.served.run(work)
