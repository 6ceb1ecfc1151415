"""The money of a month: from the counts to postings. Nothing in a report is computed beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml

from simulator.core.behaviour import LOADER
from simulator.core.clock import DECEMBER
from simulator.core.money import instalment, rounded
from simulator.core.names import PARTS
from simulator.fund.accounts import Accounts, post_transfer, taken
from simulator.fund.extras import pay_extras
from simulator.fund.ledger import Ledger
from simulator.fund.pools import Pool, close_year, pay_bills, pay_instalment, pool_part, settle_with_pool
from simulator.payment.books import CATASTROPHIC, CH_DRUGS, OUTSIDE, SELF
from simulator.payment.closed import Books, Chosen, Rows
from simulator.payment.market import Market, Tariff
from simulator.payment.price import allowed, by_row, fund_part
from simulator.payment.rule import SettlementRule
from simulator.payment.tariffs import Tariffs
from simulator.services import services
from simulator.services.service import Billed

INVESTMENT = ("investment", "investment_beds")
"""Kinds of posting by which a facility invests its margin."""


@cache
def supplier_shares() -> tuple[float, ...]:
    """Share of the resource cost that goes to suppliers, by part; from costs.yaml."""
    data = yaml.load((Path(__file__).parent / "costs.yaml").read_text(encoding="utf-8"), LOADER)
    return tuple(data["suppliers"][part] for part in PARTS)


class Retired(NamedTuple):
    """Who is retired, of the enrolled of each plan, and fen a year that are paid for each of them, int64 (P,) each."""

    persons: np.ndarray
    premium: np.ndarray  # from families
    employer: np.ndarray  # from employers


@dataclass(frozen=True, slots=True)
class Financing:
    """Income of the plans, P of them: persons of the sample and fen per person and year, int64 (P,) each."""

    persons: np.ndarray  # whose plan it is
    premium: np.ndarray  # from families
    employer: np.ndarray  # from employers
    subsidy: np.ndarray  # from the government
    enrolled: np.ndarray | None = None  # those of them who have enrolled; all if None
    retired: Retired | None = None  # those for whom other amounts are paid; nobody if None

    @property
    def insured(self) -> np.ndarray:
        """Persons whom the plans are paid for and pay for (P,)."""
        return self.persons if self.enrolled is None else self.enrolled

    def due(self, what: str) -> np.ndarray:
        """What comes in a year of ``premium``, ``employer`` or ``subsidy``, fen (P,)."""
        per_head = getattr(self, what)
        other = getattr(self.retired, what, per_head)
        return self.insured * per_head + (0 if self.retired is None else self.retired.persons * (other - per_head))

    @property
    def income(self) -> np.ndarray:
        """All that comes in a year, fen (P,)."""
        return self.due("premium") + self.due("employer") + self.due("subsidy")


@dataclass(frozen=True, slots=True)
class System:
    """What moves money in one arm: the rules in force and the facts that they do not know."""

    tariffs: Tariffs
    settlements: Mapping[str, tuple[SettlementRule, np.ndarray]]  # by name, in order; cells in scope (C,)
    cost: np.ndarray  # resource cost per fen of list price, by facility and part (F, 3)
    services: Mapping[str, Any] = field(default_factory=dict)  # terms of the services in force, by name
    since: Mapping[str, int] = field(default_factory=dict)  # `Market.month` in which each settlement began


class Counted(NamedTuple):
    """What was counted in the cells used in a month, n of the C of a market."""

    rows: np.ndarray  # positions among the market's cells, ascending (n,)
    counts: np.ndarray  # int64 (n, len(COUNTED))

    @classmethod
    def of(cls, counts: np.ndarray, chosen: Chosen | None = None) -> "Counted":
        """Of counts by cell, of all or those chosen."""
        used = Rows.of(counts)
        return cls(used.cells if chosen is None else chosen.place[used.cells], used.values)


@dataclass(frozen=True, slots=True)
class Settled:
    """A month's money; by facility int64 fen (F,) unless said otherwise. n cells were used, C of all cells."""

    tariff: Tariff  # as announced for the month, of the cells used (n,)
    granted: np.ndarray  # what it allowed (n,)
    fund_cells: np.ndarray  # fund's part before catastrophic cover, by cell (C,)
    patient: np.ndarray  # paid by families in cash
    fund: np.ndarray  # paid by the funds with the bills, catastrophic cover included
    settled: np.ndarray  # paid on top by tariff rules; negative: taken back
    services: np.ndarray  # taken by services, such as repaid and fined; negative: brought
    supplies: np.ndarray  # paid to suppliers
    pooled: np.ndarray  # which of the cells used a pool paid, bool (n,)
    paid: dict[str, np.ndarray] = field(default_factory=dict)  # what settlements took from the facility, by kind
    extras: np.ndarray | int = 0  # paid by others in the families' place

    @property
    def income(self) -> np.ndarray:
        """All that came in, less what was taken back."""
        return self.patient + self.extras + self.fund + self.settled - self.services

    @property
    def salary(self) -> np.ndarray:
        """Fixed pay of the doctors."""
        return self.paid.get("salary", np.zeros_like(self.patient))

    @property
    def bonus(self) -> np.ndarray:
        """Pay of the doctors that varies with the margin."""
        return self.paid.get("bonus", np.zeros_like(self.patient))

    @property
    def pay(self) -> np.ndarray:
        """All pay of the doctors but for their part of shared budgets."""
        return self.salary + self.bonus + self.paid.get("supply_wage", np.zeros_like(self.patient))

    @property
    def invested(self) -> np.ndarray:
        """What the facility spent of its margin on equipment and beds."""
        return sum((self.paid[kind] for kind in INVESTMENT if kind in self.paid), np.zeros_like(self.patient))

    @property
    def kept(self) -> np.ndarray:
        """What stays in the facility's account."""
        return self.income - self.supplies - sum(self.paid.values(), np.zeros_like(self.patient))

    @property
    def budget_share(self) -> np.ndarray:
        """What the sharing of budgets left, after the doctors' part and what it was for; December only."""
        kinds = ("surplus", "surplus_bonus", "surplus_equipment", "surplus_training", "overspend")
        return -sum((self.paid[kind] for kind in kinds if kind in self.paid), np.zeros_like(self.patient))

    @property
    def margin(self) -> np.ndarray:
        """Income less costs, before bonus and before what the place invests."""
        return self.kept + self.bonus + self.invested


def set_reserves(ledger: Ledger, accounts: Accounts, fen: np.ndarray) -> None:
    """Bring each fund to ``fen`` (P,), against the account ``opening``."""
    fund, first = np.unique(accounts.fund, return_index=True)  # two plans may have one fund
    missing = np.asarray(fen, np.int64)[first] - ledger.balance[fund]
    ledger.post_many(np.array(accounts.opening), fund, "reserve", np.maximum(0, missing))
    ledger.post_many(fund, np.array(accounts.opening), "reserve", np.maximum(0, -missing))


def post_financing(ledger: Ledger, accounts: Accounts, financing: Financing, month: int) -> np.ndarray:
    """Premiums, contributions and subsidies due in the calendar month ``month``; exact over a year. What each account
    of the ledger got of them, fen (A,)."""
    income = np.zeros(len(ledger.accounts), np.int64)
    for payer, kind, what in (
        (accounts.families, "premium", "premium"),
        (accounts.employers, "contribution", "employer"),
        (accounts.government, "subsidy", "subsidy"),
    ):
        due = instalment(financing.due(what), month)
        ledger.post_many(np.array(payer), accounts.fund, kind, due)
        np.add.at(income, accounts.fund, due)
    return income


def supplies(market: Market, cost: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """What facilities owe suppliers for the services of a month, by part: int64 fen (F, 3)."""
    facility, size = market.cells["facility"], len(market.tier)
    charges = [by_row(counts[:, CH_DRUGS + part], facility, size) for part in range(len(PARTS))]
    return rounded(np.stack(charges, axis=1) * cost * np.array(supplier_shares()))


def by_owner(market: Market, values: np.ndarray) -> np.ndarray:
    """Sums over the cells of each facility and plan, int64 (F, P)."""
    rows = market.cells["facility"] * market.plans + market.cells["plan"]
    return by_row(values, rows, len(market.tier) * market.plans).reshape(len(market.tier), market.plans)


def months_in_force(market: Market, since: int | None) -> int:
    """Months of this calendar year, this one included, that a rule has been in force which began in month ``since``."""
    return market.calendar if since is None else min(market.calendar, market.month - since + 1)


def months_running(market: Market, since: int | None) -> int:
    """Months, this one included, that a rule has been in force which began in month ``since``."""
    return 12 if since is None else market.month - since + 1


def bills_of(market: Market, tariff: Tariff, counts: np.ndarray) -> Billed:
    """The bills of a month, ``counts`` (n, COUNTED) in the n cells of the market under ``tariff``, as services see
    them."""

    def fund_pays(cells: np.ndarray, changed: np.ndarray) -> np.ndarray:
        return fund_part(allowed(tariff.at(cells), changed), changed)

    return Billed(market, counts, fund_pays)


def post_services(
    ledger: Ledger,
    accounts: Accounts,
    terms: Mapping[str, Any],
    market: Market,
    tariff: Tariff,
    counts: np.ndarray,
) -> np.ndarray:
    """Post what services in force move after a month; what that takes from each facility, fen (F,)."""
    lost = np.zeros(len(market.tier), np.int64)
    for transfer in services.settle(terms, bills_of(market, tariff, counts)):
        post_transfer(ledger, accounts, transfer)
        fen = taken(transfer)
        if fen is not None:
            lost = lost + fen
    return lost


def settle_month(
    ledger: Ledger,
    accounts: Accounts,
    system: System,
    market: Market,
    books: Books,
    counted: Counted,
    pools: Sequence[Pool] = (),
    shares: Mapping[str, tuple[np.ndarray, float, np.ndarray]] | None = None,
    extras: tuple[np.ndarray, np.ndarray] | None = None,
) -> Settled:
    """Post the money of the month ``market.calendar`` from what was ``counted`` and enter it in ``books``.

    ``pools`` are the budgets in force; in December ``shares`` says, by pool, how members share a balance, weights (F,),
    the year's score, and the heads that the next budget is for (P,). ``extras`` are the payers and fen of `pay_extras`.

    The order: families and funds pay the bills, tariff rules settle, services move theirs (audits take back), suppliers
    are paid, then the settlements act on what is left, in listed order but for those that are last: doctors' pay.
    """
    rows, counts = counted
    tariff, few = system.tariffs.tariff(market, books).at(rows), market.few(rows)
    granted = allowed(tariff, counts)
    fund = fund_part(granted, counts)
    used = rows if market.chosen is None else market.chosen.cells[rows]
    books.size = len(market.cells) if market.chosen is None else len(market.chosen.place)
    books.add(counts, fund, market.calendar, used, market.activity)
    fund_cells = np.zeros(books.size, np.int64)
    fund_cells[used] = fund

    patient = counts[:, SELF] + counts[:, OUTSIDE] - counts[:, CATASTROPHIC]
    patient = by_row(patient, few.cells["facility"], len(market.tier))
    others = pay_extras(ledger, accounts.facility, *extras) if extras else np.zeros_like(patient)
    patient = patient - others
    ledger.post_many(np.array(accounts.families), accounts.facility, "patient", patient)
    pooled = np.zeros(len(fund), bool)
    from_pools = np.zeros_like(patient)
    for pool in pools:
        pay_instalment(ledger, accounts, pool, market.calendar)
        from_pools = from_pools + pay_bills(ledger, accounts.facility, pool, few, pool.cells[used], fund)
        if pool.rule.prepaid:
            pooled |= pool.cells[used]
    bills, repaid = by_owner(few, np.where(pooled, 0, fund)), by_owner(few, counts[:, CATASTROPHIC])
    for kind, fen in (("claims", bills), ("catastrophic", repaid)):
        ledger.post_many(accounts.fund[None, :], accounts.facility[:, None], kind, fen)

    settled = np.zeros_like(bills)
    for name, fen in system.tariffs.settle(market, books).items():
        settled = settled + fen
        books.enter(name, fen)
        for pool in pools:
            part = pool_part(few, pool.cells[used], fund, fen)
            settle_with_pool(ledger, accounts.facility, pool, f"settled:{name}", part)
            fen = fen - part if pool.rule.prepaid else fen
        ledger.post_many(accounts.fund[None, :], accounts.facility[:, None], f"settled:{name}", np.maximum(0, fen))
        ledger.post_many(accounts.facility[:, None], accounts.fund[None, :], f"settled:{name}", np.maximum(0, -fen))

    lost = post_services(ledger, accounts, system.services, few, tariff, counts)
    bought = supplies(few, system.cost, counts)
    ledger.post_many(accounts.facility[:, None], accounts.suppliers[None, :], "supplies", bought)

    result = Settled(
        tariff,
        granted,
        fund_cells,
        patient,
        (bills + repaid).sum(axis=1) + from_pools,
        settled.sum(axis=1),
        lost,
        bought.sum(axis=1),
        pooled,
        extras=others,
    )
    for name, (rule, mine) in sorted(system.settlements.items(), key=lambda each: each[1][0].last):
        since = system.since.get(name)
        known = replace(market, in_force=months_in_force(market, since), running=months_running(market, since))
        for transfer in rule.settle(known, books.over(market.chosen), result.kept, market.pick(mine)):
            post_transfer(ledger, accounts, transfer)
            fen = taken(transfer)
            if fen is not None:
                result.paid[transfer.kind] = result.paid.get(transfer.kind, np.zeros_like(patient)) + fen
    if market.calendar == DECEMBER:
        for pool in pools:
            moved = close_year(ledger, accounts, pool, *(shares or {})[pool.name])
            for kind, fen in moved.items():
                result.paid[kind] = result.paid.get(kind, np.zeros_like(patient)) + fen
    return result
