"""How tests are spread over workers: file by file, what shares a served demonstration together, the longest first.

(The group marks of pytest-xdist 3.8 have no effect under pytest 9.2.)
"""

import pytest
from xdist.scheduler import LoadFileScheduling

LONG = ("tests/cli/test_demo.py", "tests/web/", "tests/test_readme.py", "tests/cli/")
"""Files and directories that take longest, longest first."""
SHARE_A_DEMONSTRATION = ("tests/web/", "tests/test_readme.py")


class Together(LoadFileScheduling):
    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(SHARE_A_DEMONSTRATION):
            return "served demonstration"
        return super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Together:
    return Together(config, log)  # type: ignore[arg-type]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def rank(item: pytest.Item) -> int:
        return next((n for n, start in enumerate(LONG) if item.nodeid.startswith(start)), len(LONG))

    items.sort(key=rank)
