"""The study's page: each metric with what it must be, what it aims at, what was measured and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

from ops.study.scenes import EXIT

Verdict = Literal["aim", "must", "short", "reported"]
WORDS: dict[Verdict, str] = {"aim": "met, aim too", "must": "met", "short": "**short**", "reported": "-"}


class Line(NamedTuple):
    """One metric. must, aim, measured, bound are in the words of the page."""

    part: str
    metric: str
    must: str
    aim: str
    measured: str
    bound: str
    n: int
    verdict: Verdict


class Limit(NamedTuple):
    """A figure's two thresholds; at_least: whether more is better."""

    must: float | None
    aim: float | None
    at_least: bool = False

    def verdict(self, value: float) -> Verdict:
        def holds(limit: float) -> bool:
            return value >= limit if self.at_least else value <= limit

        if self.aim is not None and holds(self.aim):
            return "aim"
        if self.must is not None and holds(self.must):
            return "must"
        return "reported" if self.must is None and self.aim is None else "short"


SUCCESS = {
    "perpendicular": Limit(0.95, 0.98, at_least=True),
    "angled60": Limit(0.93, 0.97, at_least=True),
    "angled45": Limit(0.93, 0.97, at_least=True),
    "parallel1.5": Limit(0.90, 0.95, at_least=True),
    "parallel1.3": Limit(None, 0.85, at_least=True),
    "nose_in": Limit(None, None, at_least=True),
    EXIT: Limit(None, None, at_least=True),
}
END_POSE = (
    ("lateral_p95_m", "lateral", Limit(0.15, 0.10), "m", 2),
    ("depth_p95_m", "depth", Limit(0.20, 0.15), "m", 2),
    ("yaw_p95_deg", "heading", Limit(2.5, 1.5), "°", 1),
)


def lines(parts: dict[str, Any]) -> list[Line]:
    """Every metric of the parts that were measured."""
    makers: dict[str, Callable[[dict[str, Any]], Iterator[Line]]] = {
        "parking": _parking,
        "warnings": _warnings,
        "tick": _tick,
        "rubrics": _rubrics,
        "score": _score,
    }
    return [line for name, make in makers.items() if name in parts for line in make(parts[name]["figures"])]


def _parking(figures: dict[str, Any]) -> Iterator[Line]:
    for row in figures["pooled"]:
        if row["coached"] and row["family"] in SUCCESS:
            yield _success(row)
    for row in figures["pooled"]:
        if row["coached"] and row["family"] == "easy":
            for key, name, limit, unit, digits in END_POSE:
                if row[key] is not None:
                    yield _quantile(f"end pose p95, {name}", row[key], limit, unit, digits)
    for row in figures["pooled"]:
        if not row["coached"]:
            continue
        family = row["family"]
        if row["kerb_in_range"] is not None and family.startswith("parallel"):
            measured = row["kerb_in_range"]
            yield _share(f"kerb 0.10-0.30 m, {family}", measured, Limit(None, None, at_least=True))
        if row["prompts_p50"] is not None and family in SUCCESS:
            yield _quantile(f"prompts, median, {family}", row["prompts_p50"], Limit(None, 10.0), "", 0)


def _success(row: dict[str, Any]) -> Line:
    what = "out of the slot" if row["family"] == EXIT else "parked"
    line = _share(f"{what} on cues alone, {row['family']}", row["parked"], SUCCESS[row["family"]])
    contacts = row["results"].get("contact", 0)
    return line._replace(measured=f"{line.measured}, {contacts} contacts")


def _share(metric: str, share: dict[str, float], limit: Limit, part: str = "parking") -> Line:
    sign = "≥ " if limit.at_least else "≤ "
    return Line(
        part,
        metric,
        "" if limit.must is None else f"{sign}{100.0 * limit.must:g} %",
        "" if limit.aim is None else f"{sign}{100.0 * limit.aim:g} %",
        f"{100.0 * share['value']:.1f} %",
        f"{100.0 * share['low']:.1f}-{100.0 * share['high']:.1f} %",
        int(share["n"]),
        limit.verdict(share["value"]),
    )


def _quantile(metric: str, found: dict[str, float], limit: Limit, unit: str, digits: int) -> Line:
    space = "" if unit in ("°", "") else " "

    def text(value: float | None) -> str:
        return "" if value is None else f"≤ {value:g}{space}{unit}"

    bound = f"{found['low']:.{digits}f}-{found['high']:.{digits}f}{space}{unit}"
    return Line(
        "parking",
        metric,
        text(limit.must),
        text(limit.aim),
        f"{found['value']:.{digits}f}{space}{unit}",
        bound,
        int(found["n"]),
        limit.verdict(found["value"]),
    )


def _warnings(figures: dict[str, Any]) -> Iterator[Line]:
    leads, nuisance = figures["leads"], figures["nuisance"]
    if leads:
        yield from _leads(leads)
    if (median := figures.get("lead_p50_at_2_to_6_kmh")) is not None:
        verdict = Limit(None, 1.8, at_least=True).verdict(median["value"])
        bound = f"{median['low']:.2f}-{median['high']:.2f} s"
        measured = f"{median['value']:.2f} s"
        n = int(median["n"])
        yield Line("warnings", "median lead at 2-6 km/h", "", "≥ 1.8 s", measured, bound, n, verdict)
    if "expert" in nuisance:
        found = nuisance["expert"]
        n = found["manoeuvres"]
        for key, limit in (("critical", Limit(0.05, 0.02)), ("warning", Limit(0.5, 0.3))):
            value = found[key]
            # counts of rare, independent events: Poisson, so the bound of none is 3/n
            spread = 1.96 * (value / n) ** 0.5 if value else 3.0 / max(1, n)
            yield Line(
                "warnings", f"{key} per clean expert manoeuvre", f"≤ {limit.must:g}", f"≤ {limit.aim:g}",
                f"{value:.3f}", f"{max(0.0, value - spread):.3f}-{value + spread:.3f}", n, limit.verdict(value),
            )  # fmt: skip
        if found["tone_ratio"] is not None:
            ratio = found["tone_ratio"]
            verdict = Limit(None, 0.10).verdict(ratio)
            text = f"{100.0 * ratio:.0f} %"
            yield Line("warnings", "time sounding against a distance beeper", "", "≤ 10 %", text, "", n, verdict)


def _leads(leads: dict[str, Any]) -> Iterator[Line]:
    every = leads["all"]
    missed, n = every["missed"], every["episodes"]
    upper = f"≤ {100.0 * every['missed_95']:.3g} %"
    measured = f"{missed} of {n}"
    verdict: Verdict = "short" if missed else ("aim" if n >= 10_000 else "reported")
    yield Line("warnings", "contacts without a critical warning", "0 of 10,000", "", measured, upper, n, verdict)
    for name in ("all", "possible"):
        if name in leads:
            found = leads[name]
            low, high = found["in_time_95"]
            what = "" if name == "all" else ", where a second was possible"
            yield _share(
                f"critical ≥ 1.0 s before contact{what}",
                {"value": found["in_time"], "low": low, "high": high, "n": found["episodes"]},
                Limit(None, 0.99, at_least=True),
                "warnings",
            )


def _tick(figures: dict[str, Any]) -> Iterator[Line]:
    times, n = figures["tick_us"], figures["frames"]
    p99, most, over = times["p99"] / 1000.0, times["max"] / 1000.0, figures["over_budget"]
    limit = Limit(1.0, 0.2)
    yield Line("tick", "frame to decision, p99", "≤ 1 ms", "≤ 0.2 ms", f"{p99:.2f} ms", "", n, limit.verdict(p99))
    bound = f"≤ {100.0 * 3.0 / n:.2g} %" if over == 0 else ""
    verdict: Verdict = "must" if over == 0 else "short"
    text = f"{most:.1f} ms, {over} over"
    if "processor_us" in figures:  # results that were saved earlier do not tell it
        text += f"; of processor time {figures['processor_us']['max'] / 1000.0:.1f} ms"
    yield Line("tick", "frame to decision, maximum; over 10 ms", "≤ 10 ms, 0", "", text, bound, n, verdict)


def _rubrics(figures: dict[str, Any]) -> Iterator[Line]:
    n, equal = figures["sessions"], figures["equal"]
    verdict: Verdict = "short" if equal < n else ("must" if n >= 500 else "reported")
    bound = f"≤ {100.0 * figures['bound_95']:.2g} % differ"
    text = f"{equal} of {n}"
    yield Line("rubrics", "Korean course rubric equal to the oracle", "500 of 500", "", text, bound, n, verdict)


def _score(figures: dict[str, Any]) -> Iterator[Line]:
    found = figures["validity"]
    n, each = found["drivers"], found["sessions"]
    for key, metric, least in (
        ("spearman", f"rank correlation of skill with the mean score of {each} sessions", 0.95),
        ("spearman_median", f"the same with the median of {each}", 0.95),
        ("icc_retest", f"agreement (ICC) of that mean with that of {each} more sessions", 0.9),
        ("icc_retest_apart", "the same over sessions without a contact", 0.9),
    ):
        verdict = Limit(None, least, at_least=True).verdict(found[key])
        yield Line("score", metric, "", f"≥ {least:g}", f"{found[key]:.3f}", "", n, verdict)
    for naming in figures["causes"]:
        n = naming["costly"]
        if n:
            low, high = naming["top1_95"]
            value = {"value": naming["top1"], "low": low, "high": high, "n": n}
            yield _share(f"mistake named first, {naming['family']}", value, Limit(None, 0.9, at_least=True), "score")


def page(parts: dict[str, Any], pictures: list[tuple[str, str]]) -> str:
    """The Markdown page. pictures: (file, what it shows)."""
    out = ["# Study", ""]
    out += [
        "Simulated learners in the study's own simulator (docs/study.md); nothing here is claimed for Webots or for "
    ]
    out[-1] += "people. Bounds are 95 %: Wilson's for shares, ranks for quantiles."
    if "parking" in parts:
        skills = dict.fromkeys(row["who"] for row in parts["parking"]["figures"]["groups"] if row["who"] != "expert")
        out[-1] += f" Parking pools these learners: {', '.join(skills)}."
    out += ["", "| metric | must | aim | measured | 95 % bound | n | verdict |", "|---|---|---|---|---|---|---|"]
    found = lines(parts)
    for line in found:
        out.append(
            f"| {line.metric} | {line.must} | {line.aim} | {line.measured} | {line.bound} | {line.n:,} | "
            f"{WORDS[line.verdict]} |"
        )
    if "parking" in parts:
        out += ["", "## Parking: with the coach, and by the memorised recipe", "", *_table(parts["parking"]["figures"])]
    if "warnings" in parts:
        out += ["", "## Warnings by pattern", "", *_patterns(parts["warnings"]["figures"])]
    out += ["", *(f"![{about}]({file})" for file, about in pictures)]
    out += ["", "## How it was measured", "", "| part | command | seed | machine | when |", "|---|---|---|---|---|"]
    for name, part in parts.items():
        machine = part["machine"]
        out.append(
            f"| {name} | `{part['command']}` | {part['seed']} | {machine['cpu']}, {machine['cores']} cores | "
            f"{machine['measured_at']} |"
        )
    return "\n".join(out) + "\n"


def _table(figures: dict[str, Any]) -> Iterator[str]:
    yield "| slot | learner | help | n | parked | 95 % | contact | lateral / depth / heading p95 | score p50 | time |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for row in figures["groups"]:
        parked = row["parked"]
        ends = [_cell(row[key], digits, unit) for key, _, _, unit, digits in END_POSE]
        yield (
            f"| {row['family']} | {row['who']} | {'coach' if row['coached'] else 'recipe'} | {row['n']} | "
            f"{100.0 * parked['value']:.0f} % | {100.0 * parked['low']:.0f}-{100.0 * parked['high']:.0f} % | "
            f"{row['results'].get('contact', 0)} | {' / '.join(ends)} | {_cell(row['score_p50'], 0, '')} | "
            f"{_cell(row['duration_p50_s'], 0, ' s')} |"
        )


def _patterns(figures: dict[str, Any]) -> Iterator[str]:
    yield "| contacts | n | missed | ≥ 1.0 s | lead p1 / p50 | named | beeper missed |"
    yield "|---|---|---|---|---|---|---|"
    for name, row in figures["leads"].items():
        yield (
            f"| {name} | {row['episodes']} | {row['missed']} | {100.0 * row['in_time']:.1f} % | "
            f"{row['lead_p1_s']:.2f} / {row['lead_p50_s']:.2f} s | {100.0 * row['named']:.0f} % | "
            f"{100.0 * row['pdw_missed']:.0f} % |"
        )


def _cell(estimate: dict[str, float] | None, digits: int, unit: str) -> str:
    return "-" if estimate is None else f"{estimate['value']:.{digits}f}{unit}"
