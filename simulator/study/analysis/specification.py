"""What a search for policies is asked for, and what a trial of it found."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.study.summary import BASELINE
from simulator.study.sweep.designs import Row, points_of
from simulator.study.sweep.language import Variable
from simulator.study.sweep.study import Study

BALANCE = "fund_surplus_rate"
"""Indicator of a fund's balance, as a share of its income."""
ROBUST = ("mean", "worst", "tenth")
"""How an objective is taken over draws of the uncertainties: mean, worst, or the one that a tenth are worse than."""


@dataclass(frozen=True)
class Specification:
    """What a search is asked for.

    Attributes:
        study: with levers, outcomes that say what is better, and replications.
        arm: whose outcomes count.
        robust: one of ``ROBUST``, over the draws of the uncertainties; None leaves these as the scenario has them.
        draws: at most so many draws.
        neutral: lever that is not searched but levelled until the fund balances as it would without the policy.
        balance: outcome that is the fund's balance.
        seed: of the proposals.
    """

    study: Study
    arm: str
    robust: str | None = None
    draws: int | None = None
    neutral: str | None = None
    balance: str | None = None
    seed: int = 1

    @cached_property
    def objectives(self) -> tuple[str, ...]:
        """Outcomes that say which way is better, without the one that is kept in balance."""
        outcomes = self.study.specification.outcomes
        return tuple(name for name, each in outcomes.items() if each.better and name != self.balance)

    @cached_property
    def signs(self) -> list[int]:
        """1 for each objective of which more is better, −1 for the others."""
        return [1 if self.study.specification.outcomes[name].better == "more" else -1 for name in self.objectives]

    @cached_property
    def searched(self) -> dict[str, Variable]:
        """Levers that are searched."""
        return {name: lever for name, lever in self.study.specification.levers.items() if name != self.neutral}

    @cached_property
    def worlds(self) -> list[Row]:
        """Values of the uncertainties that a policy is tried under."""
        levers = len(self.study.specification.levers)
        if self.robust is None:
            return [(None,) * len(self.study.specification.uncertainties)]
        return list(dict.fromkeys(row[levers:] for row in points_of(self.study).rows))[: self.draws]

    def identity(self) -> dict[str, Any]:
        """What decides the trials, as the folder keeps it."""
        return {
            "study": self.study.name, "arm": self.arm, "robust": self.robust, "worlds": self.worlds,
            "neutral": self.neutral, "balance": self.balance, "seed": self.seed,
            "objectives": dict(zip(self.objectives, self.signs, strict=True)), "levers": list(self.searched),
            "replications": self.study.specification.design.replications,
        }  # fmt: skip


def specify(
    study: Study,
    arm: str | None = None,
    robust: str | None = None,
    draws: int | None = None,
    neutral: str | None = None,
    balance: str | None = None,
    seed: int = 1,
) -> Specification:
    """A search, checked; see ``Specification``.

    Raises:
        UserError: it asks for what the study does not have.
    """
    study_file = study.specification

    def known(name: str, words: Sequence[str], option: str) -> str:
        if name not in words:
            raise UserError(say("sweep.unknown", name=name, known=", ".join(words) or "–") + near(name, words), option)
        return name

    reforms = [each for each in study_file.arms if each != BASELINE] or list(study_file.arms)
    if arm is None and len(reforms) > 1:
        raise UserError(say("analysis.which_arm", arms=", ".join(study_file.arms)), "--arm")
    chosen = known(arm, study_file.arms, "--arm") if arm else reforms[0]
    if robust is not None:
        known(robust, ROBUST, "--robust")
        if not study_file.uncertainties:
            raise UserError(say("analysis.no_uncertainties"), "--robust")
    if neutral is not None:
        known(neutral, [name for name, each in study_file.levers.items() if each.between], "--neutral")
        funds = [name for name, each in study_file.outcomes.items() if each.indicator == BALANCE]
        if balance is None and len(funds) != 1:
            raise UserError(say("analysis.which_balance", outcomes=", ".join(funds) or "–"), "--balance")
        balance = known(balance, funds, "--balance") if balance else funds[0]
    found = Specification(study, chosen, robust, draws, neutral, balance if neutral else None, seed)
    if not found.searched:
        raise UserError(say("analysis.no_levers"))
    if not found.objectives:
        raise UserError(say("analysis.no_objectives"))
    return found


type Policy = dict[str, str | None]
"""Values by lever."""


class Trial(NamedTuple):
    """A policy that was tried: number of the trial, values by lever, the levelled one too, and what came of it:
    objectives by replication, (replication, objective), over the draws as asked; None where it could not be used,
    with ``why``."""

    number: int
    policy: Policy
    values: np.ndarray | None
    why: str = ""

    @property
    def means(self) -> np.ndarray | None:
        """Objectives, mean over replications."""
        return None if self.values is None else self.values.mean(axis=0)
