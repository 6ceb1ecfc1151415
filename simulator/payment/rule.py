"""The one interface of payment: tariff rules (one owner per cell) and settlements that lie above them.

A rule is one file in ``rules/`` (or ``settlements/``); its name there is its name in a scenario. The engine knows none
of them: it counts, rules price the counts, and conduct values bundles of counts at what rules make providers believe.
"""

import abc
import importlib
import pkgutil
from dataclasses import dataclass, field
from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict

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
    "referred_up",  # one patient sent up
    "managed",  # one patient under standard follow-up for a month
)
"""Book entries that a rule can make worth something to a provider."""

Tier = Literal["station", "centre", "secondary", "tertiary", "online"]
"""A key of a table by tier, in the order of `names.TIERS`."""

ROLES = ("doer", "partner", "pool", "panel")
"""For whom an entry is worth something: who does it, who takes part, whose pool pays, whose panel it is."""


@dataclass(frozen=True, slots=True)
class Market:
    """Facts that a rule may read. C cells, F facilities, P plans."""

    cells: np.ndarray  # CELLS rows (C,)
    weight: np.ndarray  # usual relative weight of the cell's case group, 1 (C,)
    charge: np.ndarray  # usual charge of one case, fen (C,)
    catalogue: np.ndarray  # usual share of the charge inside the catalogue, 0 to 1 (C,)
    tier: np.ndarray  # tier of each facility, code (F,)
    doctors: np.ndarray  # doctors of each facility, in units of the sample (F,)
    plans: int  # number of insurance plans
    month: int  # months since the first reported month; negative in the burn-in
    calendar: int  # month of the year, 1 to 12

    @property
    def blank(self) -> "Tariff":
        """A tariff that allows nothing; start from it."""
        return Tariff(*(np.zeros(len(self.cells)) for _ in range(4)))


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a provider is allowed for what it did, per cell (C,):
    per_case·cases + share·covered + per_day·days + per_weight·coded weight."""

    per_case: np.ndarray  # fen per case
    share: np.ndarray  # fen per covered fen
    per_day: np.ndarray  # fen per bed-day
    per_weight: np.ndarray  # fen per unit of coded weight

    def __post_init__(self) -> None:
        for name in ("per_case", "share", "per_day", "per_weight"):
            column = getattr(self, name)
            if column.shape != self.per_case.shape or not np.isfinite(column).all() or (column < 0).any():
                raise ValueError(f"Tariff.{name} must be finite, zero or more, shape {self.per_case.shape}")


@dataclass(slots=True)
class Books:
    """Closed months that a rule may read, newest last: the last 12 of the counts, the last 24 of what the fund paid.

    Filled by `add` only. Arrays are never changed in place, so a copy of the lists is a copy of the books.
    """

    counts: list[np.ndarray] = field(default_factory=list)  # (C, len(COUNTED)) int64
    fund: list[np.ndarray] = field(default_factory=list)  # fund's part by cell, before settlements, fen int64 (C,)
    year: np.ndarray | None = None  # sum of the counts kept; None before the first month

    def add(self, counts: np.ndarray, fund: np.ndarray) -> None:
        """Enter the month just over; months that no rule may read any more are dropped."""
        self.year = counts if self.year is None else self.year + counts
        if len(self.counts) == 12:
            self.year = self.year - self.counts[0]
        self.counts = [*self.counts[-11:], counts]
        self.fund = [*self.fund[-23:], fund]

    def copy(self) -> "Books":
        """Books that can go on without changing these."""
        return Books(self.counts, self.fund, self.year)


Beliefs = dict[tuple[str, str], np.ndarray]
"""(role, entry) -> expected income of one more unit, fen per unit, by cell (C,); what is not listed earns nothing."""


class Rule(BaseModel, abc.ABC):
    """What every rule shares: frozen parameters, unknown keys refused, each documented by the text under it."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
    source: ClassVar[str]


class TariffRule(Rule):
    """Owns cells: says what a provider is allowed for each. Works on whole arrays; what it says of cells that it does
    not own is not read."""

    @abc.abstractmethod
    def tariff(self, market: Market) -> Tariff:
        """What is allowed for one case."""

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


class Transfer(NamedTuple):
    """Money moved by a settlement between two accounts of each facility, such as ``facility:NAME`` to
    ``doctors:NAME``."""

    payer: str  # first word of the account: facility or doctors
    payee: str
    kind: str  # word for the ledger; of doctors' pay: salary, or bonus for what varies with the margin
    fen: np.ndarray  # by facility, int64, zero or more (F,)


class SettlementRule(Rule):
    """Lies above the tariffs and moves money that they brought in. Settlements may overlap and act in listed order."""

    @abc.abstractmethod
    def settle(self, market: Market, margin: np.ndarray, mine: np.ndarray) -> list[Transfer]:
        """What moves after the month ``market.calendar``.

        ``margin`` (F,), int64 fen, is what each facility earned in the month after suppliers and after the settlements
        listed before this one; ``mine`` (F,) says which facilities are in scope.
        """

    def shared_margin(self, market: Market, mine: np.ndarray) -> np.ndarray:
        """Share of one more fen of margin that reaches the doctors (F,)."""
        return np.zeros(len(market.tier))


class BudgetRule(SettlementRule):
    """A budget over the bills of an alliance's people (or members): a pool pays them, members share what is left.

    P plans; money is int64 fen of the sample.
    """

    budget_is_for: str

    @abc.abstractmethod
    def first_budget(self, spent: np.ndarray) -> np.ndarray:
        """Budget of the first twelve months (P,), from what the fund spent on the same bills in the twelve before."""

    @abc.abstractmethod
    def next_budget(self, budget: np.ndarray, spent: np.ndarray) -> np.ndarray:
        """Budget of the next year (P,), from this year's budget and spending."""

    @abc.abstractmethod
    def score(self, levels: dict[str, float]) -> float:
        """Score, 0 to 1, from the levels of indicators over the year."""

    def marginal_score(self, indicator: str, levels: dict[str, float]) -> float:
        """What one more unit of an indicator adds to the score at these levels."""
        step = 0.001
        more = levels | {indicator: levels.get(indicator, 0.0) + step}
        return (self.score(more) - self.score(levels)) / step

    @abc.abstractmethod
    def kept(self, balance: int, score: float) -> int:
        """What members keep of a year's balance, or, negative, what they bear; fen."""

    @abc.abstractmethod
    def worth(self, pace: float, score: float) -> float:
        """What members believe one more fen left in the pool brings them together, 0 to 1.

        ``pace`` is the balance so far over the budget so far.
        """


def found(folder: str) -> dict[str, type[Rule]]:
    """Every rule in a folder (a dotted package name) by its scenario name, which is the name of its file."""
    package = importlib.import_module(folder)
    names = sorted(m.name for m in pkgutil.iter_modules(package.__path__))
    return {n: importlib.import_module(f"{folder}.{n}").Rule for n in names}
