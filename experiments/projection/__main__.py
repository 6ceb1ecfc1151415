"""Project the base over fifteen years: ``python -m experiments.projection``. See question.md."""

import argparse
import math
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml
from pydantic import Field

from simulator.core.errors import UserError
from simulator.core.fields import Block
from simulator.count.indicators.catalogue import INDICATORS
from simulator.study.intervals import t_quantile
from simulator.study.summary import over_period

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
FILE = Path(__file__).with_name("projection.yaml")
OUT = ROOT / "results" / "projection"
QUANTILE = 0.975
MARGIN = 0.01
"""Half width of an interval that a margin is wanted with."""


class Case(Block):
    """Circumstances of a projection."""

    title: str
    """What grows how."""
    chosen: tuple[str, ...] = Field(alias="with")
    """Overrides of the scenario, by name."""


class Figure(Block):
    """One column of the table."""

    indicator: str
    """Name of a declared indicator."""
    plan: str = ""


class Projection(Block):
    """The content of ``projection.yaml``."""

    scenario: str
    families: int
    replications: int
    cases: dict[str, Case]
    figures: dict[str, Figure]


def read(file: Path = FILE) -> Projection:
    """What is projected. Raises ValueError for what a key cannot be, KeyError for an unknown indicator."""
    found = Projection.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    for figure in found.figures.values():
        INDICATORS[figure.indicator]
    return found


def by_year(monthly: "pd.DataFrame", figures: Iterable[Figure]) -> Iterator[tuple[str, list[list[float]]]]:
    """Years, and of each the values of every figure by replication."""
    for year in sorted(set(monthly["month"].str[:4])):
        values = over_period(monthly, f"{year}-01", f"{year}-12")
        values = values[(values["arm"] == "baseline") & (values["tier"] == "") & (values["part"] == "")]
        yield (
            year,
            [
                values.loc[(values["indicator"] == each.indicator) & (values["plan"] == each.plan), "value"].tolist()
                for each in figures
            ],
        )


def told(figure: Figure, values: list[float]) -> str:
    """Mean over replications, in per cent, months or as a rate."""
    mean = float(np.mean(values))
    return f"{100 * mean:.1f} %" if INDICATORS[figure.indicator].unit == "share" else f"{mean:.3g}"


def table(figures: dict[str, Figure], years: list[tuple[str, list[list[float]]]]) -> str:
    """A row for every year, as Markdown."""
    lines = ["| year | " + " | ".join(figures) + " |", "|---" * (len(figures) + 1) + "|"]
    for year, values in years:
        cells = [told(figure, each) for figure, each in zip(figures.values(), values, strict=True)]
        lines.append(f"| {year} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def drift(years: list[list[float]]) -> tuple[float, float]:
    """Change from the first year to the last along the straight line through all years: mean over replications, and the
    half width of its interval. ``years`` are values by replication, of every year."""
    values = np.array(years)  # (year, replication)
    steps = np.arange(len(values)) - (len(values) - 1) / 2
    change = (len(values) - 1) * (steps @ values) / (steps @ steps)
    if len(change) < 2:
        return float(change.mean()), math.nan
    return float(change.mean()), t_quantile(QUANTILE, len(change) - 1) * float(change.std(ddof=1)) / math.sqrt(
        len(change)
    )


def replications_needed(values: list[float], half: float = MARGIN) -> int:
    """So many replications give a mean an interval of ``half`` to either side.

    >>> replications_needed([0.01, 0.03])
    8
    """
    return max(2, math.ceil((1.96 * float(np.std(values, ddof=1)) / half) ** 2))


def page(projection: Projection, found: dict[str, list[tuple[str, list[list[float]]]]]) -> str:
    """All tables, and what a margin's mean is worth."""
    margins = [n for n, each in enumerate(projection.figures.values()) if each.indicator == "fund_surplus_rate"]
    names = [*projection.figures]
    parts = []
    for case, years in found.items():
        parts += [f"### {case}: {projection.cases[case].title}", "", table(projection.figures, years), ""]
        for n in margins:
            mean, half = drift([values[n] for _, values in years])
            parts.append(
                f"{names[n]}: {100 * mean:+.1f} points (± {100 * half:.1f}) from {years[0][0]} to {years[-1][0]}"
            )
            if projection.replications > 1:
                spread = [replications_needed(values[n]) for _, values in years]
                parts.append(f"  replications for ± 1 point in one year: {int(np.median(spread))}")
        parts.append("")
    return "\n".join(parts)


def main() -> None:
    """Run the cases, print the tables and write them."""
    from simulator import load
    from simulator.study.run import run_or_take

    projection = read()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=projection.families)
    parser.add_argument("--replications", type=int, default=projection.replications)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--months", type=int, help="reported months, all if left out")
    parser.add_argument("--only", nargs="+", default=[*projection.cases], choices=[*projection.cases], metavar="CASE")
    parser.add_argument("--set", nargs="+", default=[], metavar="PATH=VALUE", dest="changes", help="changes to all")
    parser.add_argument(
        "--out", type=Path, default=OUT, help="folder of the page and the runs; what it has of the same inputs is taken"
    )
    options = parser.parse_args()
    projection = projection.model_copy(update={"replications": options.replications})
    found: dict[str, Any] = {}
    for case in options.only:
        scenario = load(
            ROOT / projection.scenario,
            options.changes,
            families=options.families,
            months=options.months,
            with_=projection.cases[case].chosen,
        )
        try:
            results = run_or_take(
                scenario, options.out / case, replications=options.replications, seed=options.seed, arms=["baseline"]
            )
        except UserError as error:  # a folder of other inputs
            sys.exit(str(error))
        found[case] = list(by_year(results.monthly, projection.figures.values()))
    text = page(projection, found)
    print(text)
    (options.out / "page.md").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
