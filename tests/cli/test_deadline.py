"""`luoshi deadline`, asked as from a shell."""

import json
import sys
from datetime import UTC, datetime

import pytest
from ledgers import opened

from cli.main import main


@pytest.fixture
def ask(monkeypatch, capsys):
    """Exit code, what was printed, what was complained of."""

    def asked(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["luoshi", "deadline", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return ended.value.code, told.out, told.err

    return asked


@pytest.fixture
def file(tmp_path):
    def written(content: object) -> str:
        path = tmp_path / "calendar.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return str(path)

    return written


@pytest.mark.parametrize(
    ("arguments", "due"),
    [
        (["--working-days", "1", "--start", "2026-02-13"], "2026-02-14"),  # a make-up Saturday
        (["--working-days", "3", "--start", "2026-09-30"], "2026-10-10"),  # the other one
        (["--working-days", "-3", "--start", "2026-10-10"], "2026-09-30"),
        (["--working-days", "0", "--start", "2026-10-01"], "2026-10-01"),
        (["--rule", "acknowledge_working_days", "--start", "2026-02-14"], "2026-02-24"),
        (["--rule", "recheck_after_days", "--start", "2026-01-20"], "2026-02-24"),
        (
            ["--rule", "recheck_after_days", "--start", "2026-01-24", "--pause", "2026-02-01..2026-02-05"],
            "2026-02-27",
        ),
        (["--rule", "dispatch_hours.general", "--start", "2026-02-13T09:30"], "2026-02-14T09:30:00+08:00"),
        (["--rule", "dispatch_hours.general", "--start", "2026-02-13T01:30Z"], "2026-02-14T09:30:00+08:00"),
        (["--rule", "acknowledge_working_days", "--start", "2026-02-12T23:30Z"], "2026-02-14"),
    ],
)
def test_due(ask, arguments: list[str], due: str):
    code, out, err = ask(*arguments, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["due"] == due
    assert json.loads(out)["provisional"] is False
    # The same lines are printed for people.
    code, out_of_lines, _ = ask(*arguments)
    told = [line.strip() for line in out_of_lines.splitlines()]
    assert told == [words for line in json.loads(out)["lines"] for words in (line["zh"], line["en"])]


def test_each_skipped_day_is_explained(ask):
    _, out, _ = ask("--working-days", "2", "--start", "2026-09-30", "--json")
    lines = json.loads(out)["lines"]
    assert [line["about"] for line in lines] == ["rule", "start", *["skipped"] * 7, "result"]
    assert "节假日" in lines[2]["zh"]
    assert "public holiday" in lines[2]["en"]
    assert lines[2]["day"] == "2026-10-01"


def test_what_is_not_announced_is_provisional(ask):
    _, out, _ = ask("--working-days", "3", "--start", "2026-12-30", "--json")
    told = json.loads(out)
    assert (told["due"], told["provisional"]) == ("2027-01-04", True)
    assert "provisional" in [line["about"] for line in told["lines"]]


def test_a_rule_quotes_its_edition_and_source(ask):
    _, out, _ = ask("--rule", "recheck_after_days", "--start", "2026-01-24", "--json")
    told = json.loads(out)
    assert (told["rule"], told["edition"], told["amount"], told["span"]) == ("recheck_after_days", "1", 30, "days")
    assert told["source"] in told["lines"][0]["zh"]


def test_by_the_limits_and_the_calendar_of_a_ledger(ask, tmp_path):
    url = f"sqlite:///{tmp_path}/luoshi.db"
    opening = datetime(2011, 1, 5, 1, tzinfo=UTC)
    with opened(url, demonstration=True, at=opening) as ledger:
        ledger.accept("announce_calendar", {"year": 2027, "holidays": ["2027-01-01"], "number": "示例〔2026〕9号"})
        edition = ledger.accept(
            "issue_rule_edition",
            {
                "version": "2027-1",
                "source": "示例〔2026〕10号",
                "in_force_from": "2027-01-01",
                "limits": [{"limit": "dispatch_hours.general", "value": 12}],
                "reason": "提速",
            },
        )
        ledger.accept("confirm_rule_edition", {}, stream=edition, person=ledger.person("leader"))
    told = {}
    for start in ("2026-12-31T10:00", "2027-01-01T00:00"):
        code, out, _ = ask("--rule", "dispatch_hours.general", "--start", start, "--database", url, "--json")
        assert code == 0
        found = json.loads(out)
        told[start] = (found["edition"], found["amount"], found["source"])
    assert told["2026-12-31T10:00"][:2] == ("1", 24)
    assert told["2027-01-01T00:00"] == ("2027-1", 12, "示例〔2026〕10号")
    _, out, _ = ask("--working-days", "1", "--start", "2026-12-31", "--database", url, "--json")
    assert (json.loads(out)["due"], json.loads(out)["provisional"]) == ("2027-01-04", False)
    assert ask("--working-days", "1", "--start", "2026-12-31", "--database", f"{url}x")[0] == 2


def test_under_a_calendar_file(ask, file):
    path = file(
        {
            "weekly_rest_days": ["friday"],
            "holidays": ["2030-05-01"],
            "make_up_working_days": ["2030-05-03"],
            "years": [2030],
        }
    )
    _, out, _ = ask("--working-days", "3", "--start", "2030-04-30", "--calendar", path, "--json")
    assert json.loads(out)["due"] == "2030-05-04"  # Thursday, the make-up Friday, Saturday
    _, out, _ = ask("--working-days", "-3", "--start", "2030-05-04", "--calendar", path, "--json")
    assert json.loads(out)["due"] == "2030-04-30"
    _, out, _ = ask("--working-days", "1", "--start", "2031-01-01", "--calendar", path, "--json")
    assert json.loads(out)["provisional"] is True
    assert "2030年之后" in "".join(line["zh"] for line in json.loads(out)["lines"])


def test_a_file_without_years_is_taken_as_whole(ask, file):
    _, out, _ = ask("--working-days", "1", "--start", "2050-01-01", "--calendar", file({}), "--json")
    assert (json.loads(out)["due"], json.loads(out)["provisional"]) == ("2050-01-03", False)


WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"holidays": "2030-01-01"}',
        '{"holidays": ["2030-02-30"]}',
        '{"holidays": ["1 January"]}',
        '{"weekly_rest_days": ["caturday"]}',
        '{"weekly_rest_days": [6]}',
        '{"hollidays": []}',
        {"weekly_rest_days": WEEK},
        {"holidays": ["2030-01-01"], "make_up_working_days": ["2030-01-01"]},
        {"years": []},
        {"years": [0]},
        {"years": [10000]},
        {"years": [2030, 2032]},
        {"years": [2030, 2030]},
    ],
)
def test_a_bad_file_gets_one_clear_line(ask, file, content):
    code, out, err = ask("--working-days", "1", "--start", "2030-01-01", "--calendar", file(content))
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "calendar.json" in err


def test_a_missing_file(ask, tmp_path):
    for path in (tmp_path / "none.json", tmp_path):
        code, out, err = ask("--working-days", "1", "--start", "2030-01-01", "--calendar", str(path))
        assert (code, out, err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--start", "2026-01-01"],
        ["--start", "2026-01-01", "--rule", "defer_max_days", "--working-days", "1"],
        ["--start", "2026-01-01", "--rule", "none"],
        ["--start", "2026-01-01", "--rule", "extensions_max"],
        ["--start", "2026-02-30", "--working-days", "1"],
        ["--start", "tomorrow", "--working-days", "1"],
        ["--start", "9999-12-31", "--working-days", "1"],
        ["--start", "0001-01-01", "--working-days", "-1"],
        ["--start", "2026-01-01", "--working-days", "99999999999"],
        ["--start", "2026-01-01", "--working-days", "1.5"],
        ["--start", "2026-01-01", "--working-days", "1", "--pause", "2026-02-01"],
        ["--start", "2026-01-01", "--working-days", "1", "--pause", "2026-02-02..2026-02-01"],
        ["--start", "2026-01-01", "--working-days", "1", "--pause", "2026-02-01..2026-02-30"],
        ["--start", "2026-01-01", "--rule", "dispatch_hours.urgent", "--pause", "2026-02-01..2026-02-03"],
        ["--working-days", "1"],
    ],
)
def test_what_cannot_be_counted_gets_one_clear_line(ask, arguments: list[str]):
    code, out, err = ask(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
