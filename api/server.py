"""The HTTP process: `python -m api.server`, with the settings of the environment. Exit code 2 means a wrong setting,
named in one line."""

import asyncio
import gc
import logging
import signal
import sys
from types import FrameType

import uvicorn

from api.app import create_app
from api.settings import Settings, WrongSetting, settings
from ledger.database import WrongDatabase, open_store
from ledger.gate import SocketGate
from ledger.keys import Keys as SubjectKeys
from ledger.keys import KeysExposed
from projections.views import Views

GRACE = 5
"""Seconds requests under way may take to end after SIGTERM."""
COLLECT = (50_000, 20, 50)
"""A bulk makes thousands of objects and hardly a cycle: looking for some every 700 objects cost a tenth of the time."""
log = logging.getLogger("luoshi.api")


class Server(uvicorn.Server):
    """Tells open streams to end as soon as the signal comes; uvicorn itself would wait for them."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.config.app.state.stop()  # type: ignore[union-attr]
        super().handle_exit(sig, frame)


async def _serve(chosen: Settings) -> None:
    store = open_store(chosen.database)
    views = Views(chosen.database)
    subjects = SubjectKeys(chosen.keys)
    gate = SocketGate(chosen.socket)
    try:
        app = create_app(chosen, gate=gate, store=store, views=views, subjects=subjects)
        config = uvicorn.Config(
            app,
            host=chosen.host,
            port=chosen.port,
            loop="uvloop",
            http="httptools",
            ws="none",
            access_log=False,
            log_level="warning",
            server_header=False,
            date_header=True,
            timeout_graceful_shutdown=GRACE,
            backlog=2048,
        )
        gc.freeze()
        gc.set_threshold(*COLLECT)
        await Server(config).serve()
    finally:
        await gate.close()
        subjects.close()
        views.close()
        store.close()


def serve(chosen: Settings) -> None:
    """Serves HTTP until SIGTERM or SIGINT. Raises WrongDatabase or KeysExposed when it cannot begin."""
    with asyncio.Runner(loop_factory=_loop) as runner:
        runner.run(_serve(chosen))


def _loop() -> asyncio.AbstractEventLoop:
    import uvloop  # noqa: PLC0415 - it exists on Unix only, as the writer's socket does

    return uvloop.new_event_loop()


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="http: %(levelname)s %(name)s: %(message)s")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        serve(settings())
    except (WrongSetting, KeysExposed) as wrong:
        sys.stderr.write(f"luoshi: {wrong}\n")
        return 2
    except WrongDatabase as wrong:
        sys.stderr.write(f"luoshi: {wrong.zh}。{wrong.en}\n")
        return 2
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
