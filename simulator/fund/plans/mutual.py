"""Mutual plan (相互保险), on top of the basic plan: not for profit, and what is left is the providers'."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from simulator.core.messages import Text
from simulator.core.money import share_out
from simulator.core.units import PREMIUMS, PerYear, Share
from simulator.declare.use import Use
from simulator.fund.plan import INSURER, MONTHS, MUTUAL, Bill, Compact, Eligible, Policy, Transfer, Whole


class Mutual(Policy):
    """Members pay one flat premium; a fixed operating fee is all that the insurer takes, no commission; what claims
    leave in December goes to the providers of the compact, who spend it on what it is for. A loss is carried into the
    next year.

    kept for its work = members × operating fee + operating cost
    surplus of a facility for a purpose = share of the purpose × what is left × its cases / cases of all who signed
    """

    source: ClassVar[str] = (
        "Mutual plan of the West China alliance and Zhonghui (众惠相互; evidence W01, W02); CIRC 2015 no. 11, trial "
        "rules for mutual insurers (相互保险组织监管试行办法)"
    )
    example: ClassVar[str] = """
baseline:
  plans:
    help:
      kind: mutual
      for: {plans: resident}
      premium: 365 yuan/year
      operating_fee: 30 yuan/year
      cover:
        children: {care: outpatient, age_below: 15, pays: 60%, ceiling: 2000 yuan/year}
        card: {care: outpatient, at_home: true, pays: 100%, ceiling: 200 yuan/year}
        stays: {care: inpatient, pays: 30%, at_compact: true}
      compact: {facilities: [county_1, centre_1 to centre_6]}
      surplus_to: {doctors: 50%, training: 30%, research: 20%}
"""
    bill: ClassVar[Bill | None] = Bill("inpatient", "secondary", "6000 yuan")
    account: ClassVar[str] = "mutual"
    use: ClassVar[tuple[Use, ...]] = (
        Use(unused=Text("nobody joined the mutual plan", "无人加入互助计划"), postings=("mutual_premium",)),
        Use(
            unused=Text("the mutual plan paid no bill", "互助计划未支付任何费用"), postings=("mutual",), wanted="cover"
        ),
    )
    payer: ClassVar[int] = MUTUAL
    premium_kind: ClassVar[str] = "mutual_premium"
    by_trust: ClassVar[bool] = True
    all_have_signed: ClassVar[bool] = False

    kind: Literal["mutual"]
    """Kind of plan."""
    eligible: Eligible | None = Field(None, alias="for")
    """Who may join; everybody if left out."""
    premium: Annotated[PerYear, PREMIUMS]
    """What each member pays, once, on joining and every January."""
    operating_fee: PerYear = 0
    """Of every premium, what the insurer keeps for its work, for each member."""
    operating_cost: PerYear = 0
    """What the insurer keeps for its work, for the whole plan, however many join; for the whole place."""
    compact: Compact | None = None
    """Who has signed the compact and shares the surplus; without one, the surplus stays in the plan."""
    surplus_to: Annotated[dict[Literal["doctors", "training", "research", "hospital"], Share], Whole] = {
        "doctors": 0.5,
        "training": 0.3,
        "research": 0.2,
    }
    """What a year's surplus is for: doctors' pay, or training, research or better conditions at their facility."""

    @property
    def for_claims(self) -> float:
        """The premium less the fee."""
        return float(self.premium - self.operating_fee)

    @property
    def surplus_kinds(self) -> dict[str, Share]:
        """Shares by purpose."""
        return dict(self.surplus_to)

    def rates(self, claims: np.ndarray) -> np.ndarray:
        """One premium for all."""
        return np.full(len(claims), self.premium, np.int64)

    def costs(self, premiums: int, members: int, left: int, weight: float) -> int:
        """The fixed fee, whatever members claim."""
        of_plan = round(self.operating_cost / weight) * left // MONTHS if members else 0
        return members * (self.operating_fee * left // MONTHS) + of_plan

    def close_year(self, balance: int, signed: np.ndarray, work: np.ndarray) -> list[Transfer]:
        """The surplus goes to those who signed and their doctors, and is spent on what it is for."""
        if balance <= 0 or not signed.any():
            return []
        weights = np.where(signed, work, 0)
        if weights.sum() == 0:
            weights = signed.astype(np.int64)
        moves: list[Transfer] = []
        parts = share_out(balance, np.array(list(self.surplus_to.values())))
        for purpose, part in zip(self.surplus_to, parts, strict=True):
            fen, kind = share_out(int(part), weights), f"mutual_{purpose}"
            if purpose == "doctors":
                moves.append(Transfer(INSURER, "doctors", kind, fen))
                continue
            seller = "suppliers:tests" if purpose == "hospital" else "administration"
            moves += [Transfer(INSURER, "facility", kind, fen), Transfer("facility", seller, f"{kind}_spent", fen)]
        return moves
