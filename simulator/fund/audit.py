"""Audits of coding (医保稽核): what upcoding brought, how much of it is found, and what it then costs.

A bureau audits a share of cases and, of those coded too high, detects a share. The law of large numbers is taken at its
word: of the excess, the expected share is found, without a draw, so a fine is smooth in conduct. What was paid too much
goes back to the fund; the fine, a multiple of it, goes to the government (Regulation on Supervision of Healthcare
Security Funds, State Council Decree 735 of 2021, article 40: two to five times; fines go to the treasury).
"""

from typing import ClassVar

import numpy as np
from pydantic import BaseModel, ConfigDict

from simulator.core.money import rounded
from simulator.core.units import Share, Times
from simulator.payment.books import CODED, WEIGHT
from simulator.payment.price import allowed, fund_part
from simulator.payment.rule import Tariff


class Supervision(BaseModel):
    """Manual supervision of coding."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
    source: ClassVar[str] = "State Council Decree 735 (2021); rates by judgement"

    audited: Share
    """Share of cases that are audited."""
    detects: Share
    """Share of cases coded too high that an audit finds."""
    fine: Times
    """Fine as a multiple of what was paid too much, on top of paying it back."""

    @property
    def found(self) -> float:
        """Chance that a case coded too high is found."""
        return self.audited * self.detects

    def expected_cost(self, per_weight: np.ndarray) -> np.ndarray:
        """What a provider expects one unit of weight coded too high to cost it, fen per unit, in the shape of what that
        unit earns it, ``per_weight``: the believed income of one more unit of coded weight."""
        return self.found * (1 + self.fine) * per_weight

    def settle(self, tariff: Tariff, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Repayment and fine after a month, int64 fen by cell (C,) each.

        What was paid too much is the difference between the fund's part as coded and as it should have been coded.
        """
        true = counts.copy()
        true[:, CODED] = np.minimum(counts[:, CODED], counts[:, WEIGHT])
        excess = fund_part(allowed(tariff, counts), counts) - fund_part(allowed(tariff, true), true)
        repaid = rounded(self.found * excess)
        return repaid, rounded(self.fine * repaid)
