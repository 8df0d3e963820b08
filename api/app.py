"""The HTTP application, wired in one place: what each part is given can be read off here."""

from fastapi import FastAPI

from api import commands, health, problems
from api.hardening import Hardened
from api.keys import Keys
from api.routes_units import UNITS
from api.settings import Settings
from ledger.contract import Gate, Store

NOUNS = (UNITS,)


def create_app(settings: Settings, gate: Gate, store: Store) -> FastAPI:
    app = FastAPI(title="落实 Luoshi", docs_url=None, redoc_url=None)
    app.add_middleware(Hardened)
    problems.install(app)
    keys = Keys(store)
    app.include_router(health.router())
    app.include_router(commands.router(NOUNS, gate, keys))
    return app
