"""The interface of kinds of plan: a basic fund, a policy that people choose, relief, an adjustment between funds.

A kind is one file in ``plans/``; its name there is its name in a scenario. The engine knows none of them: it asks
people, counts claims and posts what a kind says of a month, of members and of December. Money is fen of the sample.
"""

import abc
from typing import Annotated, ClassVar

import numpy as np
from pydantic import AfterValidator, Field

from simulator.benefit.layers import INDEMNITY, MUTUAL, Product
from simulator.benefit.rule import Bill
from simulator.core.fields import Block, Both, Names
from simulator.core.messages import say
from simulator.core.rooms import models
from simulator.core.units import PREMIUMS, Count, PerYear, Share
from simulator.declare.use import Use
from simulator.fund.form import INSURER, Form
from simulator.payment.rule import Transfer

__all__ = [
    "INDEMNITY",
    "INSURER",
    "MUTUAL",
    "Adjusting",
    "Bill",
    "Compact",
    "Eligible",
    "Plan",
    "Policy",
    "Relief",
    "Transfer",
]

TOLERANCE = 1e-6
MONTHS = 12
FOLLOWS = 0.5
"""How far members' idea of a year's claims moves toward those of the last year, by judgement."""


def whole(shares: dict[str, float]) -> dict[str, float]:
    """Shares that sum to one. Raises ValueError for others."""
    total = sum(shares.values())
    if abs(total - 1) > TOLERANCE:
        raise ValueError(say("check_parts_sum", total=f"{100 * total:g}%"))
    return shares


Whole = AfterValidator(whole)
"""Of a table of shares: they sum to one."""


class Plan(Block, abc.ABC):
    """What every kind shares: frozen parameters, unknown keys refused, each documented by the text under it."""

    source: ClassVar[str]
    example: ClassVar[str]
    """A file that uses the kind, as YAML below its title."""
    bill: ClassVar[Bill | None] = None
    """A bill of somebody who has the plan, to show what it does; None for a plan that pays no family's bills."""
    account: ClassVar[str]
    """Its account in the ledger is called so, with the plan's name behind it."""
    use: ClassVar[tuple[Use, ...]] = ()
    """How it shows that it was used, where somebody has to join it or ask."""

    kind: str
    """Kind of plan."""
    title: Both | None = None
    """Name in tables and figures."""


class Eligible(Block):
    """Who may join."""

    ages_from: Count = 0
    """Youngest age at which one may join, years."""
    ages_below: Count = 200
    """Age from which one no longer may, years."""
    plans: Names | None = None
    """Basic plans whose people may join; all if left out."""
    alliances: Names | None = None
    """Alliances whose people may join; everybody if left out."""
    areas: Names | None = None
    """Areas of the network whose people may join; all if left out."""


class Compact(Block):
    """The compact between an insurer or its members and providers (会员公约): who signs it works with the insurer."""

    alliances: Names | None = None
    """Alliances whose members have signed."""
    facilities: Names | None = None
    """Facilities that have signed; `centre_1 to centre_8` is a range."""


class Policy(Plan):
    """A plan that one joins by choice, every January; it pays for its products of what others leave to the family."""

    payer: ClassVar[int]
    """As which supplementary payer it pays, `MUTUAL` or `INDEMNITY`; two plans in force cannot pay as the same."""
    premium_kind: ClassVar[str]
    """Kind of the posting of its premiums."""
    by_trust: ClassVar[bool] = False
    """Whether one joins it more readily whose family trusts its centre."""
    all_have_signed: ClassVar[bool] = True
    """Whether every facility is held to have signed where no compact is told."""

    eligible: Eligible | None = Field(None, alias="for")
    """Who may join; everybody if left out."""
    premium: Annotated[PerYear, PREMIUMS]
    """What it costs at the start; of the mean person who may join where it is priced by risk."""
    cover: dict[str, Product] = {}
    """What it pays of what others leave to the family: products by name."""
    compact: Compact | None = None
    """Who has signed its compact. A product with `at_compact` is for them alone."""

    @property
    @abc.abstractmethod
    def for_claims(self) -> float:
        """What of the first premium is meant for claims, fen a year for each member."""

    @property
    def follows(self) -> float:
        """How far expected claims move toward those of the year that ends, 0 to 1."""
        return FOLLOWS

    def turns_away(self) -> float:
        """Share of the chronically ill who apply and are turned away."""
        return 0.0

    @property
    def form(self) -> Form | None:
        """How insurer and providers work together; None: bills are paid as they come."""
        return None

    @property
    def surplus_kinds(self) -> dict[str, Share]:
        """Shares of a year's surplus that providers get, by purpose; empty where they get none."""
        return {}

    @abc.abstractmethod
    def rates(self, claims: np.ndarray) -> np.ndarray:
        """Premium of every class that a price by risk knows, fen a year, int64, from the ``claims`` expected of it."""

    @abc.abstractmethod
    def costs(self, premiums: int, members: int, left: int, weight: float) -> int:
        """What the insurer keeps of ``premiums`` for its work in the ``left`` months of the year, fen; ``weight`` is
        the number of people for whom one of the sample stands."""

    @abc.abstractmethod
    def close_year(self, balance: int, signed: np.ndarray, work: np.ndarray) -> list[Transfer]:
        """What becomes of the balance in December, fen. ``signed`` bool (F,), ``work`` cases of the year (F,)."""


class Adjusting(Plan):
    """A plan between the basic funds: they pay in, and draw in January if they ended a year short."""

    plans: Names | None = None
    """Basic plans whose funds take part; all if left out."""

    @abc.abstractmethod
    def due(self, income: np.ndarray) -> np.ndarray:
        """What funds pay in of a month's ``income``, fen, int64 (fund,)."""

    @abc.abstractmethod
    def gap(self, short: np.ndarray, held: np.ndarray, spent: np.ndarray, months: int) -> np.ndarray:
        """What of it funds may ask for that ended a year of ``months`` ``short`` of so much, negative for a surplus;
        they hold ``held`` and have ``spent``, fen, int64 (fund,) each."""

    @abc.abstractmethod
    def drawn(self, gap: np.ndarray, held: int) -> np.ndarray:
        """What funds get of what they ask for, fen, int64 (fund,), of ``held`` fen."""


class Relief(Plan):
    """A plan that nobody joins: it gives families back part of what is too much for them, while its money lasts."""

    @abc.abstractmethod
    def income(self, persons: int, calendar: int) -> int:
        """What donors give in a month for so many people, fen."""

    @abc.abstractmethod
    def relief(self, beyond: np.ndarray, asked: int, held: int) -> np.ndarray:
        """Fen given back to each family, int64, of what it paid ``beyond`` its threshold this month, fen (family,);
        all families together paid ``asked`` beyond theirs, and the fund holds ``held`` fen."""


def found() -> dict[str, type[Plan]]:
    """Every kind of plan by its name, which is the name of its file."""
    return models("simulator.fund.plans", Plan)
