"""What the coach was guiding along, frame by frame: what the learner's driving is compared with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coach_core.contracts import Decision, PlanSegment, PlanSummary

Ints = NDArray[np.int64]
NO_PLAN = -1


class Stretch(NamedTuple):
    """Rows first..last (both included) in which one segment of one plan was being driven.

    following: the segment after it, None if it was the plan's last.
    """

    first: int
    last: int
    segment: PlanSegment
    following: PlanSegment | None


class PlanTrace(NamedTuple):
    """plan_id, segment (N,): the plan and which of its segments each row's decision was about, `NO_PLAN` where there
    was none. plans: by plan_id, as first sent."""

    plan_id: Ints
    segment: Ints
    plans: Mapping[int, PlanSummary]

    def only(self, rows: NDArray[np.bool_]) -> PlanTrace:
        """The trace of these rows alone."""
        return PlanTrace(self.plan_id[rows], self.segment[rows], self.plans)

    def stretches(self) -> Iterator[Stretch]:
        """The segments one after another, as they were driven."""
        rows = len(self.plan_id)
        key = np.stack([self.plan_id, self.segment])
        starts = [0, *(np.flatnonzero((np.diff(key) != 0).any(axis=0)) + 1).tolist()] if rows else []
        for first, following in zip(starts, [*starts[1:], rows], strict=True):
            plan = self.plans.get(int(self.plan_id[first]))
            index = int(self.segment[first])
            if plan is None or index >= len(plan.segments):
                continue
            after = plan.segments[index + 1] if index + 1 < len(plan.segments) else None
            yield Stretch(first, following - 1, plan.segments[index], after)


def plan_trace(decisions: Sequence[Decision | None]) -> PlanTrace:
    """The plans of a session's decisions, one per frame; a frame without a decision is taken to go on as before."""
    plan_id = np.full(len(decisions), NO_PLAN, dtype=np.int64)
    segment = np.zeros(len(decisions), dtype=np.int64)
    plans: dict[int, PlanSummary] = {}
    for row, decision in enumerate(decisions):
        if decision is None:
            if row:
                plan_id[row], segment[row] = plan_id[row - 1], segment[row - 1]
        elif decision.plan is not None:
            plans.setdefault(decision.plan.plan_id, decision.plan)
            plan_id[row], segment[row] = decision.plan.plan_id, decision.plan.segment_index
    return PlanTrace(plan_id, segment, plans)
