"""Writes the reference into `docs/`, or into the directory named: `python -m cli.reference [DIRECTORY]`."""

import sys
from pathlib import Path

from cli.reference.files import DOCS, pages


def main(given: list[str]) -> int:
    folder = Path(given[0]) if given else DOCS
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
