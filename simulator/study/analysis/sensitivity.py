"""Which uncertainties an outcome depends on: indices by SALib, as the design of the study allows, with convergence.

- `sobol`: share of the variance that a variable explains alone (first), with all its interactions (total), and two
  together (second); Sobol 2001, Saltelli et al. 2010, estimators and bootstrap of SALib.
- `morris`: mean absolute and standard deviation of elementary effects (mu_star, sigma); Morris 1991, Campolongo 2007.
- `random`, `latin_hypercube`: the moment-independent delta (how far knowing a variable moves the distribution;
  Borgonovo 2007, estimator of Plischke et al. 2013) and the first-order index from the same sample (RBD-FAST; Tarantola
  et al. 2006, Plischke 2010, without bias as in Tissot & Prieur 2012). Neither asks for straight lines nor for a design
  of its own.
"""

import math
import warnings
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simulator.core.errors import UserError
from simulator.core.messages import say
from simulator.study.analysis.responses import Response, Sample, gaps, policies, responses, sample_of
from simulator.study.sweep.designs import problem
from simulator.study.sweep.language import Morris, Sobol
from simulator.study.sweep.study_results import Sweep

if TYPE_CHECKING:
    import pandas as pd

PARTS = (8, 4, 2, 1)
"""Convergence is shown at an eighth, a quarter, half of the sample and all of it."""
RESAMPLES = 200
"""Bootstrap samples of an interval."""
DELTA_RESAMPLES = 50
"""The same for delta, which estimates densities in each of them."""
DENSITY_AT = 100
"""Values of the outcome at which delta compares densities."""
HARMONICS = 10
"""Of the first-order index from draws: a curve with this many waves over the range of a variable is still seen."""
LEAST = {"sobol": 4, "morris": 2, "delta": 32}
"""Smallest base sample, trajectories, draws that indices are computed from."""
SHOWN = {"sobol": ("first", "total"), "morris": ("mu_star", "sigma"), "delta": ("first", "delta")}
"""The two indices of a method that tables and figures show; the second is the one that ranks (of morris the first)."""
RANKS = {"sobol": "total", "morris": "mu_star", "delta": "delta"}
COLUMNS = ("method", "policy", "arm", "outcome", "figure", "variable", "with", "index", "sample", "value", "interval")
"""Columns of the table of indices; levers stand behind `policy`. `sample` is the base sample, the trajectories or the
draws that a row rests on, `interval` half the width of the 95 % interval by bootstrap."""


class Index(NamedTuple):
    """One index: of a variable, or of two of them, with half the width of its 95 % interval."""

    variable: str
    other: str
    name: str
    value: float
    interval: float


class Method(NamedTuple):
    """How indices come from a sample: rows of the sample that belong together, and what SALib makes of so many."""

    name: str
    block: int
    analyse: Callable[[np.ndarray, np.ndarray], list[Index]]


def sensitivity(
    sweep: Sweep, arm: str | None = None, outcome: str | None = None, warn: Callable[[str], None] = lambda text: None
) -> "pd.DataFrame":
    """Indices of every uncertainty for every policy, arm, outcome and figure, at growing parts of the sample.

    Args:
        sweep: a study whose design draws.
        arm, outcome: only these.
        warn: hears of what is left out.

    Returns:
        A table of ``COLUMNS``, the values of the levers in columns of their own behind `policy`.

    Raises:
        UserError: the design does not allow it, or runs are missing that it needs.
    """
    import pandas as pd

    sample = sample_of(sweep)
    method = _method(sweep, sample)
    lost = _complete(sweep, method, warn)
    found = policies(sweep)
    rows = []
    for response in responses(sweep, sample.draws, arm, outcome):
        head = (method.name, response.policy, *found[response.policy].values(), *response[1:4])
        response.values[lost] = np.nan
        rows += [(*head, *row) for row in _at_sizes(method, sample, response, warn)]
    levers = list(next(iter(found.values())))
    return pd.DataFrame(rows, columns=[*COLUMNS[:2], *levers, *COLUMNS[2:]])


def _at_sizes(
    method: Method, sample: Sample, response: Response, warn: Callable[[str], None]
) -> Iterator[tuple[str, str, str, int, float, float]]:
    values, unit = response.values, sample.unit
    known = np.isfinite(values)
    if not known.all():
        text = {"outcome": response.outcome, "arm": response.arm, "missing": int((~known).sum()), "of": len(values)}
        if method.name != "delta":
            raise UserError(say("analysis.no_figure", **text))
        warn(say("analysis.left_out", **text))
        values, unit = values[known], unit[known]
    whole = len(values) // method.block
    sizes = [whole // part for part in PARTS if whole // part >= LEAST[method.name]]
    if not sizes:
        raise UserError(say("analysis.too_few", method=method.name, count=whole, least=LEAST[method.name]))
    for size in dict.fromkeys(sizes):
        part = values[: size * method.block]
        flat = np.ptp(part) <= 1e-12 * max(1.0, float(np.abs(part).max()))
        for index in method.analyse(unit[: len(part)], np.zeros(len(part)) if flat else part):
            value, interval = (math.nan, math.nan) if flat else index[3:]
            yield *index[:3], size, value, interval


def _method(sweep: Sweep, sample: Sample) -> Method:
    design, names = sweep.study.specification.design, list(sample.names)
    match design:
        case Sobol():
            block = (2 * len(names) if design.second_order else len(names)) + 2
            return Method("sobol", block, lambda unit, values: _sobol(names, values, design))
        case Morris():
            return Method("morris", len(names) + 1, lambda unit, values: _morris(names, unit, values, design))
    return Method("delta", 1, lambda unit, values: _delta(names, unit, values, design.seed))


def _sobol(names: list[str], values: np.ndarray, design: Sobol) -> list[Index]:
    from SALib.analyze import sobol

    found = _quietly(
        sobol.analyze,
        problem(names),
        values,
        calc_second_order=design.second_order,
        num_resamples=RESAMPLES,
        seed=design.seed,
    )
    rows = [Index(n, "", "first", *_pair(found, "S1", i)) for i, n in enumerate(names)]
    rows += [Index(n, "", "total", *_pair(found, "ST", i)) for i, n in enumerate(names)]
    if design.second_order:
        rows += [
            Index(n, names[j], "second", *_pair(found, "S2", (i, j)))
            for i, n in enumerate(names)
            for j in range(i + 1, len(names))
        ]
    return rows


def _morris(names: list[str], unit: np.ndarray, values: np.ndarray, design: Morris) -> list[Index]:
    from SALib.analyze import morris

    how = {"num_levels": design.levels, "num_resamples": RESAMPLES, "seed": design.seed}
    found = _quietly(morris.analyze, problem(names), unit, values, **how)
    return [
        Index(n, "", name, float(found[name][i]), float(found["mu_star_conf"][i]) if name == "mu_star" else math.nan)
        for name in ("mu_star", "mu", "sigma")
        for i, n in enumerate(names)
    ]


def _delta(names: list[str], unit: np.ndarray, values: np.ndarray, seed: int) -> list[Index]:
    from SALib.analyze import rbd_fast

    how = {"M": min(HARMONICS, len(values) // 8), "num_resamples": RESAMPLES, "seed": seed}
    found = _quietly(rbd_fast.analyze, problem(names), unit, values, **how)
    rows = [Index(n, "", "first", *_pair(found, "S1", i)) for i, n in enumerate(names)]
    deltas = [_quietly(_delta_of, values, unit[:, i], seed) for i in range(len(names))]
    return rows + [Index(n, "", "delta", *pair) for n, pair in zip(names, deltas, strict=True)]


def _delta_of(values: np.ndarray, drawn: np.ndarray, seed: int) -> tuple[float, float]:
    """Delta of one variable, less its bias by bootstrap, and half the width of its 95 % interval.

    SALib's estimator of the index and its number of classes; not its ``analyze``, which computes two further kinds of
    delta in every bootstrap sample, and takes the index from one such sample and not from the draws.
    """
    from SALib.analyze.delta import calc_delta

    count, rng = len(values), np.random.default_rng(seed)
    grid = np.linspace(values.min(), values.max(), DENSITY_AT)
    classes = min(math.ceil(count ** (2 / (7 + math.tanh((1500 - count) / 500)))), 48)
    bounds = np.linspace(0, count, classes + 1)
    found = calc_delta(values, grid, drawn, bounds)
    resampled = [
        calc_delta(values[at], grid, drawn[at], bounds) for at in rng.integers(count, size=(DELTA_RESAMPLES, count))
    ]
    return 2 * found - float(np.mean(resampled)), 1.96 * float(np.std(resampled, ddof=1))


def _pair(found: Any, key: str, place: Any) -> tuple[float, float]:
    return float(np.asarray(found[key])[place]), float(np.asarray(found[f"{key}_conf"])[place])


def _quietly(analyse: Callable[..., Any], *what: Any, **how: Any) -> Any:
    """Call SALib without its remarks, which it makes whatever filters say."""
    with warnings.catch_warnings(record=True), np.errstate(all="ignore"):
        return analyse(*what, **how)


def _complete(sweep: Sweep, method: Method, warn: Callable[[str], None]) -> list[int]:
    """Draws that lack a run. Raises UserError where a method needs all; tells how many where it does not."""
    lost = gaps(sweep)
    if not lost.tasks:
        return []
    words = {"tasks": lost.tasks, "of": len(sweep.tasks), "failed": lost.failed, "folder": sweep.folder}
    if method.name != "delta":
        raise UserError(say("analysis.missing", method=method.name, draws=len(lost.draws), **words))
    warn(say("analysis.missing_some", draws=len(lost.draws), **words))
    return sorted(lost.draws)


def settled(table: "pd.DataFrame") -> "pd.DataFrame":
    """The last row of every index, and by how much it moved from half of the sample (column ``moved``)."""
    keys = [name for name in table.columns if name not in ("sample", "value", "interval")]
    grouped = table.sort_values("sample", kind="stable").groupby(keys, sort=False, dropna=False)
    last = grouped.tail(1).set_index(keys)
    before = grouped["value"].apply(lambda values: values.iloc[-2] if len(values) > 1 else math.nan)
    last["moved"] = last["value"] - before.reindex(last.index)
    return last.reset_index()
