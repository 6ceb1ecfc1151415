"""A search for policies: Optuna proposes values of the levers, tasks of the study say what they do.

Trials are proposed in batches of ``BATCH``. What is proposed depends on the seed, the number of the trial and the
trials before alone, so that a search that was killed and goes on is the search that was not.
"""

import json
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import numpy as np

from simulator.core.errors import UserError
from simulator.core.messages import say
from simulator.study.analysis.evaluate import Evaluator, Unusable, evaluator, in_lockstep
from simulator.study.analysis.front import not_dominated
from simulator.study.analysis.proposals import BATCH, Proposals
from simulator.study.analysis.specification import Policy, Specification, Trial
from simulator.study.compare_neutral import WITHIN
from simulator.study.level import NoRoot, root
from simulator.study.summary import BASELINE
from simulator.study.sweep.designs import Row, conditional
from simulator.study.sweep.store import unwritable, write_whole
from simulator.study.sweep.values import value_at

SPECIFICATION = "search.json"


def search(
    spec: Specification,
    folder: str | Path,
    trials: int,
    workers: int | None = None,
    progress: Callable[[int, int, int], None] = lambda done, front, failed: None,
    model: str | None = None,
) -> list[Trial]:
    """Search until there are so many trials; go on where the folder has some.

    Args:
        spec: the search.
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
    with evaluator(spec.study, place, workers, model) as runs:
        _begin(spec, place)
        proposals = Proposals(spec, place)
        for first in range(0, trials, BATCH):
            batch = [proposals.propose(number) for number in range(first, min(trials, first + BATCH))]
            asking = [_tried(spec, runs, each.policy) for each in batch]
            for each, found in zip(batch, in_lockstep(asking, runs.run), strict=True):
                trial = _trial(each.number, each.policy, found)
                known.append(trial)
                proposals.tell(each, trial.means)
            usable = np.array([each.means for each in known if each.means is not None])
            front = int(not_dominated(usable, spec.signs).sum()) if len(usable) else 0
            progress(len(known), front, runs.failed)
    return known


def _begin(spec: Specification, folder: Path) -> None:
    """Note what is asked, or refuse a folder that was asked for something else."""
    file = folder / SPECIFICATION
    text = json.dumps(spec.identity(), ensure_ascii=False, indent=1)
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


def _tried(spec: Specification, runs: Evaluator, policy: Policy) -> Trying:
    """Try a policy: yields rows to be run, returns it, with its levelled lever, and its objectives by replication."""
    if spec.neutral is not None:
        policy = yield from _levelled(spec, runs, policy)
    rows = _rows(spec, policy)
    yield rows
    return policy, _over_worlds(spec, _known(runs, rows, spec.arm, spec.objectives))


def _levelled(spec: Specification, runs: Evaluator, policy: Policy) -> Generator[list[Row], None, Policy]:
    """The policy with the value of the levelled lever at which the fund balances as it would without the policy: as in
    the baseline of the same runs, or, where the baseline is what the levers change, as in the scenario as it is."""
    assert spec.neutral
    assert spec.balance
    funds = (spec.balance,)
    lever = spec.study.specification.levers[spec.neutral]
    reference = _rows(spec, {})
    if spec.arm == BASELINE:
        yield reference
    search = root(0.0, 1.0, lambda gap: abs(gap) <= WITHIN)
    try:
        part = next(search)
        while True:
            rows = _rows(spec, {**policy, spec.neutral: value_at(lever, part)})
            yield rows
            aim = _known(runs, reference if spec.arm == BASELINE else rows, BASELINE, funds)
            part = search.send(float((_known(runs, rows, spec.arm, funds) - aim).mean()))
    except StopIteration as ended:
        return {**policy, spec.neutral: value_at(lever, ended.value)}
    except NoRoot as none:
        ends = {"at_low": f"{100 * none.at_low:+.2f}", "at_high": f"{100 * none.at_high:+.2f}"}
        raise Unusable(say("analysis.no_balance", lever=spec.neutral, **ends)) from None


def _rows(spec: Specification, policy: Policy) -> list[Row]:
    """A policy under each draw of the uncertainties."""
    levers = tuple(policy.get(name) for name in spec.study.specification.levers)
    return conditional(spec.study, tuple(spec.study.variables), [(*levers, *world) for world in spec.worlds])


def _known(runs: Evaluator, rows: list[Row], arm: str, outcomes: Sequence[str]) -> np.ndarray:
    """Outcomes of rows, (draw, replication, outcome). Raises Unusable where one is not there."""
    values = np.array([runs.values(row, arm, outcomes) for row in rows])
    if not np.isfinite(values).all():
        raise Unusable(say("analysis.run_failed"))
    return values


def _over_worlds(spec: Specification, values: np.ndarray) -> np.ndarray:
    """(draw, replication, objective) to (replication, objective), as the search takes draws together."""
    if spec.robust in (None, "mean"):
        return values.mean(axis=0)
    signs = np.asarray(spec.signs)
    return np.quantile(values * signs, 0.0 if spec.robust == "worst" else 0.1, axis=0) * signs
