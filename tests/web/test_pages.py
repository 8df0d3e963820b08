"""What the pages say, checked against the API that reads the same views."""

import re
from html.parser import HTMLParser

import httpx
import pytest
from demo_server import Demo

from cli.demonstration.world import Founders
from cli.demonstration.year import year
from projections.figures import FIGURES


class Links(HTMLParser):
    """(address, text) of every link, and the text of the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self._href: str | None = None
        self._text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self._href, self._text = dict(attrs).get("href"), ""

    def handle_data(self, data):
        self.words.append(data)
        self._text += data

    def handle_endtag(self, tag):
        if tag == "a" and self._href:
            self.links.append((self._href, " ".join(self._text.split())))
            self._href = None


def read(http: httpx.Client, path: str, status: int = 200, **params: str) -> tuple[str, Links]:
    answer = http.get(path, params=params or None)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    return answer.text, Links(answer.text)


def total(html: str) -> int:
    found = re.search(r'<h2 id="found">.*?<span class="number">([\d,]+)</span>', html, re.DOTALL)
    assert found is not None
    return int(found[1].replace(",", ""))


def test_headline_of_the_year(http):
    _, page = read(http, "/")
    said = {href.split("?")[0]: text for href, text in page.links if href.startswith("/figures/")}
    assert "2010" in [text for _, text in page.links]
    assert said == {
        "/figures/field_visits": "下基层 1,541 人次",
        "/figures/problems_solved": "解决企业问题 ≥430 项",
        "/figures/activities": "共建活动 157 次",
        "/figures/projects": "共建项目 77 个",
        "/figures/funds_fen": "投入资金 181.9 万元",
        "/figures/partners.village": "结对村 65 个",
        "/figures/partners.community": "结对社区 52 个",
        "/figures/partners.enterprise": "结对企业 62 家",
    }


@pytest.mark.parametrize("figure", FIGURES)
def test_figure_opens_to_its_records(http, figure):
    html, page = read(http, f"/figures/{figure}", year="2011")
    records = [href for href, _ in page.links if href.startswith("/events/")]
    assert len(records) > 40
    read(http, records[0])
    amounts = [cell.replace(",", "") for cell in re.findall(r'class="count">([\d,.]+)</td>', html)]
    while more := [href for href, text in page.links if text == "下一页"]:
        html, page = read(http, more[0])
        amounts += [cell.replace(",", "") for cell in re.findall(r'class="count">([\d,.]+)</td>', html)]
    headline = http.get("/v1/figures/headline", params={"year": "2011"}).json()
    if figure == "funds_fen":
        assert round(sum(map(float, amounts)), 6) == headline["funds_fen"] / 1_000_000
    elif not figure.startswith("partners."):
        value = re.search(r"<h1>.*?([\d,]+)</span>", html, re.DOTALL)
        assert value is not None
        assert sum(map(int, amounts)) == int(value[1].replace(",", ""))


def test_every_count_of_the_scoreboard_is_the_length_of_its_list(http):
    _, page = read(http, "/")
    cells = [(href, int(text.replace(",", ""))) for href, text in page.links if "unit=" in href]
    assert len(cells) > 100
    for href, count in cells[::17]:
        assert total(read(http, href)[0]) == count, href


def test_a_past_moment(http):
    asked = {"as_of": "2011-06-30 17:00", "on": "2011-06-30"}
    html, page = read(http, "/", **asked)
    board = http.get("/v1/scoreboard", params={"as_of": "2011-06-30T17:00:00+08:00", "on": "2011-06-30"}).json()
    assert f"1–{board['position']}</span>" in html
    red = [
        text for href, text in page.links if href.startswith("/commitments?") and "lamp=red" in href and "逾期" in text
    ]
    assert red[0].endswith(f"{board['all']['lamps']['red']} 项")
    # Every link keeps the moment.
    inner = [href for href, _ in page.links if href.startswith(("/commitments", "/figures"))]
    assert inner
    assert all("as_of=2011-06-30+17%3A00" in href and "on=2011-06-30" in href for href in inner)
    forecast, _ = read(http, "/", as_of="2011-06-30 17:00", on="2011-09-30")
    assert "预测" in forecast
    assert "预测" not in html


def test_commitment(http, some_commitment):
    html, page = read(http, some_commitment)
    shown = http.get(f"/v1{some_commitment}").json()["commitment"]
    history = http.get(f"/v1{some_commitment}/history").json()["entries"]
    assert shown["title"] in html
    assert shown["original_due_on"] in html
    assert shown["due_on"] in html
    positions = [int(position) for position in re.findall(r'<li id="p(\d+)"', html)]
    assert positions == [entry["position"] for entry in history]
    for entry in history:
        assert entry["person_title"] in html
        assert f"/events/{entry['position']}" in [href for href, _ in page.links]


def test_back_dated_entries_are_marked(http):
    for item in http.get("/v1/commitments", params={"stage": "in_progress", "limit": 100}).json()["items"]:
        entries = http.get(f"/v1/commitments/{item['id']}/history").json()["entries"]
        late = sum(entry["back_dated"] for entry in entries)
        if late:
            html, _ = read(http, f"/commitments/{item['id']}")
            assert html.count(">补录</span>") == late
            return
    pytest.fail("the year holds no back-dated entry")


def sealed_words(demo: Demo) -> set[str]:
    """Everything the loader sent that has to be sealed, but for what is so short that it is part of other words."""
    people = demo.credentials()["persons"]
    founders = {person["role"]: person["person"] for person in people if "unit" not in person}
    story = year(Founders(founders["system_admin"], founders["security_admin"], founders["auditor"]))
    fields = ("name", "address", "phone", "detail", "contact_name", "contact_phone", "words", "heard", "comment")
    told = {step.body.get(field) for step in story.steps for field in (*fields, "told_note")}
    return {str(words) for words in told if words is not None and len(words) > 2}


def test_no_page_shows_what_is_sealed(demo, http):
    words = sealed_words(demo)
    assert len(words) > 500
    items = http.get("/v1/commitments", params={"limit": 200, "sort": "-proposed"}).json()["items"]
    called = [
        item["id"]
        for item in items
        if any(entry["event"] == "call_back_recorded.1" for entry in history(http, item["id"]))
    ]
    assert called
    paths = ["/", "/commitments", "/figures/problems_solved?year=2011", "/figures/field_visits?year=2011"]
    paths += [f"/commitments/{one}" for one in called[:20]]
    paths += [f"/events/{entry['position']}" for entry in history(http, called[0])]
    for path in paths:
        text = "".join(read(http, path)[1].words)
        assert [one for one in words if one in text] == [], path


def history(http: httpx.Client, commitment: str) -> list[dict[str, object]]:
    return http.get(f"/v1/commitments/{commitment}/history").json()["entries"]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("/?as_of=yesterday", 422, "as_of"),
        ("/?as_of=999999999", 422, "as_of"),
        ("/?as_of=2011-02-30 10:00", 422, "as_of"),
        ("/?on=31.12.2011", 422, "on"),
        ("/?on=0001-01-01", 422, "on"),
        ("/commitments?on=9999-12-31", 422, "on"),
        ("/figures/projects?on=9999-12-31", 422, "on"),
        ("/?year=0", 422, "year"),
        ("/?year=MMXI", 422, "year"),
        ("/?year=1", 422, "year"),
        ("/?asof=5", 422, "asof"),
        ("/?lang=fr", 422, "lang"),
        ("/commitments?lamp=blue", 422, "lamp"),
        ("/commitments?stage=overdue", 422, "stage"),
        ("/commitments?unit=5", 422, "unit"),
        ("/commitments?sort=title", 422, "sort"),
        ("/commitments?cursor=AAAA", 422, "cursor"),
        ("/figures/happiness", 422, "figure"),
        ("/commitments/5", 422, "id"),
        ("/commitments/012d4e54-1b78-7558-9906-000000000000", 404, None),
        ("/events/0", 422, "position"),
        ("/events/99999999", 404, None),
    ],
)
def test_what_cannot_be_shown_is_a_page(http, path, status, field):
    html, _ = read(http, path, status)
    assert '<html lang="zh-CN">' in html
    assert re.search(r"<h1>[一-鿿]+</h1>", html)
    if field is not None:
        assert f"<code>{field}</code>" in html
    assert "Traceback" not in html


def test_the_failure_page_speaks_english_too(http):
    html, _ = read(http, "/?as_of=never&lang=en", 422)
    assert '<html lang="en">' in html
    assert "as_of is a position or a time" in html


def test_blank_fields_of_a_form_ask_for_nothing(http):
    assert read(http, "/?as_of=&on=+")[0] == read(http, "/")[0]


def test_language_switch_keeps_the_question(http):
    asked = "/commitments?as_of=12000&on=2011-07-01&lamp=red"
    _, page = read(http, asked)
    switch = next(href for href, text in page.links if text == "English")
    html, page = read(http, switch)
    assert '<html lang="en">' in html
    assert total(html) == total(read(http, asked)[0])
    back = next(href for href, text in page.links if text == "中文")
    assert sorted(back.partition("?")[2].split("&")) == sorted(asked.partition("?")[2].split("&"))


def test_headers(http):
    answer = http.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["content-language"] == "zh-CN"
    sheet = re.search(r'href="(/static/luoshi\.css\?v=\w+)"', answer.text)
    assert sheet is not None
    assert "immutable" in http.get(sheet[1]).headers["cache-control"]
    assert http.get("/static/../pages.py").status_code == 404
    assert http.get("/static/secret").status_code == 404


def test_simulated_clock_is_named(http):
    assert "模拟时钟" in read(http, "/")[0]
    assert "Simulated clock" in read(http, "/?lang=en")[0]


@pytest.mark.parametrize("path", ["/", "/commitments?stage=archived", "/v1/events", "/v1/stream"])
def test_head_over_the_wire(http, path: str):
    answer = http.head(path)
    assert (answer.status_code, answer.content) == (200, b"")
    # The connection can be used again.
    assert http.get("/healthz").json() == {"status": "ok"}
