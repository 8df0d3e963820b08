"""Pages of the demonstration, over HTTP and in a real browser."""

import os
import shutil
from collections.abc import Iterator

import httpx
import pytest
from demo_server import Demo
from playwright.sync_api import Browser, BrowserContext, sync_playwright


@pytest.fixture(scope="session")
def http(demo: Demo) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=demo.url, timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
def some_commitment(http: httpx.Client) -> str:
    """Address of the commitment with the longest history among those that were closed late."""
    items = http.get("/v1/commitments", params={"stage": "archived", "limit": 200}).json()["items"]
    longest = max(items, key=lambda item: (item["redos"] + item["extensions"] + item["reopened"], item["id"]))
    return f"/commitments/{longest['id']}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Gone with the last test that drives it: while Playwright lives, its loop keeps asyncio.run from working."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        why = "page tests need Chromium: apt-get install chromium fonts-noto-cjk"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser, demo: Demo) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=demo.url, viewport={"width": 1280, "height": 900})
    yield made
    made.close()
