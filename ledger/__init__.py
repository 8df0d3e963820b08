"""How it is kept: one gapless position per event, on SQLite and PostgreSQL behind one interface."""
