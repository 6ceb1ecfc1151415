"""Where a policy fails: boxes as a table on the screen and in a file, and as a figure."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.core.messages import say
from simulator.report.analysis.labels import policy, title
from simulator.report.display import word
from simulator.report.figures.style import COLOURS, axes_of, headed, saved
from simulator.study.analysis.discover import Found

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANELS = 6
"""Boxes that a figure shows."""
COLUMNS = (
    "policy", "arm", "draws", "failing", "box", "coverage", "density", "variable", "low", "high", "words", "from", "to",
    "quasi_p",
)  # fmt: skip
"""Columns of boxes.csv, a row for each limit of a box: limits and the ends of all draws in the program's unit."""


def rows_of(found: Sequence[Found]) -> "pd.DataFrame":
    """Every limit of every box; a policy that has none gets a row without."""
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for each in found:
        head = {"policy": each.policy, **each.levers, "arm": each.arm, "draws": len(each.fails)}
        head["failing"] = int(each.fails.sum())
        if not each.boxes:
            rows.append(head)
        for number, (box, _, quasi) in enumerate(each.boxes, 1):
            coverage, density = box.measured(each.fails)
            row = {**head, "box": number, "coverage": coverage, "density": density}
            for name, limit in box.limits.items():
                rows.append({**row, "variable": name, **_limit(each.points[name], limit), "quasi_p": quasi[name]})
    levers = list(found[0].levers) if found else []
    return pd.DataFrame(rows, columns=[COLUMNS[0], *levers, *COLUMNS[1:]])


def _limit(column: "pd.Series", limit: Any) -> dict[str, Any]:
    if isinstance(limit, frozenset):
        return {"words": ", ".join(sorted(limit))}
    return {"low": limit[0], "high": limit[1], "from": column.min(), "to": column.max()}


def write(spec: Any, found: Sequence[Found], folder: Path, languages: Iterable[str]) -> Iterator[Path]:
    """Write boxes.csv, trajectory.csv and the figure; each file as soon as it is there."""
    import pandas as pd

    folder.mkdir(parents=True, exist_ok=True)
    steps = [
        (each.policy, each.arm, number, step, *measured)
        for each in found
        for number, (_, trajectory, _) in enumerate(each.boxes, 1)
        for step, measured in enumerate(trajectory)
    ]
    columns = ["policy", "arm", "box", "step", "coverage", "density"]
    limits = rows_of(found)
    for name, table in (("boxes", limits), ("trajectory", pd.DataFrame(steps, columns=columns))):
        file = folder / f"{name}.csv"
        table.to_csv(file, index=False, float_format="%.10g", lineterminator="\n")
        yield file
    if any(each.boxes for each in found):
        yield from saved(lambda rows: boxes_figure(spec, found), limits, folder, "boxes", languages)


def shown(spec: Any, found: Sequence[Found]) -> Any:
    """The boxes: of how many draws, what they cover, how dense they are, and their limits."""
    from rich.table import Table

    levers = list(found[0].levers)
    words = ("failing", "coverage", "density", "limits", "quasi_p")
    made = Table(*(title(spec, name) for name in levers), say("sweep.arm"), *(say(f"analysis.{w}") for w in words))
    made.box = None
    for each in found:
        head = [*(each.levers[name] or "–" for name in levers), each.arm, f"{each.fails.sum()}/{len(each.fails)}"]
        if not each.boxes:
            none = "never_fails" if not each.fails.any() else "always_fails" if each.fails.all() else "no_box"
            made.add_row(*head, "–", "–", say(f"analysis.{none}"), "–")
        for box, _, quasi in each.boxes:
            coverage, density = box.measured(each.fails)
            first = [*head, f"{100 * coverage:.0f} %", f"{100 * density:.0f} %"]
            for name in sorted(box.limits, key=lambda limited: quasi[limited]):
                limit = _limit_text(spec, name, box.limits[name], each.points[name])
                made.add_row(*first, limit, f"{quasi[name]:.2g}")
                first = [""] * len(first)
    return made


def _limit_text(spec: Any, name: str, limit: Any, column: "pd.Series") -> str:
    if isinstance(limit, frozenset):
        return f"{title(spec, name)}: {', '.join(sorted(limit))}"
    low, high = limit
    cuts_low, cuts_high = low > column.min(), high < column.max()
    if cuts_low and cuts_high:
        return f"{low:.4g} ≤ {title(spec, name)} ≤ {high:.4g}"
    return f"{title(spec, name)} ≥ {low:.4g}" if cuts_low else f"{title(spec, name)} ≤ {high:.4g}"


def boxes_figure(spec: Any, found: Sequence[Found]) -> "Figure":
    """For each box how coverage falls as density rises, and its limits within the range of each variable."""
    boxes = [(each, *one) for each in found for one in each.boxes][:PANELS]
    limited = max(len(box.limits) for _, box, _, _ in boxes)
    figure, axes = axes_of(2 * len(boxes), wide=4.8, high=max(2.6, 0.4 * limited + 1.4))
    for (each, box, trajectory, quasi), left, right in zip(boxes, axes[::2], axes[1::2], strict=True):
        _trajectory(left, trajectory, box.measured(each.fails))
        headed(left, word("arm", each.arm), policy(spec, each.levers))
        _limits(spec, right, each, box, quasi)
    return figure


def _trajectory(axis: "Axes", trajectory: list[tuple[float, float]], here: tuple[float, float]) -> None:
    coverage, density = zip(*trajectory, strict=True)
    axis.plot([100 * c for c in coverage], [100 * d for d in density], "o-", markersize=3, color=COLOURS[0])
    axis.plot(100 * here[0], 100 * here[1], "o", markersize=8, color=COLOURS[1])
    axis.set_xlim(0, 104)
    axis.set_ylim(0, 104)
    axis.set_xlabel(say("analysis.coverage") + say("figures.percent"), fontsize=8)
    axis.set_ylabel(say("analysis.density") + say("figures.percent"), fontsize=8)
    axis.tick_params(labelsize=8)


def _limits(spec: Any, axis: "Axes", each: Found, box: Any, quasi: dict[str, float]) -> None:
    names = sorted(box.limits, key=lambda name: quasi[name])
    for place, name in enumerate(names):
        limit, column = box.limits[name], each.points[name]
        axis.plot([0, 1], [place, place], color="#ccc", linewidth=6, solid_capstyle="butt")
        if isinstance(limit, frozenset):
            text = ", ".join(sorted(limit))
        else:
            low, high = float(column.min()), float(column.max())
            ends = [(end - low) / (high - low) for end in limit]
            axis.plot(ends, [place, place], color=COLOURS[1], linewidth=6, solid_capstyle="butt")
            text = f"{limit[0]:.4g} … {limit[1]:.4g}"
        axis.annotate(f"{text}   (p {quasi[name]:.2g})", (0.5, place - 0.22), ha="center", fontsize=7)
    axis.set_yticks(range(len(names)), [title(spec, name) for name in names], fontsize=8)
    axis.set_ylim(len(names) - 0.4, -0.6)
    axis.set_xticks([])
    axis.grid(visible=False)
    axis.set_title(say("analysis.limits"), fontsize=9, loc="left")
