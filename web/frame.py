"""What every page shares: language, addresses that keep it, dates in Beijing time, safe headers."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jinja2
from starlette.responses import HTMLResponse, Response

from domain.opening import LedgerOpened
from ledger.codec import decode
from ledger.contract import Reader
from projections.days import ZONE, instant
from web import wording
from web.wording import Language

HERE = Path(__file__).parent
STATIC = {"luoshi.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
POLICY = (
    "default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What the address of a page says, beside the thing it shows."""

    lang: Language = Language.CHINESE
    as_of: str | None = None
    on: str | None = None
    rest: Mapping[str, object] = field(default_factory=dict)
    """Filters and the like, which the language switch keeps."""

    def href(self, path: str, **given: object) -> str:
        """An address on this site in the same language and of the same moment; what is None is left out."""
        query = {
            "as_of": self.as_of,
            "on": self.on,
            "lang": None if self.lang is Language.CHINESE else self.lang.value,
        } | given
        text = urlencode([(name, str(value)) for name, value in query.items() if value not in {None, ""}])
        return f"{path}?{text}" if text else path


class Frame:
    """Renders pages of one ledger."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._ledger: LedgerOpened | None = None
        self._jinja = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.filters |= {"day": day, "minute": minute, "money": money, "count": count}
        self._jinja.globals |= {"static": _static_addresses(), "vocabulary": vars(wording)}

    def ledger(self) -> LedgerOpened | None:
        """What the first event says; None while there is none."""
        if self._ledger is None and (rows := self._reader.read(0, 1)):
            opened = decode(rows[0]).event
            self._ledger = opened if isinstance(opened, LedgerOpened) else None
        return self._ledger

    def page(self, template: str, path: str, ask: Ask, *, status: int = 200, **values: Any) -> Response:
        """`path` is the page's own address, for its language switch and its form."""
        head = self._reader.head()
        english = ask.lang is Language.ENGLISH

        def t(zh: str, en: str) -> str:
            return en if english else zh

        def said(words: str, word: str) -> str:
            return wording.said(getattr(wording, words), word, ask.lang)

        other = Language.CHINESE if english else Language.ENGLISH
        text = self._jinja.get_template(template).render(
            t=t,
            said=said,
            ask=ask,
            href=ask.href,
            path=path,
            ledger=self.ledger(),
            clock=instant(head.recorded_at) if head.position else None,
            switch=ask.href(path, **ask.rest, lang=None if other is Language.CHINESE else other.value),
            **values,
        )
        return HTMLResponse(text, status, HEADERS | {"Content-Language": "en" if english else "zh-CN"})


def static(name: str) -> Response | None:
    """A file of the pages, cached for ever because its address changes with its content; None if there is none."""
    kind = STATIC.get(name)
    if kind is None:
        return None
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return Response((HERE / "static" / name).read_bytes(), headers=headers, media_type=kind)


def _static_addresses() -> dict[str, str]:
    return {
        name: f"/static/{name}?v={hashlib.sha256((HERE / 'static' / name).read_bytes()).hexdigest()[:8]}"
        for name in STATIC
    }


def day(value: date | datetime | None) -> str:
    """2011-12-31, in Beijing time; a dash for none."""
    if value is None:
        return "—"
    return (value.astimezone(ZONE).date() if isinstance(value, datetime) else value).isoformat()


def minute(value: datetime | None) -> str:
    """2011-12-31 17:00, in Beijing time."""
    return "—" if value is None else value.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


def money(fen: int) -> str:
    """分 as 万元 without rounding: 1819000 yuan are 181.9."""
    whole, rest = divmod(abs(fen), 1_000_000)
    return f"{'-' if fen < 0 else ''}{whole:,}.{f'{rest:06}'.rstrip('0') or '0'}"


def count(value: int) -> str:
    return f"{value:,}"
