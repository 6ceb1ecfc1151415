"""Fee for the contract with a family doctor (家庭医生签约服务费), part of it withheld and paid by performance."""

from typing import ClassVar

import numpy as np

from simulator.core.clock import DECEMBER
from simulator.core.messages import Text
from simulator.core.money import instalment, rounded
from simulator.core.names import CENTRE
from simulator.core.units import PerYear, Share
from simulator.declare.use import Use
from simulator.payment.payer_shares import Sources, scope
from simulator.payment.rule import Beliefs, Books, Market, SettlementRule, Transfer
from simulator.payment.score import Target, marginal, panel_of, people_of, scored


class Rule(SettlementRule):
    """A place gets a fee for every person under contract, from the fund, the government and the families.

    paid in a month = signed × fee × (share of families + (1 − withheld) × other shares) / 12
    paid in December = signed × fee × withheld × other shares × score × months in force / 12
    score = Σ weight × clip((indicator − none_at) / (full_at − none_at), 0, 1) at the end of the year; 1 without any
    passed to doctors = to_doctors × what was paid

    Families pay their share whatever the performance. The withheld part of the year is that of those who are signed in
    December. Beliefs are about what place and doctors earn together.
    """

    source: ClassVar[str] = (
        "State Council Medical Reform Office 2016 no. 1 and NHC 2022 no. 10, contracts with family doctors (three "
        "sources of the fee); Shanghai: 120 yuan a year, 60 % by performance (evidence S09)"
    )
    example: ClassVar[str] = """
contract:
  for: {tiers: primary}
  rule: contract_fee
  fee: 120 yuan/year
  sources: {insurance: 50%, public_health: 30%, self_pay: 20%}
  withheld: 60%
  scaled_by:
    served_share: {weight: 60%, none_at: 20%, full_at: 90%}
    control_share: {weight: 40%, none_at: 8%, full_at: 30%}
  to_doctors: 70%
"""
    accounts: ClassVar[tuple[str, ...]] = ("fund", "government", "families", "facility", "doctors")
    use: ClassVar[tuple[Use, ...]] = (
        Use(
            unused=Text("no contract with a family doctor was paid for", "没有发生家庭医生签约服务费"),
            postings=("contract_fee", "contract_fee_public", "contract_fee_own"),
        ),
        Use(
            unused=Text("nothing of the fee for contracts reached a doctor", "签约服务费未分配到医生"),
            postings=("contract_pay",),
            wanted="to_doctors",
        ),
    )
    reads_panel: ClassVar[bool] = True

    fee: PerYear
    """Fee for a signed person, fen per year."""
    sources: Sources
    """Who pays which share of it: the fund, the money for public health of the government, the family."""
    withheld: Share = 0.0
    """Share of the part of fund and government that is paid in December by the score (绩效考核)."""
    scaled_by: dict[str, Target] | None = None
    """Indicators that make the score, by name; none if left out."""
    to_doctors: Share = 0.0
    """Share of the fee that the place passes to its doctors at once."""

    def settle(self, market: Market, books: Books, margin: np.ndarray, mine: np.ndarray) -> list[Transfer]:
        signed = panel_of(market).signed.sum(axis=2) * scope(market, mine)
        per_plan, people = self.fee * signed, self.fee * signed.sum(axis=1)
        score = scored(self.scaled_by, market, books)

        def due(per_year: np.ndarray, share: float, withheld: float, score: np.ndarray) -> np.ndarray:
            now = instalment(rounded(per_year * share * (1 - withheld)), market.calendar)
            if market.calendar < DECEMBER:
                return now
            return now + rounded(per_year * share * withheld * score * market.in_force / DECEMBER)

        fund = due(per_plan, self.sources.get("insurance", 0.0), self.withheld, score[:, None])
        public = due(people, self.sources.get("public_health", 0.0), self.withheld, score)
        own = due(people, self.sources.get("self_pay", 0.0), 0.0, score)
        passed = rounded((fund.sum(axis=1) + public + own) * self.to_doctors)
        return [
            Transfer("fund", "facility", "contract_fee", fund),
            Transfer("government", "facility", "contract_fee_public", public),
            Transfer("families", "facility", "contract_fee_own", own),
            Transfer("facility", "doctors", "contract_pay", passed),
        ]

    def sign_fee(self, tier: np.ndarray, places: np.ndarray) -> np.ndarray | None:
        return np.where(places & (tier <= CENTRE), self.fee * self.sources.get("self_pay", 0.0), -1.0)

    def believed(self, market: Market, books: Books, fund: Beliefs, mine: np.ndarray) -> Beliefs:
        if market.panel is None:
            return {}
        inside = scope(market, mine)
        signed = market.panel.signed.sum(axis=2)
        at_risk = self.fee * self.withheld * (1 - self.sources.get("self_pay", 0.0))
        sure = self.fee - at_risk
        # A person's plan may be out of scope; by the people of the place.
        heads = market.panel.heads.sum(axis=2)
        covered = (heads * inside).sum(axis=1) / np.maximum(people_of(market.panel, "heads"), 1)
        covered = np.where(people_of(market.panel, "heads") > 0, covered, market.places(mine))
        paid_for = (signed * inside).sum(axis=1)
        beliefs = {
            ("panel", entry): at_risk * paid_for * more
            for entry, more in marginal(self.scaled_by, market, books).items()
        }
        each = covered * (sure + at_risk * scored(self.scaled_by, market, books))
        beliefs["panel", "signed"] = beliefs.get(("panel", "signed"), 0.0) + each
        return beliefs
