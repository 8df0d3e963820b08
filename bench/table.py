"""One table of ratios, as Markdown for people and JSON for programs."""

import json
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Ratio(StrEnum):
    AT_LEAST = "≥"
    AT_MOST = "≤"
    REPORTED = ""


@dataclass(frozen=True)
class Line:
    """`ours` against `other`, measured in turns in one run; `goal` bounds ours ÷ other."""

    what: str
    ours: float
    other: float
    unit: str
    sense: Ratio
    goal: float

    @property
    def ratio(self) -> float:
        return self.ours / self.other

    @property
    def met(self) -> bool:
        if self.sense is Ratio.REPORTED:
            return True
        return self.ratio >= self.goal if self.sense is Ratio.AT_LEAST else self.ratio <= self.goal


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def goal(line: Line) -> str:
    """The last two cells."""
    return "– | –" if line.sense is Ratio.REPORTED else f"{line.sense} {line.goal:g} | {'✓' if line.met else '✗'}"


def markdown(lines: Sequence[Line]) -> str:
    rows = [
        "| what | ours | compared with | ratio | goal | met |",
        "|---|---:|---:|---:|---:|:-:|",
    ]
    rows += [
        f"| {line.what} | {number(line.ours)} {line.unit} | {number(line.other)} {line.unit} | {line.ratio:.2f} "
        f"| {goal(line)} |"
        for line in lines
    ]
    return "\n".join(rows) + "\n"


def write(lines: Sequence[Line], directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "bench.md").write_text(markdown(lines), encoding="utf-8")
    about = {"python": platform.python_version(), "machine": platform.machine()}
    rows = [
        {
            "what": line.what,
            "ours": line.ours,
            "other": line.other,
            "unit": line.unit,
            "ratio": line.ratio,
            "goal": f"{line.sense} {line.goal}",
            "met": line.met,
        }
        for line in lines
    ]
    (directory / "bench.json").write_text(json.dumps({"about": about, "lines": rows}, ensure_ascii=False, indent=1))
