"""Deductible that falls with repeated admissions in a year (多次住院起付线递减).

It is full for the first admission of a calendar year, a share of it for the second, another for all later ones.
"""

from pydantic import BaseModel, ConfigDict

from simulator.benefit.rule import Bill
from simulator.core.jit import compiled
from simulator.core.maths import whole
from simulator.core.units import Share

SOURCE = "City rules of resident and employee plans, in which the second is commonly half and the third waived"
EXAMPLE = """
baseline:
  benefit:
    resident:
      inpatient:
        secondary: {repeat: {second: 50%, later: 0%}}
"""
BILL = Bill("inpatient", "secondary", "6000 yuan", columns={"admissions_year": 1})


class Repeat(BaseModel):
    """Shares of the deductible at repeated admissions of one calendar year."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    second: Share
    """Share of the deductible at the second admission."""
    later: Share
    """Share of the deductible at the third and any later one."""


@compiled
def repeated(deductible, earlier, second, later):
    """Deductible in fen of an admission that ``earlier`` admissions of this year went before."""
    if earlier == 0:
        return deductible
    return whole(deductible * (second if earlier == 1 else later))
