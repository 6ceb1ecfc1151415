"""Do 95 % intervals hold what they should in 95 of 100 cases? See question.md.

A comparison is run with very many replications; their mean is taken for the truth. Then sets of few replications are
drawn from them, as a user would have run them, and it is counted how often the interval of a set holds the truth.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from simulator import load
from simulator.report.display import headline
from simulator.study.intervals import FEW
from simulator.study.run import run_or_take
from simulator.study.summary import (
    BASELINE,
    SERIES,
    Known,
    difference_of,
    last_months,
    level_of,
    of_events,
    over_period,
)

SCENARIO = "scenarios/programmes/zhejiang_county_community.yaml"
ARM = "community_budget"


def truth(values: pd.DataFrame) -> dict[tuple[str, ...], dict[str, list[Known | None]]]:
    """Figures of every replication by series and arm; None where a replication has none."""
    count = int(values["replication"].max()) + 1
    found: dict[tuple[str, ...], dict[str, list[Known | None]]] = {}
    for arm, replication, *series, value, numerator, denominator in values.itertuples(index=False, name=None):
        arms = found.setdefault(tuple(series), {})
        arms.setdefault(arm, [None] * count)[replication] = Known.of(value, numerator, denominator)
    return found


def covered(
    here: list[Known], base: list[Known], sets: np.ndarray, events: bool
) -> tuple[float, float, float, float, float]:
    """Of all sets: share whose interval holds the true level, and the true difference; width of the intervals of
    differences, mean; share of sets with few events; events in a set, mean."""
    level = float(np.mean([known.value for known in here]))
    gap = float(np.mean([one.value - other.value for one, other in zip(here, base, strict=True)]))
    held = differs = wide = rare = 0.0
    for chosen in sets:
        mine = [here[k] for k in chosen]
        (_, low, high), few = level_of(mine, counts=events)
        held += low <= level <= high
        _, low, high = difference_of([(here[k], base[k]) for k in chosen], counts=events)
        differs += low <= gap <= high
        wide += high - low
        rare += few == few
    count = len(sets)
    per_set = sum(known.counted.events for known in here) / len(here) * sets.shape[1] if events else np.nan
    return held / count, differs / count, wide / count, rare / count, per_set


def table(monthly: pd.DataFrame, arm: str, size: int, sets: int) -> pd.DataFrame:
    """A row for every series that each replication of both arms has."""
    known = truth(over_period(monthly, *last_months(monthly)))
    headlines = {(entry["indicator"], entry.get("tier", ""), entry.get("part", "")) for entry in headline()}
    count = int(monthly["replication"].max()) + 1
    generator = np.random.default_rng(2026)
    drawn = np.array([generator.choice(count, size, replace=False) for _ in range(sets)])
    rows = []
    for series, arms in known.items():
        here, base = arms.get(arm), arms.get(BASELINE)
        if here is None or base is None or None in here or None in base:
            continue
        events = series[0] in of_events()
        figures = covered([k for k in here if k], [k for k in base if k], drawn, events)
        if events or figures[2] > 0:  # what no draw can move has no interval
            is_headline = (series[0], series[1], series[3]) in headlines
            rows.append([*series, is_headline, *figures])
    names = ["level", "difference", "width", "few", "events"]
    return pd.DataFrame(rows, columns=[*SERIES, "headline", *names])


def told(found: pd.DataFrame) -> str:
    """The answer in a few lines."""
    lines = []
    rare = found["events"] < FEW
    for words, rows in (
        ("headline indicators, events not few", found[found["headline"] & ~rare]),
        ("all indicators, events not few", found[~rare]),
        ("few events", found[rare]),
    ):
        for what in ("level", "difference"):
            values = rows[what]
            lines.append(
                f"{words}, {what}: {len(values)} series, coverage {values.min():.3f} to {values.max():.3f}, median "
                f"{values.median():.3f}, mean {values.mean():.3f}"
            )
    return "\n".join(lines)


def main() -> None:
    """Run or take the comparison, measure, write coverage.csv beside its results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", default=SCENARIO, help="(default: %(default)s)")
    parser.add_argument("--arm", default=ARM, help="compared with the baseline (default: %(default)s)")
    parser.add_argument("--families", type=int, default=500, help="(default: %(default)s)")
    parser.add_argument("--months", type=int, default=None, help="reported months (default: those of the scenario)")
    parser.add_argument("--replications", type=int, default=400, help="taken for the truth (default: %(default)s)")
    parser.add_argument("--size", type=int, default=10, help="replications of a set (default: %(default)s)")
    parser.add_argument("--sets", type=int, default=2000, help="(default: %(default)s)")
    parser.add_argument("--out", type=Path, default=Path("results/coverage"), help="(default: %(default)s)")
    options = parser.parse_args()
    how = {} if options.months is None else {"months": options.months}
    scenario = load(options.scenario, families=options.families, **how)
    results = run_or_take(
        scenario, options.out, replications=options.replications, seed=1, arms=[BASELINE, options.arm]
    )
    found = table(results.monthly, options.arm, options.size, options.sets)
    found.to_csv(options.out / "coverage.csv", index=False, float_format="%.6g")
    print(told(found))


if __name__ == "__main__":
    main()
