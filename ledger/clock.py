"""Two clocks for the writer: the real one, which stops appends when it cannot be trusted, and the simulated one of a
demonstration ledger. Times are µs since 1970, UTC."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Protocol

import msgspec

from domain.refusal import Refusal

JUMP: Final = 5_000_000
"""A wall clock that moves this many µs away from the monotonic one is not believed."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Standstill(Exception):  # noqa: N818 - a state, not a slip
    """Appends stand still. `args[0]` says why, in Chinese and English."""


def wall() -> int:
    return time.time_ns() // 1000


def monotonic() -> int:
    """µs since boot, time asleep included."""
    return time.clock_gettime_ns(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)) // 1000


def datetime_of(at: int) -> datetime:
    return EPOCH + timedelta(microseconds=at)


def micros_of(at: datetime) -> int:
    return (at - EPOCH) // _MICROSECOND


def parse(moment: str, field: str) -> datetime:
    """RFC 3339 with an offset, as an aware datetime in UTC; Refusal `wrong_type` on anything else."""
    try:
        return msgspec.convert(moment, _Moment).astimezone(UTC)
    except (msgspec.ValidationError, OverflowError, ValueError):
        raise Refusal(
            "wrong_type",
            f"字段“{field}”应为带时区的时刻，如 2011-03-01T09:00:00+08:00",
            f"field “{field}” must be a moment with its offset, such as 2011-03-01T09:00:00+08:00",
            field=field,
        ) from None


class Clock(Protocol):
    demonstration: bool

    def start(self, last: int) -> int:
        """The time at which a commit begins, never before `last`, the last recorded time. Raises Standstill."""

    def at(self, simulated: str | None, now: int, last: int) -> int:
        """When one command of the commit is recorded; `last` is the time of the command before it. Raises Refusal."""

    def recorded(self, last: int) -> None:
        """Events up to `last` are stored."""


class RealClock:
    """The host's clock. `wall` and `monotonic` are passed in by tests only."""

    demonstration = False

    def __init__(self, wall: Callable[[], int] = wall, monotonic: Callable[[], int] = monotonic) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._offset: int = wall() - monotonic()
        self._checked: int = monotonic()
        self.alarm: str | None = None

    def start(self, last: int) -> int:
        if self.alarm is not None:
            raise Standstill(self.alarm)
        now, elapsed = self._wall(), self._monotonic()
        drift = now - elapsed - self._offset
        if abs(drift) > JUMP:
            self._stop(drift)
        if last - now > JUMP:
            # A clamped clock would freeze there until the host's clock catches up.
            self._stop(now - last)
        if elapsed - self._checked > 60_000_000:  # noqa: PLR2004 - a minute of slewing is no jump
            self._offset, self._checked = now - elapsed, elapsed
        return max(now, last)

    def _stop(self, drift: int) -> None:
        self.alarm = (
            f"服务器时钟跳变约{drift / 1e6:+.0f}秒，已停止写入；请校准时钟后重启 / the server's clock jumped by about "
            f"{drift / 1e6:+.0f} s, appends stand still; set the clock right and restart"
        )
        raise Standstill(self.alarm)

    def clear(self) -> None:
        """Believes the clock again, after someone has looked at it."""
        self.alarm = None
        self._offset = self._wall() - self._monotonic()
        self._checked = self._monotonic()

    def at(self, simulated: str | None, now: int, last: int) -> int:
        if simulated is not None:
            raise Refusal(
                "simulated_time_not_allowed",
                "只有演示台账接受模拟时间",
                "only a demonstration ledger takes simulated time",
                field="simulated_at",
            )
        return max(now, last)

    def recorded(self, last: int) -> None:
        pass


class DemonstrationClock:
    """Time as the commands tell it; without being told, it goes on from the last recorded time as fast as real time."""

    demonstration = True

    def __init__(self, monotonic: Callable[[], int] = monotonic) -> None:
        self._monotonic = monotonic
        self._mark: int = monotonic()
        self._last: int | None = None

    def start(self, last: int) -> int:
        if self._last is not None and last > self._last:
            # Another writer recorded meanwhile; its time counts from when we learn of it.
            self._mark = self._monotonic()
        self._last = last
        return last + self._monotonic() - self._mark

    def at(self, simulated: str | None, now: int, last: int) -> int:
        if simulated is None:
            return max(now, last)
        told = micros_of(parse(simulated, "simulated_at"))
        if told < last:
            raise Refusal(
                "simulated_time_backwards",
                "模拟时间不能倒退",
                "simulated time never goes back",
                field="simulated_at",
            )
        return told

    def recorded(self, last: int) -> None:
        self._last = last
        self._mark = self._monotonic()
