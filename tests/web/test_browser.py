"""The pages in a real browser: accessible, nothing from another host, narrow screens, no script, print."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from demo_server import Demo
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

PATHS = ["/", "/?lang=en", "/commitments", "/commitments?lang=en&lamp=red", "COMMITMENT", "/figures/partners.village"]
PATHS += ["/events/300", "/?as_of=nonsense", "/?as_of=2011-06-30+17:00&on=2011-09-30"]


@pytest.fixture(params=PATHS)
def path(request: pytest.FixtureRequest, some_commitment: str) -> str:
    return some_commitment if request.param == "COMMITMENT" else request.param


@pytest.fixture
def page(context: BrowserContext, demo: Demo) -> Page:
    """A page on which nothing may go wrong: no other host, no failed load, no word of complaint by the browser."""
    made = context.new_page()

    def complain(message: str) -> None:
        pytest.fail(message)

    made.on("request", lambda one: None if one.url.startswith(f"{demo.url}/") else complain(one.url))
    made.on("requestfailed", lambda one: complain(f"failed: {one.url}"))
    made.on("console", lambda one: None if "status of 422" in one.text else complain(one.text))
    made.on("pageerror", lambda error: complain(str(error)))
    return made


def test_accessible_at_any_width(page: Page, path: str):
    page.goto(path)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_cards_on_a_narrow_screen(page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/commitments")
    expect(page.get_by_role("cell").first).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_without_a_script(browser: Browser, demo: Demo):
    context = browser.new_context(base_url=demo.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("当时所知").fill("2011-06-30 17:00")
    page.get_by_label("哪一天的情况").fill("2011-06-30")
    page.get_by_role("button", name="查看").click()
    expect(page.locator("main")).to_contain_text("截至 2011-06-30")
    page.get_by_role("link", name="全部逾期事项").click()
    expect(page.get_by_label("亮灯")).to_have_value("red")
    expect(page.locator("main")).to_contain_text("截至 2011-06-30")
    page.get_by_label("环节").select_option(label="办理中")
    page.get_by_role("button", name="查看").click()
    page.locator("tbody a").first.click()
    expect(page.get_by_role("heading", name="经过")).to_be_visible()
    expect(page.locator(".lamp")).to_have_text("红灯·逾期")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    page.get_by_role("link", name="Back to latest").click()
    expect(page.locator("main")).to_contain_text("As of 2011-12-31")
    context.close()


def test_by_keyboard(page: Page):
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#content$"))


def test_print(page: Page, some_commitment: str):
    page.goto(some_commitment)
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation")).to_be_hidden()
    expect(page.get_by_role("button")).to_be_hidden()
    expect(page.locator(".timeline")).to_be_visible()
    expect(page.locator("h1")).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_the_first_visit_is_small(page: Page):
    answers = []

    def note(answer: Response) -> None:  # the library marks its handlers, and a built-in method cannot be marked
        answers.append(answer)

    page.on("response", note)
    page.goto("/")
    assert len(answers) <= 4
    assert sum(len(answer.body()) for answer in answers if not answer.url.endswith("/")) < 20_000
