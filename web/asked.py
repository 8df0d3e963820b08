"""What the addresses of pages may say. An unknown parameter is refused: a typing error in `as_of` must not quietly
show the present."""

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from web.frame import Ask
from web.wording import Language

CIVIL = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(:\d\d)?")
LONGEST = 2_000


def _blank_is_none(value: Any) -> Any:
    """A form sends its empty fields too."""
    return None if isinstance(value, str) and not value.strip() else value.strip() if isinstance(value, str) else value


Word = Annotated[Annotated[str, Field(max_length=LONGEST)] | None, BeforeValidator(_blank_is_none)]


class Page(BaseModel):
    """What every page takes."""

    model_config = ConfigDict(extra="forbid")

    lang: Language = Language.CHINESE
    as_of: Word = None
    on: Word = None
    cursor: Word = None
    """Only lists have more than one page."""

    def ask(self) -> Ask:
        rest = self.model_dump(exclude={"lang", "as_of", "on", "cursor"}, exclude_defaults=True, mode="json")
        return Ask(lang=self.lang, as_of=self.as_of, on=self.on, rest=rest)

    def known_at(self) -> str | None:
        """`as_of` as the views take it: people may leave the offset out and mean Beijing time."""
        if self.as_of is None or not (civil := CIVIL.fullmatch(self.as_of)):
            return self.as_of
        return f"{civil[1]}T{civil[2]}{civil[3] or ':00'}+08:00"


class YearPage(Page):
    year: Annotated[int | None, BeforeValidator(_blank_is_none)] = None


class ListQuery(Page):
    unit: Word = None
    stage: Word = None
    lamp: Word = None
    q: Word = None
    sort: str = "due"
