"""A search for policies: Optuna proposes values of the levers, tasks of the study say what they do.

Trials are proposed in batches of ``BATCH``. What is proposed depends on the seed, the number of the trial and the
trials before alone, so that a search that was killed and goes on is the search that was not.
"""

import json
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.study.analysis.evaluate import Evaluator, Unusable, evaluator, together
from simulator.study.analysis.front import not_dominated
from simulator.study.analysis.proposals import BATCH, Proposals
from simulator.study.compare_neutral import WITHIN
from simulator.study.level import NoRoot, root
from simulator.study.summary import BASELINE
from simulator.study.sweep.designs import Row, conditional, points_of
from simulator.study.sweep.language import Variable
from simulator.study.sweep.read import Study
from simulator.study.sweep.store import unwritable, write_whole
from simulator.study.sweep.values import value_at

ASKED = "search.json"
BALANCE = "fund_surplus_rate"
"""Indicator of a fund's balance, as a share of its income."""
ROBUST = ("mean", "worst", "tenth")
"""How an objective is taken over draws of the uncertainties: mean, worst, or the one that a tenth are worse than."""


@dataclass(frozen=True)
class Asked:
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
        outcomes = self.study.said.outcomes
        return tuple(name for name, each in outcomes.items() if each.better and name != self.balance)

    @cached_property
    def signs(self) -> list[int]:
        """1 for each objective of which more is better, −1 for the others."""
        return [1 if self.study.said.outcomes[name].better == "more" else -1 for name in self.objectives]

    @cached_property
    def searched(self) -> dict[str, Variable]:
        """Levers that are searched."""
        return {name: lever for name, lever in self.study.said.levers.items() if name != self.neutral}

    @cached_property
    def worlds(self) -> list[Row]:
        """Values of the uncertainties that a policy is tried under."""
        levers = len(self.study.said.levers)
        if self.robust is None:
            return [(None,) * len(self.study.said.uncertainties)]
        return list(dict.fromkeys(row[levers:] for row in points_of(self.study).rows))[: self.draws]

    def told(self) -> dict[str, Any]:
        """What decides the trials, for the folder."""
        return {
            "study": self.study.name, "arm": self.arm, "robust": self.robust, "worlds": self.worlds,
            "neutral": self.neutral, "balance": self.balance, "seed": self.seed,
            "objectives": dict(zip(self.objectives, self.signs, strict=True)), "levers": list(self.searched),
            "replications": self.study.said.design.replications,
        }  # fmt: skip


def asked(
    study: Study,
    arm: str | None = None,
    robust: str | None = None,
    draws: int | None = None,
    neutral: str | None = None,
    balance: str | None = None,
    seed: int = 1,
) -> Asked:
    """A search, checked; see ``Asked``.

    Raises:
        UserError: it asks for what the study does not have.
    """
    told = study.said

    def known(name: str, words: Sequence[str], option: str) -> str:
        if name not in words:
            raise UserError(say("sweep.unknown", name=name, known=", ".join(words) or "–") + near(name, words), option)
        return name

    reforms = [each for each in told.arms if each != BASELINE] or list(told.arms)
    if arm is None and len(reforms) > 1:
        raise UserError(say("analysis.which_arm", arms=", ".join(told.arms)), "--arm")
    chosen = known(arm, told.arms, "--arm") if arm else reforms[0]
    if robust is not None:
        known(robust, ROBUST, "--robust")
        if not told.uncertainties:
            raise UserError(say("analysis.no_uncertainties"), "--robust")
    if neutral is not None:
        known(neutral, [name for name, each in told.levers.items() if each.between], "--neutral")
        funds = [name for name, each in told.outcomes.items() if each.indicator == BALANCE]
        if balance is None and len(funds) != 1:
            raise UserError(say("analysis.which_balance", outcomes=", ".join(funds) or "–"), "--balance")
        balance = known(balance, funds, "--balance") if balance else funds[0]
    found = Asked(study, chosen, robust, draws, neutral, balance if neutral else None, seed)
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


def search(
    wanted: Asked,
    folder: str | Path,
    trials: int,
    workers: int | None = None,
    progress: Callable[[int, int, int], None] = lambda done, front, failed: None,
    model: str | None = None,
) -> list[Trial]:
    """Search until there are so many trials; go on where the folder has some.

    Args:
        wanted: the search.
        folder: of the search, new or of the same one.
        trials: in all.
        workers: children of this process, by default one for each core.
        progress: called after every batch with trials, trials not dominated and tasks that failed.
        model: module and class of another model, for tests.

    Raises:
        UserError: the folder is another search's, in use, or cannot be written; Optuna is missing.
    """
    place = Path(folder).absolute()
    known: list[Trial] = []
    with evaluator(wanted.study, place, workers, model) as runs:
        _begin(wanted, place)
        proposals = Proposals(wanted, place)
        for first in range(0, trials, BATCH):
            batch = [proposals.propose(number) for number in range(first, min(trials, first + BATCH))]
            asking = [_tried(wanted, runs, each.policy) for each in batch]
            for each, found in zip(batch, together(asking, runs.run), strict=True):
                trial = _trial(each.number, each.policy, found)
                known.append(trial)
                proposals.tell(each, trial.means)
            usable = np.array([each.means for each in known if each.means is not None])
            front = int(not_dominated(usable, wanted.signs).sum()) if len(usable) else 0
            progress(len(known), front, runs.failed)
    return known


def _begin(wanted: Asked, folder: Path) -> None:
    """Note what is asked, or refuse a folder that was asked for something else."""
    file = folder / ASKED
    text = json.dumps(wanted.told(), ensure_ascii=False, indent=1)
    if file.is_file():
        before, present = json.loads(file.read_text(encoding="utf-8")), json.loads(text)
        differ = [key for key in present if before.get(key) != present[key]]
        if differ:
            raise UserError(say("analysis.other_search", folder=folder, keys=", ".join(differ)))
        return
    try:
        write_whole(file, text.encode() + b"\n")
    except OSError as error:
        raise unwritable(folder, error) from error


def _trial(number: int, policy: Policy, found: tuple[Policy, np.ndarray] | Unusable) -> Trial:
    if isinstance(found, Unusable):
        return Trial(number, policy, None, str(found))
    return Trial(number, *found)


type Trying = Generator[list[Row], None, tuple[Policy, np.ndarray]]


def _tried(wanted: Asked, runs: Evaluator, policy: Policy) -> Trying:
    """Try a policy: yields rows to be run, returns it, with its levelled lever, and its objectives by replication."""
    if wanted.neutral is not None:
        policy = yield from _levelled(wanted, runs, policy)
    rows = _rows(wanted, policy)
    yield rows
    return policy, _over_worlds(wanted, _known(runs, rows, wanted.arm, wanted.objectives))


def _levelled(wanted: Asked, runs: Evaluator, policy: Policy) -> Generator[list[Row], None, Policy]:
    """The policy with the value of the levelled lever at which the fund balances as it would without the policy: as in
    the baseline of the same runs, or, where the baseline is what the levers change, as in the scenario as it is."""
    assert wanted.neutral
    assert wanted.balance
    funds = (wanted.balance,)
    lever = wanted.study.said.levers[wanted.neutral]
    reference = _rows(wanted, {})
    if wanted.arm == BASELINE:
        yield reference
    search = root(0.0, 1.0, lambda gap: abs(gap) <= WITHIN)
    try:
        part = next(search)
        while True:
            rows = _rows(wanted, {**policy, wanted.neutral: value_at(lever, part)})
            yield rows
            aim = _known(runs, reference if wanted.arm == BASELINE else rows, BASELINE, funds)
            part = search.send(float((_known(runs, rows, wanted.arm, funds) - aim).mean()))
    except StopIteration as ended:
        return {**policy, wanted.neutral: value_at(lever, ended.value)}
    except NoRoot as none:
        ends = {"at_low": f"{100 * none.at_low:+.2f}", "at_high": f"{100 * none.at_high:+.2f}"}
        raise Unusable(say("analysis.no_balance", lever=wanted.neutral, **ends)) from None


def _rows(wanted: Asked, policy: Policy) -> list[Row]:
    """A policy under each draw of the uncertainties."""
    levers = tuple(policy.get(name) for name in wanted.study.said.levers)
    return conditional(wanted.study, tuple(wanted.study.variables), [(*levers, *world) for world in wanted.worlds])


def _known(runs: Evaluator, rows: list[Row], arm: str, outcomes: Sequence[str]) -> np.ndarray:
    """Outcomes of rows, (draw, replication, outcome). Raises Unusable where one is not there."""
    values = np.array([runs.values(row, arm, outcomes) for row in rows])
    if not np.isfinite(values).all():
        raise Unusable(say("analysis.run_failed"))
    return values


def _over_worlds(wanted: Asked, values: np.ndarray) -> np.ndarray:
    """(draw, replication, objective) to (replication, objective), as the search takes draws together."""
    if wanted.robust in (None, "mean"):
        return values.mean(axis=0)
    signs = np.asarray(wanted.signs)
    return np.quantile(values * signs, 0.0 if wanted.robust == "worst" else 0.1, axis=0) * signs
