"""What a healthy year costs: the difference of spending over that of health loss, arm against baseline.

A ratio of two differences tells nothing where the lower one may be zero; then there is none. Its interval is Fieller's
for paired differences (J R Stat Soc B 1954;16:175), which then has two finite ends.
"""

import math
from typing import TYPE_CHECKING

from simulator.study.compare import reforms
from simulator.study.intervals import LEVEL, Interval, t_quantile
from simulator.study.summary import BASELINE, MONTHS, over_period, plain

if TYPE_CHECKING:
    import pandas as pd

    from simulator.study.results import Results

SPENDING, LOSS = "spending_per_person", "health_loss"
PEOPLE = 1000.0
"""Persons that health loss is told of."""
COLUMNS = ("arm", "spent", "gained_per_1000", "cost", "cost_low", "cost_high")


def ratio(spent: list[float], gained: list[float]) -> Interval:
    """Mean of ``spent`` over that of ``gained``, pair by pair, and its interval; NaN where ``gained`` may be zero.

    >>> ratio([2.0, 2.0], [1.0, 1.0])
    (2.0, 2.0, 2.0)
    """
    count = len(spent)
    none = (math.nan, math.nan, math.nan)
    if count < 2:
        return none
    cost, gain = math.fsum(spent) / count, math.fsum(gained) / count
    t = t_quantile((1 + LEVEL) / 2, count - 1)

    def moment(one: list[float], mean: float, other: list[float], mean_other: float) -> float:
        products = ((a - mean) * (b - mean_other) for a, b in zip(one, other, strict=True))
        return t * t * math.fsum(products) / (count - 1) / count

    below = gain * gain - moment(gained, gain, gained, gain)
    if below <= 0:
        return none
    middle = cost * gain - moment(spent, cost, gained, gain)
    root = math.sqrt(max(middle * middle - below * (cost * cost - moment(spent, cost, spent, cost)), 0.0))
    return cost / gain, (middle - root) / below, (middle + root) / below


def cost_of_health(results: "Results") -> "pd.DataFrame":
    """Of each arm against the baseline over the last twelve months: yuan spent more per person and year, healthy years
    gained per 1,000 persons and year, and yuan for a healthy year with its interval, NaN where it is not sure that
    health was gained or lost. Columns `COLUMNS`; no rows without a baseline to compare with.

    Where every replication has a set of parameters of its own, the interval is that of the sets as if they were draws.
    """
    import pandas as pd

    coded = results.coded_months
    whole = (coded["tier"] == "") & (coded["plan"] == "") & (coded["part"] == "") & (coded["alliance"] == "")
    wanted = coded["indicator"].isin([SPENDING, LOSS]) & whole & coded["month"].isin(results.months[-MONTHS:])
    values = over_period(plain(coded[wanted]), results.months[-MONTHS:][0], results.months[-1])
    wide = values.pivot(index="replication", columns=["arm", "indicator"], values="value").dropna()
    rows = []
    for arm in reforms(results) if BASELINE in results.arms and len(wide) else []:
        spent = (wide[arm, SPENDING] - wide[BASELINE, SPENDING]).tolist()
        gained = (wide[BASELINE, LOSS] - wide[arm, LOSS]).tolist()
        means = (math.fsum(each) / len(wide) for each in (spent, gained))
        rows.append((arm, *means, *(PEOPLE * each for each in ratio(spent, gained))))
    return pd.DataFrame(rows, columns=list(COLUMNS))
