"""The HTTP application, wired in one place: what each part is given can be read off here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import Depends, FastAPI

from api import (
    ballots,
    bulk,
    catalogue,
    commands,
    events,
    evidence,
    health,
    hot,
    names,
    openapi,
    openings,
    problems,
    queries,
    queries_matters,
    queries_publicity,
    queries_ratings,
    queries_requests,
    queries_services,
    ratings,
    reading,
    routes_keys,
    rules,
    stream,
    supervision,
)
from api.access import Access
from api.access_log import AccessLog
from api.answering import Answering
from api.direct import Application
from api.hardening import Hardened
from api.keys import Keys
from api.metrics import Metrics, Observed
from api.routes_appraisals import APPRAISALS
from api.routes_calendar import CALENDAR
from api.routes_commitments import COMMITMENTS
from api.routes_corrections import CORRECTIONS
from api.routes_erasures import ERASURES
from api.routes_matters import MATTERS
from api.routes_partners import PARTNERS
from api.routes_persons import PERSONS
from api.routes_policies import POLICIES
from api.routes_problems import PROBLEMS
from api.routes_publications import PUBLICATIONS
from api.routes_ratings import RATINGS
from api.routes_requests import REQUESTS
from api.routes_resources import RESOURCES
from api.routes_rules import RULES
from api.routes_service import SERVICE
from api.routes_supervision import SUPERVISION
from api.routes_units import UNITS
from api.routes_urge import URGE
from api.settings import Settings
from api.veil import Tokens, Veil
from ledger.ballot_boxes import open_boxes
from ledger.contract import Gate, Store
from ledger.evidence import Evidence
from ledger.keys import Keys as SubjectKeys
from projections.views import Views
from web import pages
from web.failure import failure_page
from web.frame import Frame

NOUNS = (
    COMMITMENTS,
    *SUPERVISION,
    URGE,
    POLICIES,
    PROBLEMS,
    APPRAISALS,
    REQUESTS,
    RATINGS,
    MATTERS,
    PARTNERS,
    *SERVICE,
    *RESOURCES,
    UNITS,
    PERSONS,
    PUBLICATIONS,
    CORRECTIONS,
    CALENDAR,
    RULES,
    ERASURES,
)


def create_app(settings: Settings, *, gate: Gate, store: Store, views: Views, subjects: SubjectKeys) -> FastAPI:
    """The application for one ledger. `gate` leads to its writer; `store` reads it and keeps the API keys; `views`
    answer queries; `subjects` holds the keys of sealed fields and evidence. The caller closes them all."""
    keys = Keys(store)
    access = Access(store, keys)
    metrics = Metrics()
    tail = stream.Tail(store)
    answering = Answering(store, views)
    files = Evidence(settings.evidence, subjects)
    boxes = open_boxes(settings.database)
    log = AccessLog(settings.access_log)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await tail.close()

    app = Application(
        {hot.PATH: hot.HotRoute(gate, keys), bulk.PATH: bulk.BulkRoute(gate, keys, metrics)},
        metrics,
        title="落实 Luoshi",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # Metrics are ours; nothing is sent to anyone.
        telemetry={"tracing": False, "metrics": False, "logs": False},
        lifespan=lifespan,
        dependencies=[Depends(reading.given_once)],
    )
    app.state.stop = tail.stop
    app.add_middleware(Veil, keys=keys, tokens=Tokens(store, subjects))
    app.add_middleware(reading.Heads)
    app.add_middleware(problems.Faults)
    app.add_middleware(Hardened)
    app.add_middleware(Observed, metrics=metrics)
    problems.install(app, partial(failure_page, Frame(store)))
    health.watch(metrics, views, tail)
    commands.add_doors(app, NOUNS, gate, keys)
    app.include_router(queries.router(answering, access))
    app.include_router(queries_services.router(answering, store, access))
    app.include_router(names.router(answering, access))
    app.include_router(queries_ratings.router(answering, access))
    app.include_router(ratings.router(answering, store, access))
    app.include_router(rules.router(answering, store, access))
    app.include_router(queries_requests.router(answering, store, access))
    app.include_router(queries_matters.router(answering, store, keys))
    app.include_router(supervision.router(answering, store, access))
    app.include_router(queries_publicity.router(answering, store, access))
    app.include_router(events.router(store, access))
    app.include_router(ballots.router(answering, access, store, boxes))
    app.include_router(stream.router(store, tail, access))
    app.include_router(evidence.router(files, keys, log))
    app.include_router(openings.router(openings.Openings(store, subjects, log), keys))
    app.include_router(routes_keys.router(store, keys))
    app.include_router(catalogue.router())
    app.include_router(health.router(gate, views, metrics, access))
    app.include_router(pages.router(views, store, dependencies=[Depends(access)]))
    openapi.install(app, NOUNS)
    return app
