"""Budget-neutral comparison: one value of a reform is levelled until a fund balances as in the baseline.

What is levelled and where is said before anything is run: the value, the fund, and the span that is searched, which is
the range that the scenario gives the value, or else from half of it to twice. Every trial is the whole reform with the
same replications and draws, so the balance is a smooth function of the value up to the luck of single cases.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.core.naming import as_folder
from simulator.study.level import NoRoot, root
from simulator.study.results import Results
from simulator.study.summary import BASELINE

NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
YUAN = re.compile(r"[-+]?[\d.]+ ?yuan(/\w+)?")
WITHIN = 0.002
"""Share of the fund's yearly income by which its balance may differ from the baseline's and count as the same."""
MILLION = 1e6


@dataclass(frozen=True)
class Neutral:
    """A lever: its dotted path, the reform that it belongs to, its text, and the ends of the search."""

    path: str
    arm: str
    text: str
    low: float
    high: float

    def written(self, number: float) -> str:
        """The text of the value with another number, such as ``8123 yuan``."""
        if YUAN.fullmatch(self.text):
            number = round(number, 2)  # nothing is finer than a fen
        return NUMBER.sub(f"{number:.6g}" if abs(number) < 1e6 else f"{number:.0f}", self.text, count=1)


def lever(scenario: Any, path: str) -> Neutral:
    """The lever at ``path``, ``reforms.NAME.…`` of a scenario.

    Raises:
        UserError: no reform has it, or it is no number.
    """
    parts = path.split(".")
    origins = scenario.origins
    if len(parts) < 4 or parts[0] != "reforms" or parts[1] not in scenario.reforms or path not in origins:
        raise UserError(say("compare.neutral_path", path=path) + near(path, origins))
    written = _of(origins[path], "text")
    found = NUMBER.search(str(written))
    if found is None or float(found[0]) == 0:
        raise UserError(say("compare.neutral_value", path=path, text=written))
    ends = _of(origins[path], "range") or (float(found[0]) / 2, float(found[0]) * 2)
    low, high = sorted(float(NUMBER.search(str(end))[0]) for end in ends)  # ty: ignore[not-subscriptable]
    return Neutral(path, parts[1], str(written), low, high)


def _of(origin: Any, name: str) -> Any:
    return origin.get(name) if isinstance(origin, dict) else getattr(origin, name)


def balance(results: Results, arm: str, plan: str) -> tuple[float, float]:
    """Yearly balance and income of a plan's fund, yuan, mean over replications and reported months.

    Raises:
        UserError: there is no such plan.
    """
    monthly = results.monthly
    mine = monthly[(monthly["indicator"] == "fund_surplus_rate") & (monthly["plan"] != "")]
    plans = sorted(mine["plan"].unique())
    if plan not in plans:
        raise UserError(say("compare.neutral_plan", plan=plan, plans=", ".join(plans), near=near(plan, plans)))
    here = mine[(mine["arm"] == arm) & (mine["plan"] == plan)]
    years = here["replication"].nunique() * here["month"].nunique() / 12
    return float(here["numerator"].sum() / years), float(here["denominator"].sum() / years)


def levelled(
    found: Neutral,
    plan: str,
    base: Results,
    run: Callable[[str, str], Results],
    warn: Callable[[str], None] = lambda text: None,
) -> tuple[str, Results]:
    """The value at which the fund balances as in the baseline, and the run with it.

    Found by ``level.root``.

    Args:
        found: the lever.
        plan: whose fund is to balance.
        base: a run with the baseline.
        run: runs the lever's arm with a text for its value, under a name of its own.
        warn: hears of every trial.

    Raises:
        UserError: the balance does not pass the baseline's within the span.
    """
    aim, income = balance(base, BASELINE, plan)
    tried: dict[float, Results] = {}
    search = root(found.low, found.high, lambda gap: abs(gap) <= WITHIN * income)
    try:
        value = next(search)
        while True:
            tried[value] = run(found.written(value), f"{found.arm}_{len(tried)}")
            gap = balance(tried[value], found.arm, plan)[0] - aim
            words = {"value": found.written(value), "balance": f"{gap / MILLION:+,.2f}"}
            warn(say("compare.neutral_try", path=found.path, **words))
            value = search.send(gap)
    except StopIteration as ended:
        return found.written(ended.value), tried[ended.value]
    except NoRoot as none:
        gaps = {"at_low": f"{none.at_low / MILLION:+,.2f}", "at_high": f"{none.at_high / MILLION:+,.2f}"}
        ends = {"low": found.written(found.low), "high": found.written(found.high)}
        raise UserError(say("compare.neutral_ends", path=found.path, **ends, **gaps)) from None


def folder_of(out: Path, name: str) -> Path:
    """Where a trial is kept."""
    return out / "runs" / as_folder(name)


def checked(paths: Sequence[str], plan: str | None) -> None:
    """Raise UserError where a lever and the plan are not given together."""
    if bool(paths) != (plan is not None):
        raise UserError(say("compare.neutral_needs"))
