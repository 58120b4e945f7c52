"""A rubric as data: components, rules with points and limits, caps, causes. Detectors judge the rules that name them.

Points are whole multiples of a quarter, so that floats add up to exactly 100 in any order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec

from coach_core.errors import ContractError
from coach_core.scoring.causes import FINDERS
from coach_core.scoring.detectors import DETECTORS

QUARTERS = 4
"""Quarters of a point: the unit all points are counted in."""

TOTAL = "total"
"""Component of the rules that hold the whole score down."""

RUBRIC_PACKAGE = "coach_core.data"
"""The package whose data files hold the built-in rubrics; whoever reads files opens `rubric_file(name)` there."""

Key = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_.-]*$")]
Positive = Annotated[float, msgspec.Meta(gt=0.0)]
NonNegative = Annotated[float, msgspec.Meta(ge=0.0)]


class Component(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the score, or a class of faults. max: its points. allowed: how many faults of it a pass may have.
    rescale: rules that cannot be sensed hand their points to the others of the component. needs_end: cannot be judged
    in a session that was broken off."""

    key: Key
    max: NonNegative = 0.0
    allowed: Annotated[int, msgspec.Meta(ge=0)] | None = None
    rescale: bool = False
    needs_end: bool = False


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points (or faults) per finding of a detector, or a ceiling for the whole score.

    cap: most that the rule's cap group costs (its own key unless given); cause: rules with the same cause do not count
    twice within the rubric's window; cue_id: the advice that would have helped. ceiling: what a session with this
    finding can score at most, never passing. ends: the test is over with it, what comes later is not judged.
    explained_within_s: how long before it its cause can lie; the whole session if not given. source: where the limits
    come from, and `[M]` where a person still has to check them against the document.
    """

    key: Key
    component: Key
    detector: Key
    points: NonNegative = 0.0
    limits: dict[str, float] = {}
    cap: Positive | None = None
    cap_group: Key | None = None
    cause: Key | None = None
    cue_id: str | None = None
    ceiling: NonNegative | None = None
    ends: bool = False
    explained_within_s: Positive | None = None
    source: str = ""

    @property
    def group(self) -> str:
        return self.cap_group or self.key

    @property
    def root_cause(self) -> str:
        return self.cause or self.key


class CauseRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a cause is found, and the rules whose findings it can explain. A key may come several times."""

    key: Key
    finder: Key
    explains: list[Key]
    limits: dict[str, float] = {}


class Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name for the scores from `at_least` up; its text is in score_texts.json."""

    at_least: NonNegative
    key: Key


class Rubric(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """name and version go into every card. scheme: points are taken from 100, or faults are counted and only passing or
    not is told. voice: the coach explains causes and names strengths, and excuses what its own failures hid; an
    examiner says what was seen and nothing more. root_cause_window_s: see `Rule.cause`."""

    name: Key
    version: Annotated[int, msgspec.Meta(ge=1)]
    components: list[Component]
    rules: list[Rule]
    about: str = ""
    scheme: Literal["points", "faults"] = "points"
    voice: Literal["coach", "examiner"] = "coach"
    pass_score: NonNegative = 0.0
    root_cause_window_s: NonNegative = 0.0
    bands: list[Band] = []
    causes: list[CauseRule] = []

    @property
    def total(self) -> float:
        return sum(component.max for component in self.components)


def rubric_file(name: str) -> str:
    """Path of a built-in rubric inside `RUBRIC_PACKAGE`."""
    return f"rubrics/{name}.json"


def load_rubric(data: Mapping[str, Any]) -> Rubric:
    """The rubric in `data` (the content of its JSON file); ContractError says in one sentence what to correct."""
    try:
        rubric = msgspec.convert(data, Rubric, strict=True)
    except msgspec.ValidationError as error:
        raise _refused(f"rubric: {error}") from error
    name = f"rubric {rubric.name!r}"
    components = {component.key: component for component in rubric.components}
    if len(components) != len(rubric.components):
        raise _refused(f"{name} names a component twice")
    if rubric.scheme == "points":
        _check_points(name, rubric)
    else:
        _check_faults(name, rubric)
    caps: dict[str, float | None] = {}
    seen: set[str] = set()
    for rule in rubric.rules:
        _check_rule(name, rule, components)
        if rule.key in seen:
            raise _refused(f"{name} has two rules {rule.key!r}")
        seen.add(rule.key)
        if caps.setdefault(rule.group, rule.cap) != rule.cap:
            raise _refused(f"{name}: the rules of cap group {rule.group!r} must give the same cap")
    _check_causes(name, rubric, seen)
    return rubric


def _check_points(name: str, rubric: Rubric) -> None:
    if rubric.total != 100.0:
        raise _refused(f"{name}: the components' maxima must add up to 100, they add up to {rubric.total:g}")
    if rubric.pass_score > 100.0:
        raise _refused(f"{name}: pass_score must be at most 100, is {rubric.pass_score:g}")
    _check_quarters(name, "pass_score", rubric.pass_score)
    for component in rubric.components:
        _check_quarters(name, f"the maximum of {component.key}", component.max)
        points = sum(rule.points for rule in rubric.rules if rule.component == component.key)
        if component.rescale and points != component.max:
            raise _refused(
                f"{name}: the rules of {component.key!r}, which is rescaled, must add up to its maximum "
                f"{component.max:g}, they add up to {points:g}"
            )


def _check_faults(name: str, rubric: Rubric) -> None:
    for component in rubric.components:
        if component.allowed is None or component.max or component.rescale:
            raise _refused(f"{name} counts faults: component {component.key!r} must give `allowed`, and no points")
    for rule in rubric.rules:
        if rule.ceiling is not None or not rule.points or not rule.points.is_integer():
            raise _refused(f"{name} counts faults: the points of {rule.key!r} must be a whole number of them")
    if rubric.causes or rubric.bands or rubric.pass_score:
        raise _refused(f"{name} counts faults: causes, bands and pass_score belong to points")


def _check_rule(name: str, rule: Rule, components: Mapping[str, Component]) -> None:
    if (rule.component == TOTAL) is not (rule.ceiling is not None):
        raise _refused(f"{name}: rule {rule.key!r} must belong to {TOTAL!r} exactly if it gives a ceiling")
    if rule.ceiling is None and rule.component not in components:
        raise _refused(f"{name}: rule {rule.key!r} names {rule.component!r}, which is none of its components")
    if (rule.ceiling is None) is not (rule.points > 0.0):
        raise _refused(f"{name}: rule {rule.key!r} must give either points or a ceiling")
    if rule.ceiling is not None:
        if rule.ceiling > 100.0:
            raise _refused(f"{name}: the ceiling of {rule.key!r} must be at most 100, is {rule.ceiling:g}")
        _check_quarters(name, f"the ceiling of {rule.key}", rule.ceiling)
    detector = DETECTORS.get(rule.detector)
    if detector is None:
        known = ", ".join(sorted(DETECTORS))
        raise _refused(f"{name}: rule {rule.key!r} names the detector {rule.detector!r}; known: {known}")
    _check_limits(name, f"rule {rule.key!r}", rule.detector, rule.limits, detector.limits)
    _check_quarters(name, f"the points of {rule.key}", rule.points)
    if rule.cap is not None:
        _check_quarters(name, f"the cap of {rule.key}", rule.cap)
        if rule.component in components and components[rule.component].rescale:
            raise _refused(f"{name}: rule {rule.key!r} belongs to a rescaled component and cannot have a cap")


def _check_causes(name: str, rubric: Rubric, rules: set[str]) -> None:
    if rubric.voice == "examiner" and (rubric.causes or rubric.bands):
        raise _refused(f"{name} has an examiner's voice: it gives no causes and no bands")
    for cause in rubric.causes:
        finder = FINDERS.get(cause.finder)
        if finder is None:
            known = ", ".join(sorted(FINDERS))
            raise _refused(f"{name}: cause {cause.key!r} names the finder {cause.finder!r}; known: {known}")
        _check_limits(name, f"cause {cause.key!r}", cause.finder, cause.limits, finder.limits)
        unknown = sorted(set(cause.explains) - rules)
        if unknown:
            raise _refused(f"{name}: cause {cause.key!r} explains {unknown[0]!r}, which is none of its rules")


def _check_limits(name: str, what: str, used: str, limits: Mapping[str, float], wanted: tuple[str, ...]) -> None:
    if set(limits) != set(wanted):
        raise _refused(f"{name}: {what} must give exactly the limits of {used!r}: {', '.join(wanted) or 'none'}")
    for limit, value in limits.items():
        if not 0.0 < value < 1e6:
            raise _refused(f"{name}: limit {limit!r} of {what} must be a positive number, is {value!r}")


def _check_quarters(name: str, what: str, value: float) -> None:
    if value * QUARTERS != int(value * QUARTERS):
        raise _refused(f"{name}: {what} must be a multiple of 0.25, is {value:g}")


def _refused(message: str) -> ContractError:
    return ContractError(message, reason="invalid_rubric")
