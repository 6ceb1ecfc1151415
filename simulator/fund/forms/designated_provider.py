"""Designated providers (定点医疗合作): the insurer's list and contract, kept as far as the insurer matters to them."""

from typing import ClassVar, Literal

import numpy as np

from simulator.core.units import Share
from simulator.fund.form import Form, Month, leverage, taken_back
from simulator.payment.rule import Transfer


class DesignatedProvider(Form):
    """Claims for services beyond what does the patient good are denied where they are found, and fall on the hospital
    as far as it keeps the contract; that depends on what the insurer brings it.

    compliance = 1 / (1 + exp(−(insurer's share of the hospital's income − half_at) / scale))
    denied = detects × claims beyond the patient's optimum × compliance
    """

    source: ClassVar[str] = "Tianjin designated-provider rules of 2006 (定点标准), weak leverage (evidence E05)"
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
      providers: {form: designated_provider, detects: 50%}
"""

    form: Literal["designated_provider"]
    """Form in which insurer and providers work together."""
    detects: Share
    """Share of services beyond the patient's optimum that the insurer finds."""
    half_at: Share = 0.10
    """Insurer's share of a hospital's income at which the hospital keeps half of the contract."""
    scale: Share = 0.02
    """How fast that changes with the share."""

    def _found(self, share: np.ndarray, partner: np.ndarray) -> np.ndarray:
        return np.where(partner, self.detects * leverage(share, self.half_at, self.scale), 0.0)

    def settle(self, month: Month) -> list[Transfer]:
        """Denied claims are paid back."""
        return taken_back(month.excess * self._found(month.share, month.partner))

    def cost(self, share: np.ndarray, partner: np.ndarray) -> np.ndarray:
        """A fen too much is denied with the chance that it is the insurer's and found."""
        return np.stack([np.zeros(len(share)), share * self._found(share, partner)], axis=1)
