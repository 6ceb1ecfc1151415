"""The money of a month: from the counts to postings. Nothing in a report is computed beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from simulator.core.money import instalment, rounded
from simulator.core.names import PARTS
from simulator.fund.audit import Supervision
from simulator.fund.extras import pay_extras
from simulator.fund.ledger import Ledger
from simulator.fund.pools import DECEMBER, Pool, close_year, pay_bills, pay_instalment, pool_part, settle_with_pool
from simulator.payment.books import CATASTROPHIC, CH_DRUGS, OUTSIDE, SELF
from simulator.payment.price import allowed, by_row, fund_part
from simulator.payment.rule import Books, Market, SettlementRule
from simulator.payment.tariffs import Tariffs


@cache
def supplier_shares() -> tuple[float, ...]:
    """Share of the resource cost that goes to suppliers, by part; from costs.yaml."""
    import yaml

    data = yaml.safe_load((Path(__file__).parent / "costs.yaml").read_text(encoding="utf-8"))
    return tuple(data["suppliers"][part] for part in PARTS)


@dataclass(frozen=True, slots=True)
class Financing:
    """Income of the plans, P of them: persons of the sample and fen per person and year, int64 (P,) each."""

    persons: np.ndarray  # whose plan it is
    premium: np.ndarray  # from families
    employer: np.ndarray  # from employers
    subsidy: np.ndarray  # from the government
    enrolled: np.ndarray | None = None  # those of them who have enrolled; all if None

    @property
    def insured(self) -> np.ndarray:
        """Persons whom the plans are paid for and pay for (P,)."""
        return self.persons if self.enrolled is None else self.enrolled


@dataclass(frozen=True, slots=True)
class Accounts:
    """Positions in the ledger of the accounts of P plans and F facilities."""

    families: int
    employers: int
    government: int
    opening: int
    suppliers: np.ndarray  # by part (3,)
    fund: np.ndarray  # (P,)
    facility: np.ndarray  # (F,)
    doctors: np.ndarray  # (F,)

    @classmethod
    def of(cls, ledger: Ledger, funds: Sequence[str], facilities: Sequence[str]) -> "Accounts":
        """Look up the accounts; ``funds`` are PLAN@AREA in the order of the plans."""
        at = ledger.index
        return cls(
            *(at[name] for name in ("families", "employers", "government", "opening")),
            suppliers=np.array([at[f"suppliers:{part}"] for part in PARTS]),
            fund=np.array([at[f"fund:{name}"] for name in funds]),
            facility=np.array([at[f"facility:{name}"] for name in facilities]),
            doctors=np.array([at[f"doctors:{name}"] for name in facilities]),
        )


@dataclass(frozen=True, slots=True)
class System:
    """What moves money in one arm: the rules in force and the facts that they do not know."""

    tariffs: Tariffs
    settlements: Mapping[str, tuple[SettlementRule, np.ndarray]]  # by name, in order; facilities in scope (F,)
    cost: np.ndarray  # resource cost per fen of list price, by tier and part (5, 3)
    supervision: Supervision | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """A month's money; by facility int64 fen (F,) unless said otherwise."""

    granted: np.ndarray  # what the tariff allowed, by cell (C,)
    fund_cells: np.ndarray  # fund's part before catastrophic cover, by cell (C,)
    patient: np.ndarray  # paid by families in cash
    fund: np.ndarray  # paid by the funds with the bills, catastrophic cover included
    settled: np.ndarray  # paid on top by tariff rules; negative: taken back
    fines: np.ndarray  # repaid and fined after audits
    supplies: np.ndarray  # paid to suppliers
    pooled: np.ndarray  # cells whose bills a pool paid, bool (C,)
    paid: dict[str, np.ndarray] = field(default_factory=dict)  # what settlements took from the facility, by kind
    extras: np.ndarray | int = 0  # paid by others in the families' place

    @property
    def income(self) -> np.ndarray:
        """All that came in, less what was taken back."""
        return self.patient + self.extras + self.fund + self.settled - self.fines

    @property
    def salary(self) -> np.ndarray:
        """Fixed pay of the doctors."""
        return self.paid.get("salary", np.zeros_like(self.patient))

    @property
    def bonus(self) -> np.ndarray:
        """Pay of the doctors that varies with the margin."""
        return self.paid.get("bonus", np.zeros_like(self.patient))

    @property
    def kept(self) -> np.ndarray:
        """What stays in the facility's account."""
        return self.income - self.supplies - sum(self.paid.values(), np.zeros_like(self.patient))

    @property
    def budget_share(self) -> np.ndarray:
        """What the sharing of budgets left, after the doctors' part; December only."""
        kinds = ("surplus", "surplus_bonus", "overspend")
        return -sum((self.paid[kind] for kind in kinds if kind in self.paid), np.zeros_like(self.patient))

    @property
    def margin(self) -> np.ndarray:
        """Income less costs, before bonus."""
        return self.kept + self.bonus


def set_reserves(ledger: Ledger, accounts: Accounts, fen: np.ndarray) -> None:
    """Bring each fund to ``fen`` (P,), against the account ``opening``."""
    fund, first = np.unique(accounts.fund, return_index=True)  # two plans may have one fund
    missing = np.asarray(fen, np.int64)[first] - ledger.balance[fund]
    ledger.post_many(np.array(accounts.opening), fund, "reserve", np.maximum(0, missing))
    ledger.post_many(fund, np.array(accounts.opening), "reserve", np.maximum(0, -missing))


def post_financing(ledger: Ledger, accounts: Accounts, financing: Financing, month: int) -> None:
    """Premiums, contributions and subsidies due in the calendar month ``month``; exact over a year."""
    for payer, kind, per_head in (
        (accounts.families, "premium", financing.premium),
        (accounts.employers, "contribution", financing.employer),
        (accounts.government, "subsidy", financing.subsidy),
    ):
        ledger.post_many(np.array(payer), accounts.fund, kind, instalment(financing.insured * per_head, month))


def supplies(market: Market, cost: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """What facilities owe suppliers for the services of a month, by part: int64 fen (F, 3)."""
    facility, size = market.cells["facility"], len(market.tier)
    charges = [by_row(counts[:, CH_DRUGS + part], facility, size) for part in range(len(PARTS))]
    return rounded(np.stack(charges, axis=1) * cost[market.tier] * np.array(supplier_shares()))


def by_owner(market: Market, values: np.ndarray) -> np.ndarray:
    """Sums over the cells of each facility and plan, int64 (F, P)."""
    rows = market.cells["facility"] * market.plans + market.cells["plan"]
    return by_row(values, rows, len(market.tier) * market.plans).reshape(len(market.tier), market.plans)


def settle_month(
    ledger: Ledger,
    accounts: Accounts,
    system: System,
    market: Market,
    books: Books,
    counts: np.ndarray,
    pools: Sequence[Pool] = (),
    shares: Mapping[str, tuple[np.ndarray, float]] | None = None,
    extras: tuple[np.ndarray, np.ndarray] | None = None,
) -> Settled:
    """Post the money of the month ``market.calendar`` from its ``counts`` (C, len(COUNTED)) and enter it in ``books``.

    ``pools`` are the budgets in force; in December ``shares`` says, by pool, how members share a balance, weights (F,),
    and the year's score. ``extras`` are the payers and fen of `pay_extras`.

    The order: families and funds pay the bills, tariff rules settle, audits take back, suppliers are paid, then the
    settlements act on what is left, in listed order.
    """
    tariff = system.tariffs.tariff(market)
    granted = allowed(tariff, counts)
    fund = fund_part(granted, counts)
    books.add(counts, fund)
    facility = market.cells["facility"]

    patient = by_row(counts[:, SELF] + counts[:, OUTSIDE] - counts[:, CATASTROPHIC], facility, len(market.tier))
    others = pay_extras(ledger, accounts.facility, *extras) if extras else np.zeros_like(patient)
    patient = patient - others
    ledger.post_many(np.array(accounts.families), accounts.facility, "patient", patient)
    pooled = np.zeros(len(fund), bool)
    from_pools = np.zeros_like(patient)
    for pool in pools:
        pay_instalment(ledger, accounts.fund, pool, market.calendar)
        from_pools = from_pools + pay_bills(ledger, accounts.facility, pool, market, fund)
        pooled |= pool.cells
    bills, repaid = by_owner(market, np.where(pooled, 0, fund)), by_owner(market, counts[:, CATASTROPHIC])
    for kind, fen in (("claims", bills), ("catastrophic", repaid)):
        ledger.post_many(accounts.fund[None, :], accounts.facility[:, None], kind, fen)

    settled = np.zeros_like(bills)
    for name, fen in system.tariffs.settle(market, books).items():
        settled = settled + fen
        for pool in pools:
            part = pool_part(pool, market, fund, fen)
            settle_with_pool(ledger, accounts.facility, pool, f"settled:{name}", part)
            fen = fen - part
        ledger.post_many(accounts.fund[None, :], accounts.facility[:, None], f"settled:{name}", np.maximum(0, fen))
        ledger.post_many(accounts.facility[:, None], accounts.fund[None, :], f"settled:{name}", np.maximum(0, -fen))

    fines = np.zeros_like(patient)
    if system.supervision:
        back, fine = (by_owner(market, fen) for fen in system.supervision.settle(tariff, counts))
        ledger.post_many(accounts.facility[:, None], accounts.fund[None, :], "audit", back)
        ledger.post_many(accounts.facility, np.array(accounts.government), "fine", fine.sum(axis=1))
        fines = (back + fine).sum(axis=1)

    bought = supplies(market, system.cost, counts)
    ledger.post_many(accounts.facility[:, None], accounts.suppliers[None, :], "supplies", bought)

    result = Settled(
        granted,
        fund,
        patient,
        (bills + repaid).sum(axis=1) + from_pools,
        settled.sum(axis=1),
        fines,
        bought.sum(axis=1),
        pooled,
        extras=others,
    )
    places = {"facility": accounts.facility, "doctors": accounts.doctors}
    for rule, mine in system.settlements.values():
        for payer, payee, kind, fen in rule.settle(market, result.kept, mine):
            ledger.post_many(places[payer], places[payee], kind, fen)
            sign = (payer == "facility") * 1 - (payee == "facility") * 1
            result.paid[kind] = result.paid.get(kind, np.zeros_like(patient)) + sign * fen
    if market.calendar == DECEMBER:
        for pool in pools:
            weights, score = (shares or {})[pool.name]
            moved = close_year(ledger, accounts.fund, accounts.facility, accounts.doctors, pool, weights, score)
            for kind, fen in moved.items():
                result.paid[kind] = result.paid.get(kind, np.zeros_like(patient)) + fen
    return result
