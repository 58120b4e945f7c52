"""Makes the runs, a few at a time, and gives each its verdict."""

from __future__ import annotations

import os
import queue
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from coach_core.errors import ParkitError
from controllers.parkit_examiner.trace import read_trace
from ops.check.cases import Case, Outcome, Verdict
from ops.run import SessionOptions


def drive(
    cases: Sequence[Case], new_simulator: Callable[[], Any], *, jobs: int, min_score: float, time_limit_s: float
) -> Iterator[Outcome]:
    """Each case's outcome, as it comes; `jobs` simulators run side by side, each case in fresh controllers."""
    waiting: queue.SimpleQueue[Case] = queue.SimpleQueue()
    done: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
    stop = threading.Event()
    for case in cases:
        waiting.put(case)

    def work() -> None:
        with new_simulator() as simulator:
            while not stop.is_set():
                try:
                    case = waiting.get_nowait()
                except queue.Empty:
                    return
                done.put(_run(simulator, case, min_score, time_limit_s, stop))

    workers = [threading.Thread(target=work, daemon=True, name=f"check-{n}") for n in range(min(jobs, len(cases)))]
    for worker in workers:
        worker.start()
    try:
        for _ in cases:
            yield done.get()
    finally:
        stop.set()
        for worker in workers:
            worker.join()


def _run(simulator: Any, case: Case, min_score: float, time_limit_s: float, stop: threading.Event) -> Outcome:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="parkit-check-") as folder:
        trace = Path(folder) / "trace.jsonl.gz"
        options = SessionOptions(
            world=case.world,
            driver=case.driver,
            seed=case.seed,
            time_limit_s=time_limit_s,
            # a sound that nobody hears takes as long to choose as one that somebody does
            environment={"PARKIT_TRACE": str(trace), "PARKIT_SOUND": os.environ.get("PARKIT_SOUND", "0")},
        )
        try:
            result = simulator.run(options, stop=stop.is_set)
        except (ParkitError, KeyboardInterrupt) as error:
            return Outcome(case, "failed", str(error) or "stopped", wall_s=time.monotonic() - began)
        except Exception as error:  # one run's failure must not end the check
            return Outcome(case, "failed", f"{type(error).__name__}: {error}", wall_s=time.monotonic() - began)
        lines = read_trace(trace) if trace.exists() else []
    verdict, why = judge(result, min_score)
    return Outcome(case, verdict, why, result, lines, time.monotonic() - began)


def judge(result: dict[str, Any], min_score: float) -> tuple[Verdict, str]:
    """The verdict on a session that ran, and what there is to say of it."""
    if result["result"] != "parked":
        return result["result"], f"ended as {result['result']} after {result['duration_s']:.1f} s"
    score = result["score"]
    if score is not None and score < min_score:
        return "low_score", f"{score:g} points, fewer than the {min_score:g} asked for"
    if score is None and not (result.get("card") or {}).get("passed"):
        return "low_score", f"not passed by rubric {(result.get('card') or {}).get('rubric', '?')}"
    return "passed", ""
