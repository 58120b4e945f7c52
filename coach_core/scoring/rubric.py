"""A rubric as data: components, rules with points and limits, caps. Rules are judged by the detectors they name.

Points are whole multiples of a quarter, so that floats add up to exactly 100 in any order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from coach_core.errors import ContractError
from coach_core.scoring.detectors import DETECTORS

QUARTERS = 4
"""Quarters of a point: the unit all points are counted in."""

RUBRIC_PACKAGE = "coach_core.data"
"""The package whose data files hold the built-in rubrics; whoever reads files opens `rubric_file(name)` there."""

Key = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_.-]*$")]
Positive = Annotated[float, msgspec.Meta(gt=0.0)]
NonNegative = Annotated[float, msgspec.Meta(ge=0.0)]


class Component(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the score. rescale: rules that cannot be sensed hand their points to the others of the component.
    needs_end: cannot be judged in a session that was broken off."""

    key: Key
    max: Positive
    rescale: bool = False
    needs_end: bool = False


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points per finding of a detector. cap: most that the rule's cap group costs (its own key unless given); cause:
    rules with the same cause do not count twice within the rubric's window; cue_id: the advice that would have
    helped."""

    key: Key
    component: Key
    detector: Key
    points: Positive
    limits: dict[str, float] = {}
    cap: Positive | None = None
    cap_group: Key | None = None
    cause: Key | None = None
    cue_id: str | None = None

    @property
    def group(self) -> str:
        return self.cap_group or self.key

    @property
    def root_cause(self) -> str:
        return self.cause or self.key


class Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name for the scores from `at_least` up; its text is in score_texts.json."""

    at_least: NonNegative
    key: Key


class Rubric(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """name and version go into every card. contact_cap: most that a session with a contact can score.
    root_cause_window_s: see `Rule.cause`."""

    name: Key
    version: Annotated[int, msgspec.Meta(ge=1)]
    pass_score: NonNegative
    contact_cap: NonNegative
    root_cause_window_s: NonNegative
    components: list[Component]
    rules: list[Rule]
    bands: list[Band] = []

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
    if rubric.total != 100.0:
        raise _refused(f"{name}: the components' maxima must add up to 100, they add up to {rubric.total:g}")
    for what, value in (("pass_score", rubric.pass_score), ("contact_cap", rubric.contact_cap)):
        if value > 100.0:
            raise _refused(f"{name}: {what} must be at most 100, is {value:g}")
        _check_quarters(name, what, value)
    for component in rubric.components:
        _check_quarters(name, f"the maximum of {component.key}", component.max)
    caps: dict[str, float | None] = {}
    seen: set[str] = set()
    for rule in rubric.rules:
        _check_rule(name, rule, components)
        if rule.key in seen:
            raise _refused(f"{name} has two rules {rule.key!r}")
        seen.add(rule.key)
        if caps.setdefault(rule.group, rule.cap) != rule.cap:
            raise _refused(f"{name}: the rules of cap group {rule.group!r} must give the same cap")
    for component in rubric.components:
        points = sum(rule.points for rule in rubric.rules if rule.component == component.key)
        if component.rescale and points != component.max:
            raise _refused(
                f"{name}: the rules of {component.key!r}, which is rescaled, must add up to its maximum "
                f"{component.max:g}, they add up to {points:g}"
            )
    return rubric


def _check_rule(name: str, rule: Rule, components: Mapping[str, Component]) -> None:
    if rule.component not in components:
        raise _refused(f"{name}: rule {rule.key!r} names {rule.component!r}, which is none of its components")
    detector = DETECTORS.get(rule.detector)
    if detector is None:
        known = ", ".join(sorted(DETECTORS))
        raise _refused(f"{name}: rule {rule.key!r} names the detector {rule.detector!r}; known: {known}")
    if set(rule.limits) != set(detector.limits):
        wanted = ", ".join(detector.limits) or "none"
        raise _refused(f"{name}: rule {rule.key!r} must give exactly the limits of {rule.detector!r}: {wanted}")
    for limit, value in rule.limits.items():
        if not 0.0 < value < 1e6:
            raise _refused(f"{name}: limit {limit!r} of rule {rule.key!r} must be a positive number, is {value!r}")
    _check_quarters(name, f"the points of {rule.key}", rule.points)
    if rule.cap is not None:
        _check_quarters(name, f"the cap of {rule.key}", rule.cap)
        if components[rule.component].rescale:
            raise _refused(f"{name}: rule {rule.key!r} belongs to a rescaled component and cannot have a cap")


def _check_quarters(name: str, what: str, value: float) -> None:
    if value * QUARTERS != int(value * QUARTERS):
        raise _refused(f"{name}: {what} must be a multiple of 0.25, is {value:g}")


def _refused(message: str) -> ContractError:
    return ContractError(message, reason="invalid_rubric")
