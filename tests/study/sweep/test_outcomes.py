"""The figures of a study's outcomes are those that summaries have, to the bit."""

import math

import numpy as np
import pandas as pd
import pytest

from simulator.study.summary import SERIES, over, over_period
from simulator.study.sweep.language import Outcome
from simulator.study.sweep.outcomes import outcomes_of

MONTHS = [f"{year}-{month:02}" for year in (2023, 2024) for month in range(1, 13)]
NAMES = ["drug_share", "capability", "ruin_probability", "reserve_months", "visits_per_person"]
PERIODS = {"last_year": ("2024-01", "2024-12"), "all_years": ("2023-01", "2024-12"), "2023": ("2023-01", "2023-12")}


def table(seed: int) -> pd.DataFrame:
    """Months of some series of three tiers: ratios, what is none, months that are missing, denominators of zero."""
    draw = np.random.default_rng(seed)
    rows = [
        (month, name, tier, "", "", "", *_figures(name, draw))
        for name in NAMES
        for tier in ("", "centre", "tertiary")
        for month in MONTHS
        if draw.random() < 0.8
    ]
    made = pd.DataFrame(rows, columns=["month", *SERIES, "value", "numerator", "denominator"])
    return made.astype(dict.fromkeys(SERIES, "category"))


def _figures(name: str, draw: np.random.Generator) -> tuple[float, float, float]:
    above, below = draw.lognormal(3.0, 8.0), draw.lognormal(0.0, 8.0) * (draw.random() > 0.1)
    if name == "capability":
        return above, math.nan, math.nan
    return above / below if below else math.nan, above, below


@pytest.mark.parametrize("over_", PERIODS)
@pytest.mark.parametrize("seed", range(4))
def test_outcomes_are_what_summaries_have(seed: int, over_: str):
    monthly = table(seed)
    text = monthly.astype(dict.fromkeys(SERIES, "str")).assign(arm="", replication=0)
    known = over_period(text, *PERIODS[over_]).set_index(SERIES)["value"].to_dict()
    wanted = {
        f"{name} {tier}": Outcome(indicator=name, tier=tier, over=over_)
        for name in NAMES
        for tier in ("", "centre", "tertiary", "secondary")
    }
    found = outcomes_of(wanted, monthly)
    assert found == {each: known.get((outcome.indicator, outcome.tier, "", "", "")) for each, outcome in wanted.items()}
    assert {over().get(name, "ratio") for name in NAMES} == {"ratio", "max", "last"}
    assert sum(value is None for value in found.values()) < 8


def test_what_a_run_has_not_is_none_and_a_ratio_is_that_of_its_sums():
    monthly = pd.DataFrame(
        [
            ("2023-01", "drug_share", "", "", "", "", 0.1, 1.0, 10.0),
            ("2023-02", "drug_share", "", "", "", "", 0.3, 9.0, 30.0),
        ],
        columns=["month", *SERIES, "value", "numerator", "denominator"],
    )
    wanted = {"share": Outcome(indicator="drug_share"), "of": Outcome(indicator="drug_share", tier="centre")}
    assert outcomes_of(wanted, monthly) == {"share": 0.25, "of": None}
