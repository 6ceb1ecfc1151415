"""Reserve policy of the basic funds (基金结余管理): every January, more is asked for below the corridor, less above."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from simulator.core.fields import Block, one_of
from simulator.core.maths import clip
from simulator.core.money import rounded
from simulator.core.units import Months, Share, Times
from simulator.fund.ledger import Ledger
from simulator.fund.settlement import Accounts, Financing

AHEAD = 2.0
"""Years that a fund looks ahead along the trend of its reserve; by judgement."""


class ReservePolicy(Block):
    """What a fund does every January to keep its reserve (基金结余管理): below the corridor it asks for more, above it
    for less."""

    low: Months
    """Months of spending below which it asks for more."""
    high: Months
    """Months of spending above which it asks for less."""
    step: Share
    """Share by which it raises or lowers what it asks for, once a year."""
    acts_on: one_of("premium", "subsidy")
    """What is raised or lowered."""
    least: Times = 0.5
    """It never falls below so many times what the scenario says."""
    most: Times = 2.0
    """It never rises above so many times what the scenario says."""

    def next(self, asked: float, months: float, before: float | None = None) -> float:
        """Times what the rules say that is asked for next year, from this year's, the months of reserve and those of a
        year before. It acts on what it expects in `AHEAD` years: on the reserve of today alone it would act until the
        corridor is reached, too late, and leave it again on the other side, for ever.

        >>> policy = ReservePolicy(low=6, high=9, step=0.05, acts_on="premium")
        >>> policy.next(1.0, 4.0), policy.next(1.0, 4.0, before=2.5), policy.next(1.0, 7.0, before=8.0)
        (1.05, 1.0, 1.05)
        """
        expected = months if before is None else months + AHEAD * (months - before)
        step = (expected < self.low) - (expected > self.high)
        return float(clip(asked * (1.0 + step * self.step), self.least, self.most))


def months_held(balance: np.ndarray, spent: np.ndarray, months: int) -> np.ndarray:
    """Reserve in months of spending (P,), from balances and what was spent in so many months, fen (P,) each."""
    return balance * months / np.maximum(spent, 1)


def asked_for(financing: Financing, corridors: Sequence[ReservePolicy | None], asked: np.ndarray) -> Financing:
    """What the plans ask for, where the rules say ``financing`` and policies ask for ``asked`` times as much (P,)."""
    changed = {}
    for what in ("premium", "subsidy"):
        acts = np.array([corridor is not None and corridor.acts_on == what for corridor in corridors])
        changed[what] = np.where(acts, rounded(getattr(financing, what) * asked), getattr(financing, what))
        if what == "premium" and financing.retired is not None:
            premium = financing.retired.premium
            changed["retired"] = financing.retired._replace(premium=np.where(acts, rounded(premium * asked), premium))
    return replace(financing, **changed)


def merge(ledger: Ledger, accounts: Accounts, fund: np.ndarray) -> Accounts:
    """The accounts with the funds ``fund`` (P,): who is merged into another fund brings it what it holds or owes."""
    for old, new in {(int(a), int(b)) for a, b in zip(accounts.fund, fund, strict=True) if a != b}:
        # A plan that leaves a merged fund begins with nothing.
        if (fund != old).all():
            fen = ledger.balance[[old]].copy()
            ledger.post_many(np.array([old]), np.array([new]), "merger", np.maximum(0, fen))
            ledger.post_many(np.array([new]), np.array([old]), "merger", np.maximum(0, -fen))
    return replace(accounts, fund=fund)
