"""The one interface of payment: tariff rules (one owner per cell) and settlements that lie above them.

A rule is one file in ``rules/`` (or ``settlements/``); its name there is its name in a scenario. The engine knows none
of them: it counts, rules price the counts, and conduct values bundles of counts at what rules make providers believe.
"""

import abc
from collections.abc import Mapping
from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict

from simulator.core.messages import Text
from simulator.core.money import Transfer
from simulator.core.rooms import rooms
from simulator.declare.use import Use
from simulator.payment.closed import Books
from simulator.payment.market import Market, Tariff

ENTRIES = (
    "visit",  # one more outpatient visit
    "drugs",
    "tests",
    "labour",  # one more fen billed, of that part
    "case",  # one more admission
    "weight",  # one more unit of coded relative weight
    "day",  # one more bed-day
    "moved_out",  # one unit of weight stepped down to another place
    "moved_in",  # one unit of weight taken over from another place
    "referred_up",  # one patient sent up and seen there
    "recorded_down",  # one step down recorded, whether or not the patient moved
    "consult",  # one remote consultation asked for
    "read",  # one remote consultation answered
)
"""Book entries of a cell that a rule can make worth something to those who do them."""

PANEL_ENTRIES = (
    "head",  # one person more on the panel, for a year
    "signed",  # one person more under contract, for a year
    "served",  # one of the signed really served, for a year
    "managed",  # one patient under standard follow-up, for a month
    "controlled",  # one diagnosed patient controlled, for a year
    "elsewhere",  # one fen of the fund's part of bills of the panel's people at other places
    "outreach",  # one hour that a specialist works at the centres below
)
"""Entries of a facility rather than of a cell; the role is ``panel``."""

Tier = Literal["station", "centre", "secondary", "tertiary", "online"]
"""A key of a table by tier, in the order of `names.TIERS`."""

ROLES = ("doer", "panel")
"""For whom an entry is worth something: who does it, by cell (C,); whose panel or staff it is, by facility (F,)."""


Beliefs = dict[tuple[str, str], np.ndarray]
"""(role, entry) -> expected income of one more unit, fen per unit: by cell (C,) for the doer, by facility (F,) for the
panel; what is not listed earns nothing."""


class Rule(BaseModel, abc.ABC):
    """What every rule shares: frozen parameters, unknown keys refused, each documented by the text under it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    source: ClassVar[str]
    example: ClassVar[str]
    """A block of a scenario that uses the rule, as YAML."""
    reads_panel: ClassVar[bool] = False
    """Whether it reads `Market.panel` or `Market.levels`, which are counted only for rules that read them."""

    def named_groups(self) -> Mapping[str, tuple[str, ...]]:
        """Case groups that its parameters name, by the path of the parameter; a scenario is refused if it lacks one."""
        return {}


class TariffRule(Rule):
    """Owns cells: says what a provider is allowed for each. Works on whole arrays; what it says of cells that it does
    not own is not read."""

    @abc.abstractmethod
    def tariff(self, market: Market) -> Tariff:
        """What is allowed for one case."""

    def announced(self, market: Market, books: Books, mine: np.ndarray) -> Tariff:
        """What is allowed this month, where that depends on closed months: a price that floats or is rebased.

        ``books`` ends with the month before ``market.calendar``.
        """
        return self.tariff(market)

    def outliers(self, market: Market, mine: np.ndarray) -> np.ndarray | None:
        """Upper and lower threshold of the charge of a stay, fen per unit of relative weight, by facility (F, 2); None
        if the rule has none."""
        return None

    def settle(self, market: Market, books: Books, mine: np.ndarray) -> np.ndarray:
        """What the fund pays (or, negative, claws back) after the month on top of the tariff: whole fen by facility and
        plan (F, P).

        ``mine`` (C,) says which cells the rule owns; ``books`` ends with ``market.calendar``, the month just closed.
        """
        return np.zeros((len(market.tier), market.plans), np.int64)

    @abc.abstractmethod
    def believed(self, market: Market, books: Books, mine: np.ndarray) -> Beliefs:
        """What the payee expects one more of each entry to earn it, within a tenth of what a full settlement gives.

        Asked at the start of the month ``market.calendar``, so ``books`` ends with the month before it. Income is what
        families and the fund pay together.
        """


class Prices(NamedTuple):
    """What a rule does to prices at the places in its scope, factors by facility and part of a bill (F, 3)."""

    listed: np.ndarray  # list price against the price list of the place
    bought: np.ndarray  # what it pays suppliers against what the place usually pays


class Supplied(NamedTuple):
    """What a rule adds to the supply of the places in its scope this month (F,)."""

    doctors: np.ndarray  # share of the doctors that a place began with, on its own payroll
    hired: np.ndarray  # doctors, in units of the sample, whom the rule itself pays
    beds: np.ndarray  # share of the beds that a place began with
    capability: np.ndarray  # of the range from 0 to 1


class SettlementRule(Rule):
    """Lies above the tariffs and moves money that they brought in. Settlements may overlap and act in listed order, but
    for those that are `last`."""

    accounts: ClassVar[tuple[str, ...]]
    """Words of the accounts that it may move; it moves no other."""
    last: ClassVar[bool] = False
    """Whether it acts on what all others have left, wherever it is listed."""
    use: ClassVar[tuple[Use, ...]] = ()
    """How it shows that somebody earned by it; left out: by postings of its own name. See `uses`."""

    @abc.abstractmethod
    def settle(self, market: Market, books: Books, margin: np.ndarray, mine: np.ndarray) -> list[Transfer]:
        """What moves after the month ``market.calendar``, with which ``books`` ends.

        ``margin`` (F,), int64 fen, is what each facility earned in the month after suppliers and after the settlements
        listed before this one; ``mine`` (C,) says which cells are in scope, `Market.places` at which facilities.
        """

    def believed(self, market: Market, books: Books, fund: Beliefs, mine: np.ndarray) -> Beliefs:
        """What one more of each entry earns the payee on top of the tariffs, as in `TariffRule.believed`.

        ``fund`` holds what one more of each entry costs the fund under the tariffs, for the doer (C,).
        """
        return {}

    @classmethod
    def says_beliefs(cls) -> bool:
        """Whether it makes anything worth more or less at the margin."""
        return cls.believed is not SettlementRule.believed

    @classmethod
    def uses(cls) -> tuple[Use, ...]:
        """How it shows that somebody earned by it, or paid. None for one whose effect is on prices, on supply or on a
        budget: nobody has to do anything for it."""
        if cls.use or cls.prices is not SettlementRule.prices or cls.supplies() or issubclass(cls, BudgetRule):
            return cls.use
        name = cls.__module__.rpartition(".")[2]
        unused = Text(f"`{name}` moved no money", f"`{name}` 未发生任何收付")
        return (Use(unused=unused, postings=(name,)),)

    def prices(self, tier: np.ndarray, places: np.ndarray) -> Prices | None:
        """What it does to prices, for facilities of ``tier`` (F,) codes, ``places`` (F,) in scope; None: nothing."""
        return None

    def sign_fee(self, tier: np.ndarray, places: np.ndarray) -> np.ndarray | None:
        """What a person pays for a contract with the family doctor, fen a year (F,); None: no contract is offered;
        negative where it offers none."""
        return None

    def supply(self, residents: np.ndarray, places: np.ndarray, running: int) -> Supplied | None:
        """What it adds to supply at ``places`` (F,) in scope, where so many people of the sample are ``residents``
        (F,), in the month ``running`` since it came into force, from 1; None: nothing."""
        return None

    @classmethod
    def supplies(cls) -> bool:
        """Whether it adds anything to supply."""
        return cls.supply is not SettlementRule.supply

    def shared_margin(self, market: Market, mine: np.ndarray) -> np.ndarray:
        """Share of one more fen of margin that reaches the doctors (F,)."""
        return np.zeros(len(market.tier))


class BudgetRule(SettlementRule):
    """A budget over the bills of an alliance's people (or members): members share what is left or missing.

    P plans; money is int64 fen of the sample.
    """

    accounts: ClassVar[tuple[str, ...]] = ("fund", "pool", "facility", "doctors")
    keeper: ClassVar[Literal["members", "owners"]] = "members"
    """Who keeps what is kept and bears what is borne."""
    budget_is_for: str

    @property
    def prepaid(self) -> bool:
        """Whether a pool holds the budget and pays the bills; else the fund pays them and settles in December."""
        return True

    def settle(self, market: Market, books: Books, margin: np.ndarray, mine: np.ndarray) -> list[Transfer]:
        """Nothing of its own: `fund.pools` keeps the budget."""
        return []

    def heads_with(self) -> str | None:
        """Disease whose diagnosed patients alone are heads; None: everybody is."""
        return None

    @abc.abstractmethod
    def first_budget(self, spent: np.ndarray, heads: np.ndarray, scale: float = 1.0) -> np.ndarray:
        """Budget of the first twelve months (P,), from what the fund spent on the same bills in the twelve before, and
        from the heads that it is for, sampled people (P,). An amount for the place is multiplied by ``scale``, sampled
        people over people."""

    @abc.abstractmethod
    def next_budget(self, budget: np.ndarray, spent: np.ndarray, heads: np.ndarray) -> np.ndarray:
        """Budget of the next year (P,), from this year's budget and spending and the heads now."""

    def administration(self, budget: np.ndarray) -> np.ndarray:
        """Part of a budget (P,) that goes to administration before any bill is paid."""
        return np.zeros_like(budget)

    @abc.abstractmethod
    def score(self, levels: dict[str, float]) -> float:
        """Score, 0 to 1, from the levels of indicators over the year."""

    def marginal_score(self, indicator: str, levels: dict[str, float]) -> float:
        """What one more unit of an indicator adds to the score at these levels."""
        step = 0.001
        more = levels | {indicator: levels.get(indicator, 0.0) + step}
        return (self.score(more) - self.score(levels)) / step

    @abc.abstractmethod
    def kept(self, balance: int, budget: int, score: float) -> int:
        """What is kept of a year's balance, or, negative, borne; fen."""

    @abc.abstractmethod
    def worth(self, pace: float, score: float) -> float:
        """What one more fen left is believed to bring who keeps it, 0 or more.

        ``pace`` is the balance expected of the year over the budget.
        """


def found(folder: str) -> dict[str, type[Rule]]:
    """Every rule in a folder (a dotted package name) by its scenario name, which is the name of its file."""
    return {name: room.Rule for name, room in rooms(folder).items()}
