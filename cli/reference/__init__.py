"""The generated reference: `docs/events.md`, `docs/commands.md`, `docs/two-hands.md`, `docs/corrections.md`.

`make docs` writes them from the tables the decorators fill (`EVENTS`, `COMMANDS`, `RELATED`) and the doors of the API;
a test fails while they differ from what it would write.
"""
