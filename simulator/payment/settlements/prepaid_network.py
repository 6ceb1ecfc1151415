"""Prepayment to an insurer-run network (HMO、整体打包付费): an amount per head, kept and borne by the owners."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from simulator.core.maths import logistic
from simulator.core.money import rounded
from simulator.core.units import PerYear, Share
from simulator.payment.rule import BudgetRule
from simulator.payment.score import Target, score


class Rule(BudgetRule):
    """The fund pays the network an amount for every head, in monthly instalments; the network pays the fund's part of
    all bills of its people, inside and outside; as far as agreed its owners keep what is left and bear what is missing.

    budget = heads × per head
    administration = share × budget, before any bill
    balance = budget − administration − fund's part of the bills
    profit of the owners = balance × surplus_kept × score, if positive; the rest returns to the fund
    loss of the owners = −balance × overspend_borne, if negative; the fund bears the rest

    Gatekeeping and the closed network are benefit
    rules, not this one. Its four scopes are whose bills and heads it is for:

    - a city: `for: {alliances: NAME}` and `heads: everyone`, NAME being all its primary places and their hospitals
    - a disease: `for: {alliances: NAME, groups: [...]}` and `heads: diabetes` or `hypertension`
    - a community: `for: {alliances: NAME}`, NAME being one centre and its stations
    - an enterprise: `for: {alliances: NAME, plans: employee}`, the heads being those insured in that plan
    """

    source: ClassVar[str] = (
        "Tianjin digital health community (WeDoctor) 2020-2022: whole bundle and diabetes bundle (evidence H01); "
        "form of the network after the US Health Maintenance Organization Act of 1973"
    )
    example: ClassVar[str] = """
network:
  for: {alliances: county_community}
  rule: prepaid_network
  per_head: 1100 yuan/year
  heads: everyone
  administration_share: 5%
  surplus_kept: 50%
"""
    accounts: ClassVar[tuple[str, ...]] = ("fund", "pool", "facility", "administration", "owners")
    keeper: ClassVar[Literal["members", "owners"]] = "owners"
    DOUBT: ClassVar[float] = 0.03
    """Scale of the logistic doubt about the year's balance, share of the budget; by judgement."""

    per_head: PerYear
    """Amount for a head, fen per year."""
    heads: Literal["everyone", "hypertension", "diabetes"] = "everyone"
    """Who is a head: everyone who lives with a member and has a plan in scope, or those with a known disease."""
    administration_share: Annotated[Share, Field(lt=1)] = 0.0
    """Share of the budget that runs the network."""
    budget_is_for: Literal["residents", "members"] = "residents"
    """Whose bills: of people whose home lies with a member, wherever they are treated, or of all whom members treat."""
    surplus_kept: Share = 1.0
    """Share of a surplus that the owners keep; the fund gets the rest back (结余分成)."""
    overspend_borne: Share = 1.0
    """Share of what is missing that the owners bear; the fund bears the rest."""
    scaled_by: dict[str, Target] | None = None
    """Indicators that scale the profit (health outcomes), by name; none if left out."""

    def heads_with(self) -> str | None:
        return None if self.heads == "everyone" else self.heads

    def first_budget(self, spent: np.ndarray, heads: np.ndarray, scale: float = 1.0) -> np.ndarray:
        return np.asarray(heads, np.int64) * self.per_head

    def next_budget(self, budget: np.ndarray, spent: np.ndarray, heads: np.ndarray) -> np.ndarray:
        return self.first_budget(spent, heads)

    def administration(self, budget: np.ndarray) -> np.ndarray:
        return rounded(budget * self.administration_share)

    def score(self, levels: dict[str, float]) -> float:
        return float(score(self.scaled_by, levels))

    def kept(self, balance: int, budget: int, score: float) -> int:
        return int(balance * self.surplus_kept * score) if balance > 0 else -int(-balance * self.overspend_borne)

    def worth(self, pace: float, score: float) -> float:
        left = float(logistic(pace / self.DOUBT))
        return left * self.surplus_kept * score + (1.0 - left) * self.overspend_borne
