"""What may happen: events, state and decisions.

Standard library only. Nothing here reads a file, a clock or a random source: whatever a decision needs is
passed in, so that the same command on the same state always gives the same events.
"""

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    # Entering every event, command and fold in their tables: adding a file is all it takes.
    importlib.import_module(f"{__name__}.{_module.name}")
