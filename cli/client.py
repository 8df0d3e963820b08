"""A small HTTP client: what the CLI asks of a running server, as any program would ask it."""

import http.client
import json
from collections.abc import Iterable, Mapping
from typing import Any, Self
from urllib.parse import quote


class Refusal(Exception):  # noqa: N818 - the server's answer
    """The server did not accept a request. `status` and what the problem document says."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.problem = problem
        super().__init__(f"{status} {problem.get('detail') or problem.get('title') or ''}".strip())


class Client:
    """One connection, kept alive; one thread at a time. Raises OSError when the server cannot be reached."""

    def __init__(self, host: str, port: int) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=120)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def get(self, path: str, *, key: str | None = None) -> Any:
        return json.loads(self._ask("GET", path, None, _authorization(key)))

    def post(
        self,
        path: str,
        body: bytes,
        *,
        key: str | None,
        media_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        """The answer's body. Values of `headers` may hold any text."""
        encoded = {name: quote(value, safe=' +:/"-.,') for name, value in (headers or {}).items()}
        return self._ask("POST", path, body, _authorization(key) | {"Content-Type": media_type} | encoded)

    def json(self, path: str, body: object, *, key: str, headers: Mapping[str, str] | None = None) -> Any:
        return json.loads(self.post(path, json.dumps(body).encode(), key=key, headers=headers))

    def bulk(self, lines: Iterable[bytes], *, key: str) -> list[dict[str, Any]]:
        """One result a line."""
        answer = self.post("/v1/commands/bulk", b"\n".join(lines), key=key, media_type="application/jsonl")
        return [json.loads(line) for line in answer.splitlines() if line]

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            answer = response.read()
        except (http.client.HTTPException, OSError):
            # The next request starts on a fresh connection.
            self._connection.close()
            raise
        if response.status >= http.client.BAD_REQUEST:
            raise Refusal(response.status, _document(answer))
        return answer


def _authorization(key: str | None) -> dict[str, str]:
    return {} if key is None else {"Authorization": f"Bearer {key}"}


def _document(answer: bytes) -> dict[str, Any]:
    try:
        found = json.loads(answer)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"detail": answer[:200].decode("utf-8", "replace")}
