"""Equity stake (参股医疗机构): the insurer owns part of the provider, which then weighs what claims cost its owner."""

from typing import ClassVar, Literal

import numpy as np

from simulator.core.money import instalment, rounded
from simulator.core.units import Budget, Share
from simulator.fund.form import INSURER, Form, Month
from simulator.payment.rule import Transfer


class EquityStake(Form):
    """The insurer gets its share of what the provider keeps, and bears its share of a loss; the provider seeks
    (1 − stake) × its own income + stake × that of the insurer, whom one more fen billed costs its part of it. What the
    capital in the stake costs is the insurer's, whatever the provider does.
    """

    source: ClassVar[str] = "Ping An and Ciming, Ping An and Yikang (80 %), 2008 (evidence E06; 200 to 500 m yuan paid)"
    example: ClassVar[str] = """
baseline:
  plans:
    firm:
      kind: commercial
      premium: 600 yuan/year
      loading: 35%
      administration: 15%
      cover: {stays: {care: inpatient, above: 2000 yuan/year, pays: 80%}}
      compact: {facilities: county_1}
      providers: {form: equity_stake, stake: 80%}
"""

    form: Literal["equity_stake"]
    """Form in which insurer and providers work together."""
    stake: Share
    """Share of the provider that the insurer owns."""
    capital: Budget = 0
    """What the capital that bought it costs a year, for each place of the whole network: interest and write-off."""

    def settle(self, month: Month) -> list[Transfer]:
        """The month's margin is shared, and the capital served."""
        mine = rounded(np.where(month.partner, self.stake * month.margin, 0.0))
        due = rounded(np.where(month.partner, self.capital * month.scale, 0.0))
        return [
            Transfer("facility", INSURER, "dividend", np.maximum(0, mine)),
            Transfer(INSURER, "facility", "loss_borne", np.maximum(0, -mine)),
            Transfer(INSURER, "owners", "capital_cost", instalment(due, month.calendar)),
        ]

    def own(self, share: np.ndarray, partner: np.ndarray) -> np.ndarray:
        """What is left of its own income's weight."""
        return np.where(partner, 1.0 - self.stake, 1.0)

    def cost(self, share: np.ndarray, partner: np.ndarray) -> np.ndarray:
        """What the owner pays of a fen, as far as it is the owner."""
        return np.repeat(np.where(partner, self.stake * share, 0.0)[:, None], 2, axis=1)
