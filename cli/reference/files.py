"""Which page goes into which file."""

from pathlib import Path

from cli.reference.hands import two_hands
from cli.reference.mending import mending
from cli.reference.pages import commands, events

DOCS = Path(__file__).resolve().parents[2] / "docs"


def pages() -> dict[str, str]:
    """File name in `docs/` → what it holds."""
    return {
        "events.md": events(),
        "commands.md": commands(),
        "two-hands.md": two_hands(),
        "corrections.md": mending(),
    }
