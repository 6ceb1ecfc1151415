"""Chronic outpatient benefit (门诊慢特病): outpatient care of a diagnosed chronic disease on terms of its own.

Where the plan has it, a visit or prescription of the disease's case group goes by its own share, yearly deductible and
yearly ceiling, and uses up nothing of those of ordinary outpatient care.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from simulator.benefit.rule import Bill
from simulator.core.jit import compiled
from simulator.core.names import DIAGNOSED, TIERS
from simulator.core.units import Money, PerYear, Share

SOURCE = (
    "NHSA 2019 no. 54 (two diseases: outpatient drugs of hypertension and diabetes), and the city lists of special "
    "outpatient diseases"
)
EXAMPLE = """
baseline:
  benefit:
    resident:
      chronic_outpatient: {fund_pays: {primary: 70%, secondary: 50%}, ceiling: 2000 yuan/year}
"""
BILL = Bill("outpatient", "centre", "150 yuan", treats=1, columns={"hypertension": 3, "outpatient_fund": 20_000})


class ChronicOutpatient(BaseModel):
    """Outpatient terms of hypertension and diabetes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fund_pays: dict[Literal[TIERS], Share]
    """Share of the fund above the deductible, by tier; at a tier that is left out the ordinary terms hold."""
    deductible: Money = 0
    """Paid by the patient once a year before the fund begins, fen."""
    ceiling: PerYear | None = None
    """What the fund pays at most for one person in a calendar year, fen per year, beside the ordinary ceiling."""


@compiled
def chronic(treats, hypertension, diabetes):
    """1 where a case group that treats a chronic disease (1 hypertension, 2 diabetes, 0 neither) meets a person who has
    that disease diagnosed, else 0. ``hypertension`` and ``diabetes`` are states of the cascade."""
    if treats == 1 and hypertension >= DIAGNOSED:
        return 1
    if treats == 2 and diabetes >= DIAGNOSED:
        return 1
    return 0
