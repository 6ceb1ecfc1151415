"""Top-up of large bills (大额单据补助): the fund pays a share of what one bill leaves to the patient above a sum."""

from typing import ClassVar

import numpy as np

from simulator.benefit.further_cover import FurtherCover
from simulator.benefit.rule import Bill
from simulator.core.jit import compiled
from simulator.core.maths import share_of
from simulator.core.table import Column
from simulator.core.units import Money, Share

SOURCE = "Invented, to show how a benefit rule is added; amounts are the user's"
EXAMPLE = """
baseline:
  benefit:
    resident:
      large_bill: {above: 2000 yuan, fund_pays: 50%}
"""
BILL = Bill("inpatient", "tertiary", "30000 yuan")


class LargeBill(FurtherCover):
    """Terms of the top-up."""

    columns: ClassVar[tuple[Column, ...]] = (
        Column("large_above", "i8", "fen", "of one bill left to the patient before the top-up begins"),
        Column("large_share", "f8", "share", "of what lies above, paid by the fund"),
    )

    above: Money
    """What one bill may leave to the patient before the top-up begins, fen."""
    fund_pays: Share
    """Share of what lies above that the fund pays."""

    def fill(self, rows: np.ndarray, care: str, tier: str) -> None:
        rows["large_above"], rows["large_share"] = self.above, self.fund_pays


@compiled
def pays(own, row):
    """Fen that the fund pays more of a bill that leaves ``own`` fen of covered charges to the patient."""
    return share_of(max(own - row.large_above, 0), row.large_share)
