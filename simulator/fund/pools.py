"""Alliance pools: the fund pays a budget in instalments, the pool pays the fund's part of its people's bills, December
shares out what is left or missing. Where a budget is not prepaid the fund pays the bills, the pool only keeps count,
and December moves what is kept or borne."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from simulator.core.clock import DECEMBER
from simulator.core.money import instalment, share_out
from simulator.core.names import TESTS
from simulator.fund.accounts import Accounts
from simulator.fund.ledger import Ledger
from simulator.payment.market import Market
from simulator.payment.price import by_row
from simulator.payment.rule import BudgetRule

TRAINING = ("surplus_training", "mutual_training_spent", "supply_training")
EQUIPMENT = ("surplus_equipment", "mutual_hospital_spent", "supply_equipment", "investment")
"""Kinds of posting by which a facility spends money on what makes it more capable."""


@dataclass
class Pool:
    """The budget of one alliance in force. P plans, C cells, F facilities; fen of the sample."""

    name: str
    rule: BudgetRule
    account: int  # position in the ledger
    cells: np.ndarray  # bills it pays, bool (C,)
    members: np.ndarray  # bool (F,)
    bonus: float  # share of a kept surplus that members may pay as bonus
    budget: np.ndarray  # fen per year, int64 (P,)
    equipment: float = 0.0  # share of a kept surplus that members spend on equipment
    training: float = 0.0  # share of a kept surplus that members spend on training
    months: int = 0  # months of this year that it has paid
    paid_in: np.ndarray = field(init=False)  # instalments of this year (P,)
    spent: np.ndarray = field(init=False)  # bills of this year (P,)
    shared: np.ndarray = field(init=False)  # what members got, or, negative, bore, for the last closed year (F,)
    score: float = 1.0  # of the last closed year
    levels: dict[str, float] = field(default_factory=dict)  # of the indicators, in the last closed year
    counted: dict[str, float] = field(default_factory=dict)  # what the indicators are shares of, in that year
    by_managing: dict[str, float] = field(default_factory=dict)  # what a managed month adds to what they count
    by_keeping: dict[str, float] = field(default_factory=dict)  # what a kept admission adds to it
    expected: float = 0.0  # balance over the budget that members expected when the year began
    last: tuple[int, int] = (0, 0)  # instalment and bills of the last month

    def __post_init__(self) -> None:
        self.paid_in, self.spent = np.zeros((2, len(self.budget)), np.int64)
        self.shared = np.zeros(len(self.members), np.int64)

    def plans(self, cells: np.ndarray) -> np.ndarray:
        """Plans whose bills it pays, bool (P,)."""
        found = np.zeros(len(self.budget), bool)
        found[cells["plan"][self.cells]] = True
        return found

    @property
    def pace(self) -> float:
        """Balance over the budget that members expect of the year: what they expected when it began, and more and more
        what the months so far say."""
        paid = int(self.paid_in.sum())
        so_far = (paid - int(self.spent.sum())) / paid if paid else 0.0
        return (self.months * so_far + (DECEMBER - self.months) * self.expected) / DECEMBER

    def score_worth(self, indicator: str) -> float:
        """What members expect one more of what an indicator counts to bring them together through the score, fen."""
        counted = self.counted.get(indicator, 0.0)
        if not counted:
            return 0.0
        surplus = max(self.pace, 0.0) * float(self.budget.sum())
        return self.rule.marginal_score(indicator, self.levels) * surplus * self.kept_share / counted

    def acts_worth(self, adds: Mapping[str, float]) -> float:
        """What members expect of an act that ``adds`` so much to what indicators count, fen."""
        return sum(self.score_worth(indicator) * more for indicator, more in adds.items())

    @property
    def kept_share(self) -> float:
        """Share of the expected surplus that members keep at full score."""
        budget = int(self.budget.sum())
        surplus = int(max(self.pace, 0.0) * budget)
        return self.rule.kept(surplus, budget, 1.0) / surplus if surplus else 0.0

    @property
    def worth(self) -> float:
        """What one more fen left in the pool is believed to bring who keeps it."""
        return self.rule.worth(self.pace, self.score)


def pay_instalment(ledger: Ledger, accounts: Accounts, pool: Pool, calendar: int) -> None:
    """The month's instalment from the funds to the pool, less what goes to administration."""
    due = instalment(pool.budget, calendar)
    fees = instalment(pool.rule.administration(pool.budget), calendar)
    if pool.rule.prepaid:
        ledger.post_many(accounts.fund, np.array(pool.account), "budget", due)
        ledger.post("pool:" + pool.name, "administration", "administration", int(fees.sum()))
    pool.paid_in = pool.paid_in + due - fees
    pool.months += 1
    pool.last = (int(due.sum()), 0)


def pay_bills(
    ledger: Ledger, facility: np.ndarray, pool: Pool, market: Market, mine: np.ndarray, fund: np.ndarray
) -> np.ndarray:
    """The fund's part ``fund`` (C,) of the bills that the pool answers for, those of ``mine`` (C,), to the facilities:
    fen (F,)."""
    part = np.where(mine, fund, 0)
    bills = by_row(part, market.cells["facility"], len(market.tier))
    if pool.rule.prepaid:
        ledger.post_many(np.array(pool.account), facility, "claims", bills)
    pool.spent = pool.spent + by_row(part, market.cells["plan"], market.plans)
    pool.last = (pool.last[0], int(bills.sum()))
    return bills if pool.rule.prepaid else np.zeros_like(bills)


def pool_part(market: Market, mine: np.ndarray, fund: np.ndarray, fen: np.ndarray) -> np.ndarray:
    """Of what a tariff rule settles by facility and plan, fen (F, P), the part that is the pool's: in proportion to the
    month's bills ``fund`` (C,), of which it paid ``mine`` (C,), toward zero."""
    if not fen.any():
        return np.zeros_like(fen)
    rows = market.cells["facility"] * market.plans + market.cells["plan"]
    size = len(market.tier) * market.plans
    own = by_row(np.where(mine, fund, 0), rows, size).reshape(fen.shape)
    total = by_row(fund, rows, size).reshape(fen.shape)
    return np.trunc(fen * (own / np.maximum(total, 1))).astype(np.int64)


def settle_with_pool(ledger: Ledger, facility: np.ndarray, pool: Pool, kind: str, fen: np.ndarray) -> None:
    """Post what a tariff rule settles between facilities and the pool, fen (F, P); negative: back to the pool."""
    if pool.rule.prepaid:
        account = np.array(pool.account)
        ledger.post_many(account, facility, kind, np.maximum(0, fen).sum(axis=1))
        ledger.post_many(facility, account, kind, np.maximum(0, -fen).sum(axis=1))
    pool.spent = pool.spent + fen.sum(axis=0)
    pool.last = (pool.last[0], pool.last[1] + int(fen.sum()))


def close_year(
    ledger: Ledger, accounts: Accounts, pool: Pool, allocation: np.ndarray, score: float, heads: np.ndarray
) -> dict[str, np.ndarray]:
    """Share out the year's balance by ``allocation`` (F,), weights of members; what each facility paid by kind (F,),
    negative where it received. The pool ends at zero and gets its next budget, for ``heads`` (P,)."""
    balance = int(pool.paid_in.sum() - pool.spent.sum())
    kept = pool.rule.kept(balance, int(pool.budget.sum()), score)
    rest = share_out(abs(balance - kept), np.maximum(pool.paid_in, 0).astype(float) + 1.0)
    if pool.rule.keeper == "owners":
        paid = _settle_owners(ledger, pool, kept)
    else:
        paid = _settle_members(ledger, accounts, pool, kept, allocation)
    if pool.rule.prepaid:
        payer, payee, kind = np.array(pool.account), accounts.fund, "budget_returned"
        if balance < 0:
            payer, payee, kind = payee, payer, "overspend_covered"
        ledger.post_many(payer, payee, kind, rest)
    pool.score = score
    if pool.months == DECEMBER:
        pool.budget = pool.rule.next_budget(pool.budget, pool.spent, heads)
        pool.expected = 1.0 - float(pool.spent.sum()) / max(float(pool.budget.sum()), 1.0)
    pool.months = 0
    pool.paid_in, pool.spent = np.zeros((2, len(pool.budget)), np.int64)
    return paid


def _settle_members(
    ledger: Ledger, accounts: Accounts, pool: Pool, kept: int, allocation: np.ndarray
) -> dict[str, np.ndarray]:
    """What members keep or, negative, bear: from or to the pool, or the funds where nothing was prepaid."""
    weights = np.where(pool.members, allocation, 0.0)
    mine = share_out(abs(kept), weights if weights.sum() > 0 else pool.members.astype(float))
    pool.shared = mine if kept >= 0 else -mine
    other = np.array(pool.account)
    fen = mine
    if not pool.rule.prepaid:
        # each fund its part of the balance, by what it was to pay
        other = accounts.fund[None, :]
        key = np.maximum(pool.budget, 0).astype(float) + 1.0
        fen = np.stack([share_out(int(f), key) for f in mine])
    facility = accounts.facility if fen.ndim == 1 else accounts.facility[:, None]
    if kept < 0:
        ledger.post_many(facility, other, "overspend", fen)
        return {"overspend": mine}
    bonus = np.floor(mine * pool.bonus).astype(np.int64)
    ledger.post_many(other, facility, "surplus", fen)
    ledger.post_many(accounts.facility, accounts.doctors, "surplus_bonus", bonus)
    spent = {"surplus": -mine, "surplus_bonus": bonus}
    for kind, share, payee in (
        ("surplus_equipment", pool.equipment, accounts.suppliers[TESTS]),
        ("surplus_training", pool.training, ledger.index["administration"]),
    ):
        spent[kind] = np.floor(mine * share).astype(np.int64)
        ledger.post_many(accounts.facility, np.array(payee), kind, spent[kind])
    return spent


def _settle_owners(ledger: Ledger, pool: Pool, kept: int) -> dict[str, np.ndarray]:
    """What the owners of a prepaid network earn or, negative, pay in."""
    name = "pool:" + pool.name
    ledger.post(name if kept >= 0 else "owners", "owners" if kept >= 0 else name, "profit", abs(kept))
    return {}


def dissolve(ledger: Ledger, fund: np.ndarray, pool: Pool) -> None:
    """End a pool within a year: what is left returns to the funds, what is missing they cover."""
    balance = int(ledger.balance[pool.account])
    part = share_out(abs(balance), np.ones(len(fund)))
    account = np.array(pool.account)
    if balance >= 0:
        ledger.post_many(account, fund, "budget_returned", part)
    else:
        ledger.post_many(fund, account, "overspend_covered", part)
