"""API keys: who gets in, how far, until when."""

import time
from typing import Any

import httpx
import pytest
from served_ledger import Served, serve

from api import keys
from api.keys import Scope
from domain.actor import Role

UNIT = {"code": "TC-MZ", "title": "示例市民政局", "unit_class": "department", "region": "320585"}
HOUR = 3_600_000_000


def now() -> int:
    return time.time_ns() // 1000


async def register(
    client: httpx.AsyncClient, served: Served, authorization: str | None, code: str = "A"
) -> httpx.Response:
    headers = served.headers()
    if authorization is not None:
        headers["Authorization"] = authorization
    return await client.post("/v1/units", json={**UNIT, "code": code}, headers=headers)


@pytest.mark.parametrize("door", ["route", "hot", "bulk"])
@pytest.mark.parametrize(
    ("authorization", "rule"),
    [
        ("", "key_missing"),
        ("Bearer", "key_unknown"),
        ("Bearer nonsense", "key_unknown"),
        ("Bearer ls_000000000000_secret", "key_unknown"),
        ("Basic {key}", "key_unknown"),
        ("Bearer {key}x", "key_unknown"),
        ("Bearer ls_{id}_", "key_unknown"),
    ],
)
def test_without_a_good_key_nothing_is_done(served_sqlite: Served, door: str, authorization: str, rule: str):
    served = served_sqlite
    said = authorization.format(key=served.key, id=served.key.split("_")[1])

    async def work(client: httpx.AsyncClient) -> httpx.Response:
        client.headers.pop("authorization")
        headers = served.headers() | ({"Authorization": said} if said else {})
        path = {"route": "/v1/units", "hot": "/v1/commands", "bulk": "/v1/commands/bulk"}[door]
        return await client.post(path, json=UNIT, headers=headers)

    head = served.store.head()
    answer = served.run(work)
    assert (answer.status_code, answer.json()["type"]) == (401, f"/problems/{rule}")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert served.store.head() == head


def test_scopes_are_kept_apart(served_sqlite: Served):
    served = served_sqlite
    attempts: dict[Scope, tuple[str, str, dict[str, Any]]] = {
        Scope.COMMAND: ("POST", "/v1/commands", {}),
        Scope.EVIDENCE: ("GET", f"/v1/evidence/{'0' * 64}", {}),
        Scope.OPEN: ("POST", "/v1/openings", {"json": {"positions": [1], "reason": "x"}}),
        Scope.ADMIN: ("GET", "/v1/keys", {}),
    }

    async def work(client: httpx.AsyncClient) -> dict[tuple[str, str], bool]:
        let = {}
        for held in Scope:
            key = served.new_key(held)
            for needed, (method, path, options) in attempts.items():
                headers = {"Authorization": f"Bearer {key}"}
                answer = await client.request(method, path, headers=headers, **options)
                let[held, needed] = answer.json().get("type") != "/problems/scope_missing"
        return let

    let = served.run(work)
    assert let == {(held, needed): held == needed for held in Scope for needed in attempts}


def test_an_expired_key_is_refused_by_real_time(served_sqlite: Served):
    served = served_sqlite
    expired = served.new_key(Scope.COMMAND, expires=now() - 1)
    valid = served.new_key(Scope.COMMAND, expires=now() + HOUR)

    async def work(client: httpx.AsyncClient) -> list[tuple[int, str]]:
        answers = [
            await register(client, served, f"Bearer {key}", code) for key, code in ((expired, "A"), (valid, "B"))
        ]
        return [(answer.status_code, answer.json().get("type", "")) for answer in answers]

    assert served.run(work) == [(401, "/problems/key_expired"), (201, "")]


def test_a_revoked_key_is_refused_soon(served_sqlite: Served, monkeypatch: pytest.MonkeyPatch):
    """Another process revokes it: this one looks again when what it remembers is no longer fresh."""
    served = served_sqlite
    moment = [1000.0]
    monkeypatch.setattr(keys.time, "monotonic", lambda: moment[0])
    key = served.new_key(Scope.COMMAND)

    async def work(client: httpx.AsyncClient) -> list[int]:
        found = [(await register(client, served, f"Bearer {key}", "A")).status_code]
        assert served.store.revoke_api_key(key.split("_")[1], now())
        moment[0] += keys.FRESH_SECONDS - 0.1
        found.append((await register(client, served, f"Bearer {key}", "B")).status_code)
        moment[0] += 0.2
        found.append((await register(client, served, f"Bearer {key}", "C")).status_code)
        return found

    assert served.run(work) == [201, 201, 401]


def test_a_key_is_made_shown_once_used_and_revoked(served: Served):
    admin = {"Luoshi-Person": served.administrators[Role.SYSTEM_ADMIN]}

    async def work(client: httpx.AsyncClient) -> None:
        asked = {
            "client": "hotline-gateway",
            "scopes": ["command", "read", "command"],
            "expires_at": "2100-01-01T00:00:00Z",
        }
        made = await client.post("/v1/keys", json=asked, headers=admin)
        assert made.status_code == 201, made.text
        said = made.json()
        key = said.pop("key")
        assert (said["client"], said["scopes"], said["revoked_at"]) == ("hotline-gateway", ["command", "read"], None)
        assert (await register(client, served, f"Bearer {key}")).status_code == 201
        listed = await client.get("/v1/keys", headers=admin)
        assert said in listed.json()["keys"]
        assert key.split("_", 2)[2] not in listed.text
        assert key.encode() not in b"".join(row.hash for row in served.store.api_keys())
        revoked = await client.post(f"/v1/keys/{said['id']}/revocation", headers=admin)
        assert revoked.json()["revoked_at"] is not None
        again = await register(client, served, f"Bearer {key}", "B")
        assert (again.status_code, again.json()["type"]) == (401, "/problems/key_revoked")
        unknown = await client.post("/v1/keys/000000000000/revocation", headers=admin)
        assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/unknown_key")

    served.run(work)


@pytest.mark.parametrize(
    ("change", "status", "rule"),
    [
        ({"scopes": []}, 422, "wrong_type"),
        ({"scopes": ["everything"]}, 422, "wrong_type"),
        ({"client": "A B"}, 422, "wrong_type"),
        ({"more": 1}, 422, "unknown_field"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, 422, "expires_in_past"),
        ({"expires_at": "2100-01-01T00:00:00"}, 422, "wrong_type"),
    ],
)
def test_what_is_no_key(served_sqlite: Served, change: dict[str, Any], status: int, rule: str):
    served = served_sqlite
    admin = {"Luoshi-Person": served.administrators[Role.SYSTEM_ADMIN]}

    async def work(client: httpx.AsyncClient) -> httpx.Response:
        return await client.post("/v1/keys", json={"client": "a-client", "scopes": ["read"]} | change, headers=admin)

    before = len(served.store.api_keys())
    answer = served.run(work)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{rule}")
    assert len(served.store.api_keys()) == before


@pytest.mark.parametrize(
    ("first", "second", "rule"),
    [
        (["unit", "command"], ["read"], "client_of_unit"),
        (["command"], ["read", "command"], "client_of_unit"),
        (["read"], ["unit"], "client_reads_all"),
        (["read"], ["command"], "client_reads_all"),
        (["read"], ["read", "open"], None),
        (["unit"], ["command", "open"], None),
    ],
)
def test_a_client_reads_as_a_unit_or_reads_all(
    served_sqlite: Served, first: list[str], second: list[str], rule: str | None
):
    served = served_sqlite
    admin = {"Luoshi-Person": served.administrators[Role.SYSTEM_ADMIN]}

    async def work(client: httpx.AsyncClient) -> None:
        async def asked(scopes: list[str], name: str = "civil-affairs") -> httpx.Response:
            return await client.post("/v1/keys", json={"client": name, "scopes": scopes}, headers=admin)

        made = (await asked(first)).json()
        refused = await asked(second)
        assert (refused.status_code, refused.json().get("type")) == (
            (201, None) if rule is None else (409, f"/problems/{rule}")
        )
        assert (await asked(second, "another")).status_code == 201
        await client.post(f"/v1/keys/{made['id']}/revocation", headers=admin)
        if rule is not None:
            assert (await asked(second)).status_code == 201
        both = await asked(["read", "unit"], "both")
        assert (both.status_code, both.json()["type"]) == (422, "/problems/read_or_unit")

    served.run(work)


@pytest.mark.parametrize("scopes", [(Scope.COMMAND,), (Scope.COMMAND, Scope.UNIT), (Scope.COMMAND, Scope.ADMIN)])
def test_without_read_no_position_is_told(served_sqlite: Served, scopes: tuple[Scope, ...]):
    served = served_sqlite

    async def work(client: httpx.AsyncClient) -> None:
        done = await register(client, served, None)
        assert done.status_code == 201
        assert isinstance(done.json()["position"], str)
        hot = await client.post("/v1/commands", json={"command": "register_unit"}, headers=served.headers())
        assert (hot.status_code, hot.json()["type"]) == (403, "/problems/not_for_units")

    served.run(work, key=served.new_key(*scopes))


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDITOR, None])
def test_only_a_system_administrator_makes_keys(served_sqlite: Served, role: Role | None):
    served = served_sqlite

    async def work(client: httpx.AsyncClient) -> httpx.Response:
        headers = {} if role is None else {"Luoshi-Person": served.administrators[role]}
        return await client.post("/v1/keys", json={"client": "a-client", "scopes": ["read"]}, headers=headers)

    assert served.run(work).status_code == 403


def test_a_real_ledger_is_read_with_a_key(tmp_path: Any):
    served = serve(f"sqlite:///{tmp_path}/luoshi.db", tmp_path, demonstration=False)
    served.follow()
    paths = ["/v1/commitments", "/v1/events", "/v1/units", "/v1/scoreboard", "/v1/figures/headline?year=2011"]

    async def work(client: httpx.AsyncClient) -> list[list[int]]:
        found = []
        for key in (served.new_key(Scope.READ), served.new_key(Scope.COMMAND)):
            client.headers["Authorization"] = f"Bearer {key}"
            found.append([(await client.get(path)).status_code for path in paths])
        client.headers.pop("authorization")
        found.append([(await client.get(path)).status_code for path in paths])
        open_to_all = ["/healthz", "/readyz", "/problems", "/openapi.json"]
        found.append([(await client.get(path)).status_code for path in open_to_all])
        return found

    assert served.run(work) == [[200] * 5, [403] * 5, [401] * 5, [200] * 4]
    served.close()
