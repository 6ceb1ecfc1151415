"""What patients cost: cases and charges of a year before any reform, by case group and tier, and a head by disease.

For whoever sets an amount in a scenario, such as a package price or a payment per head: it is measured in the last year
of the burn-in of a small run, so it follows the scenario's own prices, people and conduct.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simulator.core.money import FEN
from simulator.core.names import DIAGNOSED, DISEASES, INPATIENT, TIERS

if TYPE_CHECKING:
    import pandas as pd

    from simulator.simulation import Simulation

FAMILIES = 4_000
"""Families of the small run, unless the scenario has fewer."""
YEAR = 12
"""Months that are counted."""


class Costs(NamedTuple):
    """Two tables, with money in yuan.

    ``groups``: group, care (``outpatient``, ``inpatient``), tier, cases_per_1000 (a year, of all people),
    charge_per_case, fund_per_case, days_per_case. ``heads``: who (``everybody``, a disease, a plan), people (of the
    sample), care, tier, and of a head and year charge, fund (its part before settlements) and own. Continued care is
    part of inpatient care at the place that takes over.
    """

    groups: "pd.DataFrame"
    heads: "pd.DataFrame"


def last_year(scenario: Any, seed: int) -> "Simulation":
    """The baseline after its burn-in, of a year at least; its books hold the last twelve months before any reform."""
    from simulator.simulation import Simulation

    model = Simulation(scenario, arm="baseline", seed=seed)
    while model.steps_done < max(model.burn_in, YEAR):
        model.step()
    return model


def costs(scenario: Any, seed: int = 1) -> Costs:
    """Simulate the burn-in of the baseline, of a year at least, and count its last twelve months.

    Args:
        scenario: from ``load``; its families are those simulated.
    """
    import pandas as pd

    from simulator.payment.books import CASES, CH_DRUGS, CH_LABOUR, DAYS, OUTSIDE, SELF

    world = last_year(scenario, seed).world
    cells, counts = world.cells, world.books.year
    assert counts is not None
    fund = sum(world.books.fund[-YEAR:])
    care = np.minimum(cells["care"], INPATIENT)
    frame = pd.DataFrame(
        {
            "group": np.array(world.words.groups)[cells["group"]],
            "treats": world.groups["treats"][cells["group"]],
            "plan": np.array(world.words.plans)[cells["plan"]],
            "care": np.array(("outpatient", "inpatient"))[care],
            "tier": np.array(TIERS)[cells["tier"]],
            "cases": np.where(cells["care"] <= INPATIENT, counts[:, CASES], 0),
            "days": counts[:, DAYS],
            "charge": counts[:, CH_DRUGS : CH_LABOUR + 1].sum(axis=1) / FEN,
            "fund": fund / FEN,
            "own": (counts[:, SELF] + counts[:, OUTSIDE]) / FEN,
        }
    )
    people = len(world.persons)
    by = frame.groupby(["group", "care", "tier"], sort=False)[["cases", "days", "charge", "fund"]].sum()
    by = by[by["cases"] > 0].reset_index()
    groups = by[["group", "care", "tier"]].assign(
        cases_per_1000=1000 * by["cases"] / people, charge_per_case=by["charge"] / by["cases"],
        fund_per_case=by["fund"] / by["cases"], days_per_case=by["days"] / by["cases"],
    )  # fmt: skip
    whose = {"everybody": (frame, people)}
    for number, disease in enumerate(DISEASES, 1):
        whose[disease] = frame[frame["treats"] == number], int((world.persons[disease] >= DIAGNOSED).sum())
    for number, plan in enumerate(world.words.plans):
        whose[plan] = frame[frame["plan"] == plan], int((world.persons["plan"] == number).sum())
    heads = [
        (who, count, *where, *(rows / max(count, 1)))
        for who, (part, count) in whose.items()
        for where, rows in _sums(part)
    ]
    return Costs(groups, pd.DataFrame(heads, columns=["who", "people", "care", "tier", "charge", "fund", "own"]))


def _sums(part: "pd.DataFrame") -> list[tuple[tuple[str, str], np.ndarray]]:
    by = part.groupby(["care", "tier"], sort=False)[["charge", "fund", "own"]].sum()
    return [(where, row.to_numpy()) for where, row in by.iterrows() if row["charge"] > 0]  # type: ignore[misc]
