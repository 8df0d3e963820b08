"""Ids of units, policies and partners as bytes. The same few occur again and again, so they are converted once."""

from functools import lru_cache

from ledger import codec

key_of = lru_cache(maxsize=10_000)(codec.key_of)
