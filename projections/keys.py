"""Ids as bytes. Those of units, policies and partners occur again and again, so they are converted once."""

from functools import lru_cache

from domain.refusal import Refusal
from ledger import codec

key_of = lru_cache(maxsize=10_000)(codec.key_of)


def asked_key(given: str, field: str = "id") -> bytes:
    """An id that a query names. Refuses with `id_malformed`."""
    try:
        return codec.key_of(given)
    except ValueError:
        raise Refusal("id_malformed", "编号格式不对", "this is no id", field=field) from None
