"""The state of one run: tables, rules in force, ledger. Everything in it can be copied."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from simulator.benefit.cover import Cover
from simulator.core.table import copied
from simulator.core.whole import ALONE, Whole
from simulator.count.heads import add_insured
from simulator.fund.adjustment import Adjuster
from simulator.fund.insurers import Insurer
from simulator.fund.ledger import Ledger, Month
from simulator.fund.pools import Pool
from simulator.fund.relief import Reliever
from simulator.fund.reserves import ReservePolicy, asked_for
from simulator.fund.settlement import Accounts, Financing, Settled, System
from simulator.payment.closed import Books, Chosen
from simulator.payment.market import Market
from simulator.population.working_life import Work
from simulator.referral.network import Network


@dataclass
class Words:
    """Names behind the codes of the tables."""

    facilities: tuple[str, ...]
    areas: tuple[str, ...]
    groups: tuple[str, ...]
    plans: tuple[str, ...]
    holders: tuple[str, ...] = ("",)  # alliances that any arm ever has; first, for people of none, an empty name


@dataclass
class Alliance:
    """A group of facilities in force."""

    name: str
    holder: int  # code of its people
    lead: int  # row of the table of facilities
    members: np.ndarray  # bool (F,)
    tightness: float  # 0 in name only, 1 one owner
    unified: frozenset[str]  # what is managed together
    by_volume: float  # weights of the allocation of a surplus
    by_quality: float
    surplus_to: dict[str, float]  # shares of a surplus by what it is spent on: bonuses, training, equipment

    @property
    def grip(self) -> float:
        """Weight of what the group earns against a member's own: that of one owner where there is one purse."""
        return 1.0 if "money" in self.unified else self.tightness


@dataclass
class PriceList:
    """Prices and costs of facilities before any rule changes them: columns of their table, (F,) or (F, 3)."""

    outpatient_price: np.ndarray
    inpatient_price: np.ndarray
    outpatient_parts: np.ndarray
    inpatient_parts: np.ndarray
    cost: np.ndarray
    marginal_cost: np.ndarray

    @classmethod
    def of(cls, facilities: np.ndarray) -> "PriceList":
        """As the table has them now."""
        return cls(*(facilities[name].copy() for name in cls.__dataclass_fields__))


@dataclass(frozen=True)
class Usual:
    """Bills of facilities as the rules of a month know them, from its start on (F,)."""

    outside: np.ndarray  # share of a bill outside the catalogue
    outpatient_level: np.ndarray  # a usual bill over that of the case group
    inpatient_level: np.ndarray

    @classmethod
    def of(cls, facilities: np.ndarray) -> "Usual":
        """As the table has them now."""
        return cls(*(facilities[name].copy() for name in cls.__dataclass_fields__))


@dataclass
class Facts:
    """Slow memories by tier (5,): the usual admission, from which providers value their margins, and referral."""

    bill: np.ndarray  # yuan
    weight: np.ndarray  # relative weight
    days: np.ndarray  # days
    referred: np.ndarray  # share of the patients seen there who were referred up


@dataclass
class Tally:
    """What one month's rows came to (`count/`), and what came of that."""

    counts: np.ndarray  # books, int64 (C, len(BOOKS))
    events: np.ndarray  # by facility, int64 (F, len(EVENTS))
    plans: np.ndarray  # by plan and holder, int64 (P * H, len(PLANS))
    incomes: np.ndarray  # by bin of income, int64 (INCOME_BINS, len(INCOMES))
    ages: np.ndarray  # by band of age, int64 (AGE_BANDS, len(AGES))
    flows: np.ndarray  # (from, to, stage, count) int64 (n, 4)
    homes: np.ndarray  # fund's part by home centre and plan, as the benefit table has it: of all bills, and of those
    # at places other than the centre and its stations, fen int64 (F, P, 2)
    slots_wanted: np.ndarray  # clinic slots asked for in first rounds, by pool, int64 (F,)
    slots: np.ndarray  # clinic slots at the usual pace, by pool, int64 (F,)
    extras: np.ndarray  # paid in the families' place, fen int64 (F, P, setting, payer)
    used: np.ndarray = field(init=False)  # rows of `counts` with anything in them, ascending
    settled: Settled = field(init=False)
    ledger: Month = field(init=False)


@dataclass(repr=False, eq=False)
class World:
    """One run. F facilities, C cells, P plans, G case groups."""

    words: Words
    network: Network
    families: np.ndarray
    persons: np.ndarray
    rare: np.ndarray  # RARE rows, one for each person
    facilities: np.ndarray
    groups: np.ndarray
    risk: np.ndarray  # cumulative incidence by class (CLASSES, G)
    refill_groups: np.ndarray  # case groups of prescriptions for hypertension and diabetes (2,)
    deaths: np.ndarray  # monthly chance of dying of what care does not reach, by age (101,)
    lethality: np.ndarray  # of uncured illness by age (101,)
    usual_frailty: np.ndarray  # of who is new in the place, by age (101,)
    prevalence: np.ndarray  # of hypertension and diabetes by age (2, 101)
    behaviour: np.ndarray  # one row
    clock: np.ndarray  # one row
    beliefs: np.ndarray  # BELIEFS rows (F,)
    cells: np.ndarray  # CELLS rows (C,)
    first_cell: np.ndarray  # (F + 1,)
    ledger: Ledger
    accounts: Accounts
    books: Books
    facts: Facts
    price_list: PriceList  # before any rule changes it
    own_fund: np.ndarray  # account of each plan's fund before any is merged into another (P,)
    own_capability: np.ndarray  # of each facility before anything is shared (F,)
    reserve_months: np.ndarray  # (P,)
    work: Work  # who takes a job that brings insurance
    options: int  # places that a family may choose between, at most
    people: int  # sampled persons, those of other shards too
    weight: float  # people per sampled person
    first_month: tuple[int, int]  # year and month of the first month of the burn-in
    burn_in: int  # months
    month: int = 0  # months done
    money_index: float = 1.0  # what costs a yuan in the money of the first year costs so much in that of this year
    scheduled: list[tuple[int, Callable[["World"], None]]] = field(default_factory=list)  # dated changes, by month
    cover: Cover = field(init=False)
    payers: np.ndarray = field(init=False)  # accounts that pay in the families' place (P, L), see fund/extras.py
    credit: np.ndarray = field(
        init=False
    )  # to personal accounts, fen a year for each of working age and retired (2, P)
    credited_by: np.ndarray = field(init=False)  # account that credits them (2, P)
    system: System = field(init=False)
    financing: Financing = field(init=False)
    market: Market = field(init=False)
    usual: Usual = field(init=False)
    tally: Tally = field(init=False)
    chosen: Chosen | None = None  # cells that the rules look at, see engine/terms/in_use.py
    spare_counts: np.ndarray | None = None  # counts of the last month, to be emptied and used again
    cell_settings: np.ndarray = field(init=False)  # facility and setting of each cell as one number (C,)
    kinds_of_cell: np.ndarray = field(init=False)  # cells of which the rules in force look at one of every kind
    alliances: list[Alliance] = field(default_factory=list)
    pools: list[Pool] = field(default_factory=list)
    year_sums: dict[str, np.ndarray] = field(default_factory=dict)  # sums of the calendar year: plans (P * H, event)
    home_payments: list[np.ndarray] = field(default_factory=list)  # the last twelve months' `Tally.homes`
    margins: list[np.ndarray] = field(default_factory=list)  # `Settled.margin` of the last twelve months (F,)
    settled_since: dict[str, tuple[type, int]] = field(
        default_factory=dict
    )  # kind of each settlement, and when it began
    fund_spent: list[np.ndarray] = field(default_factory=list)  # paid by each fund in the last twelve months, fen (P,)
    financing_by_rule: Financing = field(init=False)  # income of the plans as the rules say it
    reserve_policies: list[ReservePolicy | None] = field(default_factory=list)  # reserve policy of each plan
    reserve_factor: np.ndarray = field(
        default_factory=lambda: np.ones(0)
    )  # by reserve policies, times what the rules say (P,)
    january_reserve: dict[int, float] = field(
        default_factory=dict
    )  # months of reserve last January, by plan with a policy
    enrolment: np.ndarray = field(init=False)  # who chooses to enrol, by plan (P,): see `enrol.NOBODY`
    insurers: list[Insurer] = field(default_factory=list)  # plans in force that people choose
    charities: list[Reliever] = field(default_factory=list)
    adjustments: list[Adjuster] = field(default_factory=list)
    service_values: dict[str, Any] = field(default_factory=dict)  # what services keep who value themselves, by name
    expected_charges: np.ndarray = field(
        init=False
    )  # expected charges of every person when people last chose, fen a year
    first_family: int = 0  # number, in the whole, of the first family here
    whole: Whole = ALONE  # where sums over families meet those of other shards

    @property
    def reported(self) -> bool:
        """Whether the current month lies after the burn-in."""
        return self.month >= self.burn_in

    def count_insured(self) -> None:
        """Let the income of the plans be that of who is enrolled now, at what reserve policies ask for."""
        rule, heads = self.financing_by_rule, np.zeros((3, len(self.words.plans)), np.int64)
        add_insured(self.persons, self.clock, heads)
        (heads,) = self.whole.total(heads)
        retired = None if rule.retired is None else rule.retired._replace(persons=heads[2])
        self.financing_by_rule = replace(rule, persons=heads[0], enrolled=heads[1], retired=retired)
        self.financing = asked_for(self.financing_by_rule, self.reserve_policies, self.reserve_factor)

    def label(self) -> str:
        """The current month as text, such as ``2023-01``."""
        year, month = self.first_month
        past = year * 12 + month - 1 + self.month
        return f"{past // 12}-{past % 12 + 1:02d}"

    def emptied(self) -> np.ndarray | None:
        """Last month's counts as zeros, to be used again; None where there are none, or others look at them."""
        spare, self.spare_counts = self.spare_counts, None
        if spare is not None:
            spare[self.tally.used] = 0
        return spare

    def copy(self) -> "World":
        """A world that goes on from here on its own; what never changes is shared, closed months among it."""
        self.spare_counts = None
        memo = {id(shared): shared for shared in map(self.__dict__.get, SHARED)}
        memo |= {id(shared): shared for pool in self.pools for shared in (pool.rule, pool.cells, pool.members)}
        memo |= {id(table): copied(table) for table in (self.families, self.persons, self.rare)}
        return copy.deepcopy(self, memo)


SHARED = (
    "words",
    "network",
    "whole",
    "cells",
    "first_cell",
    "cell_settings",
    "kinds_of_cell",
    "scheduled",
    "system",
    "market",
    "tally",
)
"""Fields of a world that are large or deep, and that are replaced and never changed in place once a month is over."""
