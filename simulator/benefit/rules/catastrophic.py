"""Catastrophic cover (大病保险): a share of a year's own covered payments above a threshold is paid back."""

from pydantic import BaseModel, ConfigDict

from simulator.benefit.rule import Bill
from simulator.core.jit import compiled
from simulator.core.maths import share_of
from simulator.core.units import PerYear, Share

SOURCE = (
    "NDRC and others 2012 no. 2605; State Council Office 2015 no. 57 (critical illness insurance: no less than half); "
    "NHSA 2019 no. 30 (60 %)"
)
EXAMPLE = """
baseline:
  benefit:
    resident:
      catastrophic: {above: 15000 yuan/year, fund_pays: 70%}
"""
BILL = Bill("inpatient", "tertiary", "80000 yuan")


class Catastrophic(BaseModel):
    """Terms of catastrophic cover."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    above: PerYear
    """Own covered payments of a calendar year from which it begins, fen per year."""
    fund_pays: Share
    """Share of what lies above that is paid back."""


@compiled
def catastrophic(own, own_year, above, fund_pays):
    """Fen paid back of the patient's part ``own`` of a bill, ``own_year`` fen having been paid this year before it and
    before any repayment. Only the part of this bill above the threshold counts; over a year the repayments add up to
    the share of the whole excess, however it is split into bills."""
    before, after = max(0, own_year - above), max(0, own_year + own - above)
    return min(own, share_of(after, fund_pays) - share_of(before, fund_pays))
