"""`luoshi draw` and `luoshi codes`: an appraisal's draw made again by anyone, and the making of one-time codes."""

import json
import secrets
from pathlib import Path
from typing import Final

import typer

from domain.appraisal_draw import Frame, draw, list_digest, listed, read_frame
from domain.ballots import code_hash
from domain.refusal import Refusal

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letters that are taken for digits."""
GROUPS: Final = 4
DIGITS: Final = 4
"""16 digits of 5 bits: 80 bits."""


def run_draw(frame: Path, seed: str, *, residents: int, enterprises: int, expect: str | None) -> int:
    """Prints the drawn list, and its digest on standard error. Exit code 1 when it is not the expected one, 2 when
    there is nothing to draw from."""
    try:
        content = frame.read_bytes()
    except OSError as error:
        return _wrong(f"读不到文件。Cannot read the file: {error.strerror}")
    invitations = {Frame.RESIDENTS: residents, Frame.ENTERPRISES: enterprises}
    try:
        strata = read_frame(content)
    except Refusal as refusal:
        return _wrong(f"{refusal.zh}。{refusal.en}")
    for of, wanted in invitations.items():
        held = sum(len(members) for (kind, _), members in strata.items() if kind is of)
        if not 0 < wanted <= held:
            return _wrong(f"{of.value}：抽样框有{held}名，拟抽{wanted}名。{held} in the frame, {wanted} to be drawn")
    drawn = draw(strata, seed, invitations)
    typer.echo(listed(drawn).decode(), nl=False)
    digest = list_digest(drawn)
    typer.echo(f"名单摘要 SHA-256 of the list: {digest}", err=True)
    if expect is not None and expect.lower() != digest:
        typer.echo("与公布的摘要不符。This is not the published digest.", err=True)
        return 1
    return 0


def run_codes(count: int) -> int:
    """Prints JSON with fresh codes to be given out, and the hashes to be issued: sorted, so that neither list tells
    the order of the other."""
    codes = {_code() for _ in range(count)}
    while len(codes) < count:
        codes.add(_code())
    typer.echo(json.dumps({"codes": sorted(codes), "hashes": sorted(map(code_hash, codes))}, indent=1))
    return 0


def _code() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(DIGITS)) for _ in range(GROUPS))


def _wrong(words: str) -> int:
    typer.echo(f"luoshi: {words}", err=True)
    return 2
