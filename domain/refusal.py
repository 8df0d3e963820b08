"""The one way a decision says no. Which rule, what is wrong in both languages, and what is allowed instead."""

from enum import StrEnum


class Kind(StrEnum):
    """Decides the HTTP status of the problem document."""

    INVALID = "invalid"  # 422: the request itself can never be accepted
    FORBIDDEN = "forbidden"  # 403: not by this person
    NOT_FOUND = "not_found"  # 404: no such stream
    OUT_OF_TURN = "out_of_turn"  # 409: not in this state
    CONFLICT = "conflict"  # 409: another stream holds what this one claims
    STALE = "stale"  # 412: the stream moved on since the client read it
    REUSED = "reused"  # 422: this idempotency key came with another body
    TOO_LARGE = "too_large"  # 413
    FAULT = "fault"  # 500: a slip of ours, not of the request


class Refusal(Exception):  # noqa: N818 - it is an answer, not an error
    """Raised by a decision; nothing is stored.

    `rule` is a stable slug clients may rely on; `zh` and `en` are one sentence each without personal data;
    `field` names the offending command field; `state` and `allowed` say where the thing stands and which commands
    it takes now.
    """

    def __init__(
        self,
        rule: str,
        zh: str,
        en: str,
        *,
        kind: Kind = Kind.INVALID,
        field: str | None = None,
        state: str | None = None,
        allowed: tuple[str, ...] = (),
    ) -> None:
        super().__init__(rule)
        self.rule = rule
        self.zh = zh
        self.en = en
        self.kind = kind
        self.field = field
        self.state = state
        self.allowed = allowed
