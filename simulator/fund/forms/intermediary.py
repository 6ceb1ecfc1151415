"""Non-profit intermediary (非盈利性中介机构): an independent body audits and approves claims, for a fee."""

from typing import ClassVar, Literal

import numpy as np

from simulator.core.money import rounded
from simulator.core.units import Share
from simulator.fund.form import INSURER, Form, Month, taken_back
from simulator.payment.rule import Transfer


class Intermediary(Form):
    """What the intermediary finds beyond the patient's optimum is not paid, whatever the insurer brings the hospital;
    it makes no profit and takes its cost.

    denied = detects × claims beyond the patient's optimum
    fee = fee × claims
    """

    source: ClassVar[str] = "Third-party administrators between insurers and hospitals (evidence E08)"
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
      providers: {form: intermediary, detects: 40%, fee: 3%}
"""

    form: Literal["intermediary"]
    """Form in which insurer and providers work together."""
    detects: Share
    """Share of services beyond the patient's optimum that it finds."""
    fee: Share
    """Its cost, as a share of claims."""

    def settle(self, month: Month) -> list[Transfer]:
        """Denied claims are paid back, and the intermediary is paid."""
        denied = np.where(month.partner, self.detects * month.excess, 0.0)
        fee = rounded(np.where(month.partner, self.fee * month.claims.sum(axis=1), 0.0))
        return [*taken_back(denied), Transfer(INSURER, "administration", "intermediary_fee", fee)]

    def cost(self, share: np.ndarray, partner: np.ndarray) -> np.ndarray:
        """A fen too much is denied with the chance that it is the insurer's and found."""
        return np.stack([np.zeros(len(share)), np.where(partner, self.detects * share, 0.0)], axis=1)
