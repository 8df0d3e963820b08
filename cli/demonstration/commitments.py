"""About 1,500 commitments and what becomes of them."""

from contextlib import suppress
from datetime import date, timedelta
from random import Random

from cli.demonstration import promises
from cli.demonstration.chapter import Chapter
from cli.demonstration.files import Files
from cli.demonstration.pairings import Home
from cli.demonstration.plot import Plot, Promise, YearOver
from cli.demonstration.problems import Raised
from cli.demonstration.review import finish, recheck
from cli.demonstration.script import Script
from cli.demonstration.units import GROUPS, OFFICES, Office
from cli.demonstration.worktime import LAST, days_on, from_day
from cli.demonstration.world import LEADING, Issued, World

FOR_HOUSEHOLDS, FOR_PROBLEMS, IN_DECEMBER = 170, 300, 90
CODES = {office.code: office for office in OFFICES}
INTERLUDES = ("none", "extend", "defer", "suspend", "reassign", "support", "terminate")
SHARES = (70, 8, 5, 4, 3, 6, 4)


def tell(script: Script, world: World, homes: list[Home], problems: list[Raised], files: Files) -> None:
    told = _Commitments(Chapter(script, world, "commitments"), files)
    for policy, key, aim in promises.targets(world.policies):
        for lead in promises.leads(aim, policy, CODES):
            told.chain(policy, key, lead)
    for home in told.random.choices(homes, k=FOR_HOUSEHOLDS):
        told.household(home)
    for raised in told.random.sample([one for one in problems if one.on < date(2011, 12, 20)], FOR_PROBLEMS):
        first = days_on(raised.on, 1) or LAST
        told.live(promises.for_problem(told.random, raised, promises.starts_between(told.random, first, first)))
    for _ in range(IN_DECEMBER):
        told.neighbourhood()


class _Commitments:
    def __init__(self, told: Chapter, files: Files) -> None:
        self.told = told
        self.random: Random = told.random
        self.files = files
        self._taken: set[tuple[str, ...]] = set()
        """Targets already promised, and offices they were handed to: nothing is promised twice while open."""

    def chain(self, policy: Issued, key: str, lead: Office) -> None:
        """One commitment after another on the same target, each after the one before was closed."""
        random = self.random
        day: date | None = promises.starts_between(random, policy.since, date(2011, 8, 12)).date()
        before: Plot | None = None
        while day is not None:
            starts = promises.starts_between(random, day, day)
            plot = self._open(promises.of_policy(random, policy, key, lead, starts))
            if before is not None:
                self._look_again(before, plot)
            before = plot
            if plot.ended is None or random.random() < 0.42:  # noqa: PLR2004 - some targets are met for good
                break
            day = days_on(from_day(plot.ended.date()), random.randrange(2, 22))
        if before is not None:
            self._look_again(before, None)

    def household(self, home: Home) -> None:
        policy, key, _ = self.random.choice(
            [target for target in promises.targets(self.told.world.policies) if promises.suits_household(target[2])]
        )
        if self._first(policy.id, key, home.id):
            first = max(days_on(home.since, 1) or LAST, policy.since)
            starts = promises.starts_between(self.random, first, date(2011, 11, 30))
            self.live(promises.for_household(self.random, policy, key, home, starts))

    def neighbourhood(self) -> None:
        """In the last weeks of the year."""
        policy, key, aim = self.random.choice(
            [target for target in promises.targets(self.told.world.policies) if target[2].local]
        )
        rural = "农" in aim.text or "村" in aim.text
        place = self.random.choice(self.told.world.villages if rural else self.told.world.communities)
        if self._first(policy.id, key, place.id):
            starts = promises.starts_between(self.random, date(2011, 12, 5), LAST)
            self.live(promises.for_neighbourhood(self.random, policy, key, place, starts))

    def live(self, promise: Promise) -> None:
        """A commitment that has no successor."""
        self._look_again(self._open(promise), None)

    def _first(self, *what: str) -> bool:
        fresh = what not in self._taken
        self._taken.add(what)
        return fresh

    def _look_again(self, plot: Plot, successor: Plot | None) -> None:
        if plot.closed:
            with suppress(YearOver):
                recheck(plot, successor)

    def _open(self, promise: Promise) -> Plot:
        plot = Plot(self.told, self.files, promise)
        with suppress(YearOver):
            self._begin(plot)
        return plot

    def _begin(self, plot: Plot) -> None:
        if plot.chance(0.012):
            return  # the proposal lies with the leader
        plot.register()
        published = plot.chance(0.35)
        if published:
            plot.publish()
        if plot.chance(0.006):
            return  # nobody has assigned it
        helpers = self.random.sample(GROUPS, self.random.choice((0, 0, 0, 1, 2)))
        plot.assign([office.code for office in helpers if office.code != plot.lead])
        if plot.chance(0.05):
            plot.ask_return()
            if plot.chance(0.06):
                return  # no ruling yet
            plot.rule_on_return(self._elsewhere(plot) if plot.chance(0.5) else None)
        if plot.chance(0.008):
            return  # not acknowledged, long overdue
        plot.acknowledge()
        self._work(plot, published=published)

    def _elsewhere(self, plot: Plot) -> str | None:
        """An office that has not been handed a commitment on the same target."""
        served = str(plot.promise.serves)
        others = [
            office.code for office in LEADING if office.code != plot.lead and (served, office.code) not in self._taken
        ]
        if not others or not plot.promise.serves.get("targets"):
            return None
        other = self.random.choice(others)
        self._taken.add((served, other))
        return other

    def _work(self, plot: Plot, *, published: bool) -> None:
        random = self.random
        span = max(3, (plot.due - plot.now.date()).days)
        punctual = random.choices(("early", "late", "never"), weights=(80, 15, 5))[0]
        length = span * random.uniform(0.55, 0.97) if punctual != "late" else span + random.randrange(2, 26)
        steps = random.randrange(1, 4) + span // 30
        interlude = random.choices(INTERLUDES, weights=SHARES)[0]
        pause_at = random.randrange(steps)
        begun = plot.now.date()
        for step in range(steps):
            if step == pause_at and not self._interrupt(plot, interlude, published=published):
                return
            share = (step + 1) / (steps + 1)
            plot.follow_up(begun + timedelta(days=round(length * share)), min(0.95, share + random.uniform(-0.1, 0.1)))
            if punctual == "never" and share > 0.4:  # noqa: PLR2004 - it stands still about half-way
                return
        plot.reach_day(begun + timedelta(days=round(length)))
        finish(plot, redos=random.choices((0, 2, 3), weights=(972, 12, 16))[0])

    def _interrupt(self, plot: Plot, interlude: str, *, published: bool) -> bool:
        """What comes between; False when it ends the matter."""
        random = self.random
        match interlude:
            case "extend":
                before = plot.due
                plot.extend(random.randrange(10, 45))
                if published and plot.due != before:
                    plot.amend()
            case "defer":
                plot.defer(random.randrange(25, 86))
            case "suspend":
                plot.suspend(random.randrange(8, 60))
            case "reassign":
                unit = self._elsewhere(plot)
                if unit is not None:
                    plot.reassign(unit)
            case "support":
                office = random.choice([one for one in LEADING if one.code != plot.lead])
                plot.support(office.code, leave=random.random() < 0.5)  # noqa: PLR2004 - half of them
            case "terminate":
                plot.terminate()
                return False
        return True
