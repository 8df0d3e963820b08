"""`python -m cli.tether MODULE ARGUMENT…` runs a module as a process that ends when its parent does.

The parent holds the other end of standard input. When the parent dies, however it dies, the pipe closes and this
process gets SIGTERM: no server is ever left behind holding the port or the database.
"""

import os
import runpy
import signal
import sys
import threading


def _end_with_parent() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, name="tether", daemon=True).start()
    # The terminal sends Ctrl-C to the whole group; the parent alone decides and ends its children in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
