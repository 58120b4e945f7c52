"""The study's pictures, as SVG: coached is the green of the dashboard, alone a warm brown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")

from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ops.study.parking import Row
from ops.study.scenes import EXIT

INK, MUTED, GRID = "#0f172a", "#64748b", "#e2e8f0"
COACHED, ALONE = "#07785a", "#c2703d"
SKILL_SHADE = {"beginner": 0.45, "novice": 0.72, "practised": 1.0, "expert": 1.0}
FAMILY_NAMES = {
    "perpendicular": "perpendicular",
    "angled60": "angled 60°",
    "angled45": "angled 45°",
    "parallel1.5": "parallel 1.5 L",
    "parallel1.3": "parallel 1.3 L",
    "nose_in": "nose-in",
    "exit": "out again",
}
STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 10.5,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.titlesize": 12.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 12.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "legend.frameon": False,
    "figure.facecolor": "white",
    "svg.hashsalt": "parkit",
}


PICTURES = {
    "study-success.svg": "Who parks, by slot, learner and help",
    "study-end-pose.svg": "Where coached cars stand",
    "study-score.svg": "What attempts score, coached and alone",
    "study-lead.svg": "How early the critical warning comes",
}


def pictures(folder: Path) -> list[tuple[str, str]]:
    """The pictures there are: (file, what it shows)."""
    return [(name, about) for name, about in PICTURES.items() if (folder / name).exists()]


def draw_all(parts: dict[str, Any], rows: Sequence[Row], leads: Sequence[tuple[str, float]], folder: Path) -> None:
    """Every picture there are figures for. rows: the parking part's; leads: (pattern, lead [s], 0 if missed)."""
    with mpl.rc_context(STYLE):
        if "parking" in parts:
            figures = parts["parking"]["figures"]
            _save(_success(figures), folder / "study-success.svg")
            if any(row.coached and row.parked and row.lateral is not None for row in rows):
                _save(_end_poses(rows), folder / "study-end-pose.svg")
            _save(_scores(rows), folder / "study-score.svg")
        if leads:
            _save(_leads(leads), folder / "study-lead.svg")


def _save(figure: Figure, path: Path) -> None:
    figure.savefig(path, metadata={"Date": None}, bbox_inches="tight")
    plt.close(figure)


def _success(figures: dict[str, Any]) -> Figure:
    groups = [row for row in figures["groups"] if row["who"] != "expert"]
    families = list(dict.fromkeys(row["family"] for row in groups))
    figure, axes = plt.subplots(figsize=(max(6.0, 1.5 * len(families)), 4.4))
    skills = [name for name in SKILL_SHADE if any(row["who"] == name for row in groups)]
    width = 0.8 / max(1, 2 * len(skills))
    for at, family in enumerate(families):
        for coached in (True, False):
            for k, skill in enumerate(skills):
                row = _find(groups, family, skill, coached)
                if row is None:
                    continue
                share = row["parked"]
                x = at + (k - 0.5 * (len(skills) - 1)) * width + (-0.205 if coached else 0.205)
                colour = COACHED if coached else ALONE
                axes.bar(x, 100.0 * share["value"], 0.9 * width, color=colour, alpha=SKILL_SHADE[skill])
                low, high = 100.0 * share["low"], 100.0 * share["high"]
                axes.plot([x, x], [low, high], color=INK, linewidth=1.0, alpha=0.75)
    axes.set_xticks(range(len(families)), [FAMILY_NAMES.get(f, f) for f in families], color=INK)
    axes.set_ylim(0.0, 104.0)
    axes.set_ylabel("done [%]")
    axes.grid(axis="x", visible=False)
    axes.set_title("Who parks, or gets out again, without a contact")
    for coached, name in ((True, "with the coach"), (False, "by recipe, alone")):
        axes.bar(0.0, 0.0, color=COACHED if coached else ALONE, label=name)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=2)
    order = f"of each colour, left to right: {', '.join(skills)}" if len(skills) > 1 else f"all: {skills[0]}s"
    _note(axes, f"{order}; lines: 95 % bounds", -62)
    return figure


def _find(groups: Sequence[dict[str, Any]], family: str, who: str, coached: bool) -> dict[str, Any] | None:
    found = (row for row in groups if (row["family"], row["who"], row["coached"]) == (family, who, coached))
    return next(found, None)


def _end_poses(rows: Sequence[Row]) -> Figure:
    stands = [row for row in rows if row.coached and row.parked and row.who != "expert" and row.lateral is not None]
    families = [family for family in FAMILY_NAMES if any(row.family == family for row in stands)]
    columns = min(3, len(families))
    lines = -(-len(families) // columns)
    figure, grid = plt.subplots(
        lines, columns, figsize=(3.1 * columns, 3.3 * lines), sharex=True, sharey=True, squeeze=False
    )
    for axes, family in zip(grid.flat, families, strict=False):
        mine = [row for row in stands if row.family == family]
        axes.add_patch(Rectangle((-0.15, -0.20), 0.30, 0.40, facecolor=COACHED, alpha=0.10))
        axes.add_patch(Rectangle((-0.15, -0.20), 0.30, 0.40, fill=False, edgecolor=COACHED, linestyle="--"))
        axes.scatter(
            [row.lateral for row in mine], [row.depth for row in mine], s=14 if len(mine) < 200 else 5, color=COACHED,
            alpha=0.55 if len(mine) < 200 else 0.3, linewidths=0, rasterized=len(mine) >= 200,
        )  # fmt: skip
        axes.axhline(0.0, color=MUTED, linewidth=0.7)
        axes.axvline(0.0, color=MUTED, linewidth=0.7)
        axes.set_title(f"{FAMILY_NAMES[family]}  (n = {len(mine)})", fontsize=10.5, pad=6)
        axes.set_xlim(-0.4, 0.4)
        axes.set_ylim(-0.5, 0.5)
    for axes in list(grid.flat)[len(families) :]:
        axes.set_visible(False)
    figure.suptitle("Where coached learners stop", x=0.02, ha="left", fontweight="bold", fontsize=12.5)
    figure.supxlabel("to the learner's right of the middle [m]; dashed: what 95 % must keep to", fontsize=10)
    figure.supylabel("too deep, or too far ahead [m]", fontsize=10)
    figure.tight_layout()
    return figure


def _scores(every: Sequence[Row]) -> Figure:
    figure, axes = plt.subplots(figsize=(7.2, 4.0))
    for coached in (True, False):
        for skill, shade in SKILL_SHADE.items():
            rows = [row for row in every if row.coached is coached and row.who == skill and row.family != EXIT]
            if skill == "expert" or not rows:
                continue
            # who left the car outside a slot has no score: counted as below all
            scores = sorted(-1.0 if row.score is None else row.score for row in rows)
            share = [100.0 * (len(scores) - i) / len(scores) for i in range(len(scores))]
            axes.step(
                [0.0, *(max(0.0, s) for s in scores)], [share[0], *share], where="pre", linewidth=2.0,
                color=COACHED if coached else ALONE, alpha=shade,
                label=f"{skill}, {'coach' if coached else 'recipe'}",
            )  # fmt: skip
    axes.set_xlim(0.0, 100.0)
    axes.set_ylim(0.0, 102.0)
    axes.set_xlabel("score of the attempt (parkit-1)")
    axes.set_ylabel("attempts with at least this score [%]")
    axes.set_title("What attempts score, all kinds of slots")
    axes.legend(loc="lower left", fontsize=9)
    return figure


def _leads(leads: Sequence[tuple[str, float]]) -> Figure:
    patterns = sorted({pattern for pattern, _ in leads})
    figure, axes = plt.subplots(figsize=(8.0, 0.42 * len(patterns) + 1.9))
    _lead_rows(axes, patterns, leads)
    axes.axvline(1.0, color=ALONE, linewidth=1.4, linestyle="--")
    axes.text(1.03, len(patterns) - 0.35, "1 s", color=ALONE, fontsize=9)
    axes.set_xlim(0.0, 4.2)
    axes.set_xlabel("critical warning before the contact [s]")
    axes.set_title("How early the critical warning comes")
    axes.grid(axis="y", visible=False)
    return figure


def _lead_rows(axes: Axes, patterns: Sequence[str], leads: Sequence[tuple[str, float]]) -> None:
    """A box from p5 to p95 for each pattern, thick from p25 to p75, a tick at the median, a dot at the least."""
    for at, pattern in enumerate(patterns):
        values = sorted(lead for name, lead in leads if name == pattern)

        def rank(q: float, found: list[float] = values) -> float:
            return min(4.0, found[min(len(found) - 1, int(q * len(found)))])

        axes.plot([rank(0.05), rank(0.95)], [at, at], color=COACHED, linewidth=2.0, alpha=0.5)
        axes.plot([rank(0.25), rank(0.75)], [at, at], color=COACHED, linewidth=8.0, solid_capstyle="butt")
        axes.plot([rank(0.5)] * 2, [at - 0.25, at + 0.25], color="white", linewidth=2.0)
        axes.plot(min(4.0, values[0]), at, marker="o", markersize=4.5, color=INK)
    names = [pattern.replace("_", " ") for pattern in patterns]
    axes.set_yticks(range(len(patterns)), names, color=INK)
    axes.set_ylim(-0.6, len(patterns) - 0.2)
    _note(axes, "dot: the least; bar: middle half, white its median; line: 5-95 %", -46)


def _note(axes: Axes, text: str, below: float) -> None:
    """How to read the picture, `below` points under the axes' right end."""
    axes.annotate(
        text, (1.0, 0.0), (0.0, below), xycoords="axes fraction", textcoords="offset points", ha="right", color=MUTED,
        fontsize=9,
    )  # fmt: skip
