"""Optuna as it is used here: proposes values of levers trial by trial, and keeps trials in a journal in the folder."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from simulator.core.errors import UserError
from simulator.core.messages import say
from simulator.study.sweep.language import Variable
from simulator.study.sweep.values import as_text, value_at

if TYPE_CHECKING:
    from simulator.study.analysis.specification import Specification

JOURNAL = "trials.journal"
BATCH = 8
"""Trials that are proposed before any of them is known; a fixed number, whatever the number of cores."""
STEPS = 200
"""Steps into which the range of a lever is divided, so that trials can meet."""
BLIND = 16
"""Trials that are drawn at random before the sampler learns."""


class Proposal(NamedTuple):
    """A trial: its number, the policy that it proposes, and Optuna's own record of it."""

    number: int
    policy: dict[str, str | None]
    trial: Any
    known: bool


class Proposals:
    """The trials of a folder.

    The sampler is the multi-objective tree-structured Parzen estimator (Ozaki et al. 2020), which needs few trials. It
    gets a seed of its own for every trial, so that what it proposes does not depend on when a search was stopped.

    Args:
        spec: the search.
        folder: of the search, held by the caller.
    """

    def __init__(self, spec: Specification, folder: Path):
        self.spec = spec
        try:
            import optuna
        except ModuleNotFoundError:
            raise UserError(say("sweep.library", name="optuna")) from None
        self._optuna = optuna
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        with _quiet():
            self._study = optuna.create_study(
                storage=_storage(folder / JOURNAL),
                study_name="search",
                directions=["maximize" if sign > 0 else "minimize" for sign in spec.signs],
                load_if_exists=True,
            )
        if not self._study.get_trials(deepcopy=False) and (usual := self._usual()):
            self._study.enqueue_trial(usual)

    def propose(self, number: int) -> Proposal:
        """The trial of that number: as it was proposed before, or new, the next one."""
        study, spec = self._study, self.spec
        trials = study.get_trials(deepcopy=False)
        known = len(trials) > number and trials[number].state.is_finished()
        if known:
            return Proposal(number, self._policy(trials[number].params), trials[number], True)
        with _quiet():
            seed = (spec.seed * 1_000_003 + number) % 2**32
            study.sampler = self._optuna.samplers.TPESampler(
                seed=seed, n_startup_trials=BLIND, multivariate=True, constant_liar=True
            )
            begun = len(trials) > number and trials[number].state.name == "RUNNING"
            trial = self._optuna.Trial(study, trials[number]._trial_id) if begun else study.ask()
            params = {name: _suggest(trial, name, lever, self._rows(name)) for name, lever in spec.searched.items()}
        assert trial.number == number
        return Proposal(number, self._policy(params), trial, False)

    def tell(self, proposal: Proposal, values: Sequence[float] | None) -> None:
        """Keep what came of a trial; None where it could not be used."""
        if proposal.known:
            return
        failed = self._optuna.trial.TrialState.FAIL
        with _quiet():
            if values is None:
                self._study.tell(proposal.trial, state=failed)
            else:
                self._study.tell(proposal.trial, [float(value) for value in values])

    def _policy(self, params: dict[str, Any]) -> dict[str, str | None]:
        levers = self.spec.searched
        return {
            name: value_at(levers[name], value / STEPS) if levers[name].between else value
            for name, value in params.items()
        }

    def _rows(self, name: str) -> int:
        tables = self.spec.study.tables
        return len(tables[name].rows) if name in tables else 0

    def _usual(self) -> dict[str, Any] | None:
        """The policy of `compare_with`, which is tried first; None where it does not say every lever."""
        compared = self.spec.study.specification.design.compare_with
        found: dict[str, Any] = {}
        for name, lever in self.spec.searched.items():
            text = as_text(compared[name]) if name in compared else None
            places = range(STEPS + 1) if lever.between else ()
            step = next((step for step in places if value_at(lever, step / STEPS) == text), None)
            if text is None or (lever.between and step is None):
                return None
            found[name] = step if lever.between else text
        return found


def _suggest(trial: Any, name: str, lever: Variable, rows: int) -> Any:
    if lever.between:
        return trial.suggest_int(name, 0, STEPS)
    options = lever.options
    return trial.suggest_categorical(name, [as_text(o) for o in options] if options else [str(n) for n in range(rows)])


def _storage(file: Path) -> Any:
    """Optuna's journal. Its lock would outlive who is killed, and the folder is held already."""
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    class Held:
        def acquire(self) -> bool:
            return True

        def release(self) -> None:
            pass

    if file.is_file():  # a line that was being written when the process was killed
        content = file.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            with file.open("r+b") as journal:
                journal.truncate(whole)
    held: Any = Held()
    return JournalStorage(JournalFileBackend(str(file), lock_obj=held))


@contextlib.contextmanager
def _quiet() -> Any:
    """Without Optuna's remarks on what it calls experimental."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
