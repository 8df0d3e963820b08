"""Personal data inside an event.

A leaf of the ledger is kept for ever, so it may never hold a person's name, phone, address, number, or words
written by or about a resident (PIPL art. 47 and 51). A field of type `Sealed[str]` is stored as a commitment,
`HMAC-SHA256(r, len ‖ path ‖ len ‖ value)`; the value and `r` lie encrypted in a side table under the key of
`subject`. Destroying that key erases the value while every proof still verifies.
"""

from typing import Generic, TypeVar

T = TypeVar("T")


class Sealed(Generic[T]):
    """A value on its way into the ledger, or its commitment on the way out.

    A decision makes `Sealed(subject, value)`. What is read back has `value is None` and the hex `commitment`,
    until someone who may see it opens it. Never printed: `repr` shows no value.
    """

    __slots__ = ("commitment", "subject", "value")

    def __init__(self, subject: str, value: T | None = None, *, commitment: str = "") -> None:
        self.subject = subject
        self.value = value
        self.commitment = commitment

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and (self.subject, self.value, self.commitment) == (
            other.subject,
            other.value,
            other.commitment,
        )

    def __hash__(self) -> int:
        return hash((self.subject, self.commitment))

    def __repr__(self) -> str:
        return f"Sealed({self.subject!r}, …)"
