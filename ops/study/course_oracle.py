"""The Korean right-angle course judged a second time, by somebody else: the book's words walked through tick by tick.

Shares nothing with `coach_core.scoring`: it does not read messages, arrays or a rubric, but the script itself, in whole
tenths of a second and millimetres.

The words (the functional test as in force since 22 December 2016): 100 points, passed from 80 on. Ten points for every
separate time a wheel enters the detection line, ten if the parking brake was not on at the check position before it was
left, ten for each full 120 s since the front axle crossed the entry. Failed at once: a wheel on the kerb, an accident,
no start within 30 s; nothing after that counts, and the score is 0. Our own reading of what the words leave open: both
rear wheels have to reach the check line; the position is left when the car has come forward by more than half a metre;
a start is more than walking the car by 0.1 m/s; a pause by the instructor stops the watch; whoever breaks off has no
score, and only who parks can pass.
"""

from __future__ import annotations

from typing import NamedTuple

from ops.study.course_script import Script

PASS = 80
ITEM = 10
OVERRUN = 1200
"""Ticks."""
START_WITHIN = 300
"""Ticks."""
LEFT_AFTER = 5000
"""Tenths of a millimetre."""


class Verdict(NamedTuple):
    """records: (rule, tick, points), those of a failure at once without points of their own."""

    score: int | None
    passed: bool | None
    records: tuple[tuple[str, int, int], ...]


def judge(script: Script) -> Verdict:
    """What the examiner writes down."""
    return _Examiner(script).verdict()


class _Examiner:
    """Walks through the session once, with a stopwatch and a sheet of paper."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._sheet: list[tuple[int, str]] = []
        self._failed: list[tuple[int, str]] = []
        self._started = False
        self._waited = 0
        self._watch: int | None = None
        self._overruns = 0
        self._rear: set[str] = set()
        self._at_check = False
        self._been_at_check = False
        self._deepest = 0
        self._braked = False
        self._left_at: int | None = None
        self._position = 0

    def verdict(self) -> Verdict:
        has_entry_line = any(t.line == "entry" and "front" in t.wheel for t in self._script.lines)
        if not has_entry_line:
            self._watch = 0
        for tick in range(self._script.end + 1):
            self._see(tick)
            if self._failed:
                break
            self._move(tick)
        self._last_look()
        return self._write()

    def _speed(self, tick: int) -> tuple[int, bool]:
        for phase in self._script.phases:
            if tick < phase.ticks:
                return phase.speed, phase.parking_brake
            tick -= phase.ticks
        last = self._script.phases[-1]
        return last.speed, last.parking_brake

    def _see(self, tick: int) -> None:
        """All that is to be seen at one moment."""
        script = self._script
        if self._watch is not None and self._watch > OVERRUN * (self._overruns + 1):
            # it ran over between this moment and the last: the watch said so a tick ago
            self._overruns += 1
            self._sheet.append((tick - 1, "kr.overrun"))
        for touch in script.lines:
            if touch.at != tick:
                continue
            if touch.line == "detection":
                self._sheet.append((tick, "kr.detection_line"))
            elif touch.line == "entry" and touch.wheel.startswith("front") and self._watch is None:
                self._watch = 0
            elif touch.line == "check" and touch.wheel in ("rear_left", "rear_right"):
                self._rear.add(touch.wheel)
                if len(self._rear) == 2:
                    self._at_check = self._been_at_check = True
                    self._deepest, self._left_at = 10**9, None
        for strike in script.strikes:
            if strike.at == tick:
                self._failed.append((tick, "kr.kerb" if strike.other == "kerb" else "kr.accident"))
        if tick == script.end and not self._failed and self._accident_without_a_strike():
            self._failed.append((tick, "kr.accident"))
        self._watch_the_start(tick)

    def _watch_the_start(self, tick: int) -> None:
        if not self._started and self._waited > START_WITHIN:
            # the time was up a tick ago; what came at this moment came too late to be seen
            self._failed = [(tick - 1, "kr.no_start")]
        speed, _ = self._speed(tick)
        self._started = self._started or abs(speed) > 100

    def _accident_without_a_strike(self) -> bool:
        """The examiner knows of a contact that nobody else reported."""
        kerbs = sum(strike.other == "kerb" for strike in self._script.strikes)
        told = self._script.told_contacts
        unexplained = told is not None and told > len(self._script.strikes)
        return unexplained or (self._script.result == "contact" and kerbs == 0)

    def _move(self, tick: int) -> None:
        """What happens until the next moment."""
        speed, brake = self._speed(tick)
        self._position += speed
        if self._at_check:
            self._deepest = min(self._deepest, self._position)
            if self._position - self._deepest > LEFT_AFTER:
                self._at_check = False
                self._left_at = tick
            elif brake and speed == 0:
                self._braked = True
        held = any(since <= tick < until for since, until in self._script.pauses)
        if not held:
            self._waited += 1
            if self._watch is not None:
                self._watch += 1

    def _last_look(self) -> None:
        """What can only be said when it is over."""
        over = self._script.result in ("parked", "timeout") and not self._failed
        if self._braked:
            return
        if self._left_at is not None:
            self._sheet.append((self._left_at, "kr.parking_brake"))
        elif over:
            self._sheet.append((self._script.end, "kr.parking_brake"))

    def _write(self) -> Verdict:
        left = 100
        records = []
        for tick, rule in sorted(self._sheet):
            points = min(ITEM, left)
            left -= points
            records.append((rule, tick, points))
        records += [(rule, tick, 0) for tick, rule in self._failed]
        if self._failed:
            return Verdict(0, False, tuple(sorted(records)))
        if self._script.result == "aborted":
            return Verdict(None, None, tuple(sorted(records)))
        return Verdict(left, left >= PASS and self._script.result == "parked", tuple(sorted(records)))
