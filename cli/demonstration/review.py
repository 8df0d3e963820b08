"""From the unit's report to the archive: reported, redone, called back, checked, verified, closed, re-checked."""

from datetime import timedelta
from typing import Any

from cli.demonstration import wording
from cli.demonstration.plot import TITLES, Plot, YearOver
from cli.demonstration.script import HOTLINE
from cli.demonstration.worktime import END, LAST, days_on, from_day, office_moment, past_noon

REDO, UNSOLVED, UNREACHABLE, REBOUND = 0.07, 0.06, 0.07, 0.1


def finish(plot: Plot, *, redos: int = 0) -> None:
    """Reports, is sent back `redos` times at least, is confirmed, verified and closed."""
    whole = plot.chance(0.9)
    quantity = (
        plot.promise.quantity if whole else max(1, round(plot.promise.quantity * plot.random.uniform(0.55, 0.97)))
    )
    _report(plot, quantity)
    for _ in range(redos):
        _again(plot, wording.REDO_REASONS, quantity)
    if plot.chance(REDO):
        _again(plot, wording.REDO_REASONS, quantity)
    checker = _confirm(plot)
    while checker is None:
        _again(plot, wording.REDO_UNCONFIRMED, quantity)
        checker = _confirm(plot)
    plot.go(1, 12)
    verifier = plot.one("supervisor", but=checker)
    notes = wording.VERIFIED_ON_SITE if checker else wording.VERIFIED_BY_ANSWER
    plot.say(verifier, "verify_commitment", {"quantity": quantity, "note": plot.random.choice(notes)})
    _close(plot, verifier, whole=whole or quantity == plot.promise.quantity)


def _report(plot: Plot, quantity: int) -> None:
    """By the head of the unit. Some late reports say that it was done in time."""
    plot.go(0.5, 6)
    evidence = [plot.files.quarterly(TITLES[plot.lead], plot.now)]
    if plot.chance(0.05):
        evidence.append(plot.files.picture(plot.random, plot.now))
    occurred = None
    if plot.now.date() > plot.due and plot.chance(0.3):
        in_time = office_moment(plot.random, from_day(plot.due - timedelta(days=plot.random.randrange(4))))
        occurred = in_time if plot.begun is not None and plot.begun < in_time < plot.now else None
    body = {"quantity": quantity, "note": wording.DONE, "evidence": evidence}
    plot.say(plot.one("unit_head"), "report_fulfilment", body, occurred=occurred)


def _again(plot: Plot, reasons: tuple[str, ...], quantity: int) -> None:
    plot.go(1, 10)
    plot.say(plot.one("supervisor"), "order_redo", {"reason": plot.random.choice(reasons)})
    plot.go(4, 30)
    body = {"note": "已对照重办要求逐项整改。", "quantity": quantity}
    plot.say(plot.one("unit_officer"), "record_follow_up", body)
    _report(plot, quantity)


def _confirm(plot: Plot) -> str | None:
    """Who checked the site, '' when the beneficiary's own answer settles it; None when it is not true."""
    if plot.promise.individual:
        answer = plot.random.choices(
            ("solved", "unsolved", "unreachable"), (1 - UNSOLVED - UNREACHABLE, UNSOLVED, UNREACHABLE)
        )[0]
        for _ in range(plot.random.choice((0, 0, 0, 0, 1, 2)) if answer != "unreachable" else 3):
            _call(plot, "unreachable")
        if answer != "unreachable":
            _call(plot, answer)
            return "" if answer == "solved" else None
    plot.go(2, 18)
    checker = plot.one("supervisor")
    true = plot.chance(0.93)
    body: dict[str, Any] = {
        "finding": "as_reported" if true else "not_as_reported",
        "note": plot.random.choice(wording.CHECKED_TRUE) if true else wording.CHECKED_FALSE,
    }
    if plot.chance(0.05):
        body["evidence"] = [plot.files.picture(plot.random, plot.now)]
    plot.say(checker, "record_site_check", body)
    return checker if true else None


def _call(plot: Plot, answer: str) -> None:
    """The hotline's caller; sent at noon of the next working day or two."""
    random = plot.random
    plot.reach(past_noon(random, days_on(from_day(plot.now.date()), random.choice((1, 1, 2))) or LAST))
    if plot.now > END:
        raise YearOver
    words = {"solved": wording.SOLVED_WORDS, "unsolved": wording.UNSOLVED_WORDS}.get(answer, (None,))
    plot.told.script.act(
        plot.now,
        plot.one("caller"),
        "record_call_back",
        {"answer": answer, "comment": random.choice(words)},
        stream=plot.stream,
        client=HOTLINE,
        channel="hotline",
        programme=plot.promise.programme,
    )


def _close(plot: Plot, verifier: str, *, whole: bool) -> None:
    plot.go(1, 12)
    outcome = "fulfilled"
    if not whole:
        outcome = plot.random.choices(("partly", "not_fulfilled", "overtaken", "explained"), (70, 10, 10, 10))[0]
    note = plot.random.choice(wording.CLOSED) if whole else wording.CLOSED_PARTLY
    closer = plot.one("leader") if plot.chance(0.8) else plot.one("supervisor", but=verifier)
    plot.say(closer, "close_commitment", {"outcome": outcome, "note": note})
    plot.ended = plot.now
    plot.closed = True


def recheck(plot: Plot, successor: Plot | None) -> None:
    """30 to 90 days after closing; a rebound reopens it, or is left to the successor that is open by then."""
    assert plot.ended is not None
    closed = plot.ended
    plot.reach_day((closed + timedelta(days=plot.random.randrange(31, 84))).date())
    inspector = plot.one("inspector")
    if not plot.chance(REBOUND):
        plot.say(inspector, "recheck_commitment", {"kept": True, "note": plot.random.choice(wording.KEPT)})
        return
    note = plot.random.choice(wording.REBOUND)
    if successor is not None:
        # Only what surely holds the claim at this moment can be named.
        if plot.lead == successor.lead and successor.holds(plot.now):
            body = {"kept": False, "note": note, "successor": successor.stream, "ruling": wording.CONTINUED}
            plot.say(inspector, "recheck_commitment", body)
        else:
            plot.say(inspector, "recheck_commitment", {"kept": True, "note": plot.random.choice(wording.KEPT)})
        return
    plot.due = from_day((plot.now + timedelta(days=plot.random.randrange(20, 45))).date())
    plot.ended, plot.closed = None, False
    plot.say(inspector, "recheck_commitment", {"kept": False, "note": note, "due_on": plot.due.isoformat()})
    plot.start_over()
    plot.follow_up((plot.now + timedelta(days=plot.random.randrange(5, 16))).date(), 0.6)
    finish(plot)
