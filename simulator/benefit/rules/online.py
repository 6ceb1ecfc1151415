"""Online care (互联网医保支付): visits online are paid as at a tier (线上线下同等待遇), all or only return visits of
patients whose chronic disease is known (复诊); first visits are not paid, or refused.

Everything that the fund pays = what it pays at the tier of parity, in a return visit or where first visits are paid;
else nothing, and nothing counts toward deductibles or catastrophic cover
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from simulator.benefit.rule import Bill
from simulator.core.fields import one_of
from simulator.core.jit import compiled

SOURCE = (
    "NHSA 2019 no. 47 and 2020 no. 45, internet care and its payment: return visits, the same rates on and off line"
)
EXAMPLE = """
network:
  facilities:
    internet_hospital: {tier: online}
baseline:
  benefit:
    resident:
      online: {as_at: centre, first_visits: unpaid}
"""
BILL = Bill("outpatient", "online", "100 yuan", treats=1, columns={"hypertension": 2})


class Online(BaseModel):
    """Terms of visits online."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    as_at: one_of("station", "centre", "secondary", "tertiary") | None = None
    """Tier whose outpatient terms hold online, with everything that belongs to them; if left out those of
    `outpatient.online` do, and nothing is paid where that is not given either."""
    first_visits: Literal["paid", "unpaid", "refused"] = "unpaid"
    """What holds for visits that are no return visit for a known chronic disease: the same terms, all at the patient's
    expense, or that internet hospitals may not see them."""


@compiled
def paid_online(known, first):
    """Whether a visit online is paid for as at the tier of parity, 1, or not at all, 0: ``known`` (0 or 1) says that it
    is for a chronic disease that the patient is known to have, ``first`` (0 or 1) that first visits are paid."""
    return 1 if known == 1 or first == 1 else 0
