"""A child for the supervisor's tests: writes its process id to a file, then waits for SIGTERM or ends as told."""

import os
import signal
import sys
from pathlib import Path

Path(sys.argv[1]).write_text(str(os.getpid()))
if len(sys.argv) > 2:
    sys.exit(int(sys.argv[2]))
signal.pause()
