"""What is promised: chains on policy targets, households' own matters, and enterprises' problems."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from cli.demonstration.pairings import Home
from cli.demonstration.papers import Aim
from cli.demonstration.plot import Promise
from cli.demonstration.problems import Raised
from cli.demonstration.units import CITY, TOWNS, Office
from cli.demonstration.worktime import at, day_in, days_on, from_day, office_moment
from cli.demonstration.world import Issued, Place

UTILITIES = frozenset({"SW1", "RQ", "GJ", "JX"})
MANDATES = (("government", "system", None), ("party", "system", None), ("promise", "network", "公开承诺"))


def of_policy(random: Random, policy: Issued, key: str, lead: Office, starts: datetime) -> Promise:
    """A share of a policy's target that one unit takes on."""
    aim = policy.paper.aims[int(key) - 1]
    low, high = aim.share
    quantity = random.randint(low, high)
    quantity = quantity if quantity < 100 else quantity // 10 * 10  # noqa: PLR2004 - plans are round
    mandate, channel, programme = random.choices(MANDATES, weights=(62, 15, 23))[0]
    whose = lead.title if aim.local else ""
    return Promise(
        title=f"{whose}{aim.text}（{quantity}{aim.measure}）",
        serves=_target(policy, key),
        lead=lead.code,
        quantity=quantity,
        measure=aim.measure,
        work=aim.work,
        recurrence=aim.recurrence,
        aid=aim.aid,
        region=lead.region if aim.local else CITY,
        basis=_basis(policy),
        mandate=mandate,
        urgency="general",
        channel=channel,
        programme=programme,
        beneficiary=None,
        individual=False,
        starts=starts,
        due=_due(random, starts, 18, 100),
    )


def for_neighbourhood(random: Random, policy: Issued, key: str, place: Place, starts: datetime) -> Promise:
    """The same, for one village or community of the town that leads."""
    promise = of_policy(random, policy, key, place.town, starts)
    aim = policy.paper.aims[int(key) - 1]
    quantity = max(1, promise.quantity // 8)
    return promise._replace(
        title=f"{place.title}{aim.text}（{quantity}{aim.measure}）", quantity=quantity, beneficiary=place.id
    )


def for_household(random: Random, policy: Issued, key: str, home: Home, starts: datetime) -> Promise:
    """One household's matter; no word of whose it is stands in the open."""
    promise = of_policy(random, policy, key, home.within.town, starts)
    aim = policy.paper.aims[int(key) - 1]
    return promise._replace(
        title=f"结对困难家庭{aim.text}（1{aim.measure}）",
        quantity=1,
        beneficiary=home.id,
        individual=True,
        channel="visit",
        programme="连心桥",
        due=_due(random, starts, 10, 45),
    )


def for_problem(random: Random, raised: Raised, starts: datetime) -> Promise:
    """An enterprise's problem put under supervision."""
    urgent = random.random() < 0.12  # noqa: PLR2004 - one in eight
    return Promise(
        title=f"协调解决企业难题：{raised.title}",
        serves={"requests": [raised.id]},
        lead=raised.unit,
        quantity=1,
        measure="件",
        work="serve",
        recurrence="one_off",
        aid=random.choice(("relief", "capacity")),
        region=raised.enterprise.town.region,
        basis="政企服务平台企业诉求登记单",
        mandate="hotline",
        urgency="urgent" if urgent else "utilities" if raised.unit in UTILITIES else "general",
        channel="hotline",
        programme="政企服务平台",
        beneficiary=raised.enterprise.id,
        individual=True,
        starts=starts,
        due=_due(random, starts, 5, 35),
    )


def suits_household(aim: Aim) -> bool:
    return aim.local and aim.measure in {"户", "人", "件"} and aim.aid == "relief"


def starts_between(random: Random, first: date, last: date) -> datetime:
    """Some office moment; proposals are made before the last hour of the day."""
    day = day_in(random, first, max(first, last))
    return min(office_moment(random, day), at(day, 16))


def targets(policies: list[Issued]) -> Iterator[tuple[Issued, str, Aim]]:
    for policy in policies:
        for key, aim in enumerate(policy.paper.aims, start=1):
            yield policy, str(key), aim


def leads(aim: Aim, policy: Issued, offices: dict[str, Office]) -> tuple[Office, ...]:
    return TOWNS if aim.local else (offices[policy.paper.issuer],)


def _target(policy: Issued, key: str) -> dict[str, Any]:
    return {"targets": [{"policy": policy.id, "target": key}]}


def _basis(policy: Issued) -> str:
    return f"《{policy.paper.title}》（{policy.paper.number}）"


def _due(random: Random, starts: datetime, low: int, high: int) -> date:
    """So many working days on; past the year, the same in calendar days."""
    days = random.randint(low, high)
    return days_on(from_day(starts.date()), days) or (starts + timedelta(days=days * 7 // 5)).date()
