"""Retired members of a plan (退休人员): they pay a smaller part of bills than members who work (个人负担比例照顾).

Share of the fund = 1 − own part × (1 − the ordinary share); where the fund pays others nothing, it pays them nothing.
Other terms, such as points of an adjustment, come on top.
"""

from pydantic import BaseModel, ConfigDict

from simulator.benefit.rule import Bill
from simulator.core.jit import compiled
from simulator.core.units import Share

SOURCE = (
    "State Council 1998 no. 44, section 3: the retired pay no premium and a smaller part of bills; State Council "
    "Office 2021 no. 14: outpatient rates lean to the retired; sizes are those of city rules"
)
EXAMPLE = """
baseline:
  benefit:
    employee:
      retired: {outpatient: 90%, inpatient: 75%}
"""
BILL = Bill("inpatient", "tertiary", "12000 yuan", plan="employee", columns={"age": 70})


class Retired(BaseModel):
    """What those at the age of retirement pay, against the part that others pay themselves above the deductible."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    outpatient: Share = 1.0
    """Of visits."""
    inpatient: Share = 1.0
    """Of admissions."""


@compiled
def share_of_retired(fund_pays, own_part):
    """The fund's share, 0 to 1, for the retired, who pay ``own_part`` (0 to 1) of what others pay."""
    return 1.0 - own_part * (1.0 - fund_pays) if fund_pays > 0.0 else fund_pays
