"""Run what the model is held against, and say what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from simulator.study.intervals import Ends, interval, spread
from simulator.study.kept import Kept, Trial, keeping, run_kept
from simulator.study.run import Progress
from simulator.validation.claims import Answer, Claimed, claims_told, claims_tried, scenarios_with_claims
from simulator.validation.conditions import Condition, alone, condition, together
from simulator.validation.history import Told, told, tried
from simulator.validation.judge import CONSISTENT, STRONGER
from simulator.validation.levels import Level, Place, levels_told, levels_tried
from simulator.validation.register import Experiment, register


class Asked(NamedTuple):
    """Which parts are asked for."""

    levels: bool = True
    history: bool = True
    claims: bool = True
    conditions: bool = True
    """Whether it is searched what would have to be true for claims that do not come out."""


class Size(NamedTuple):
    """How much is run: families in place of each scenario's, replications of each trial, and the seed."""

    families: int = 6000
    replications: int = 6
    seed: int = 1


class How(NamedTuple):
    """How it is run: cores, by default all; and sets of parameters, rows of `path=value`, of which each replication
    has one."""

    threads: int | None = None
    sets: Sequence[Sequence[str]] = ()

    @property
    def ends(self) -> Ends:
        """Replications with sets of their own are told by the middle of the sets."""
        return spread if self.sets else interval


SEARCHED = (2000, 2)
"""Families and replications at most of a run of the search."""


@dataclass(frozen=True, slots=True)
class Validation:
    """What came of the parts; nothing of what was not asked for, or not run to its end."""

    levels: tuple[Level, ...] = ()
    history: tuple[Told, ...] = ()
    claims: tuple[Answer, ...] = ()
    conditions: tuple[Condition, ...] = ()
    size: Size = field(default_factory=Size)


class ValidationInterrupted(KeyboardInterrupt):
    """Ctrl-C. ``validation`` has what was finished."""

    def __init__(self, validation: Validation):
        self.validation = validation
        super().__init__()


def validate(
    asked: Asked,
    folder: Path,
    size: Size,
    how: How,
    progress: Callable[[Progress], None] | None = None,
) -> Validation:
    """Run the parts that are asked for.

    Args:
        asked: parts.
        folder: where figures of replications are kept; those of the same scenario, size, seed and program are not run
            again.
        size: families, replications (2 or more), seed.
        how: cores and sets of parameters.
        progress: called from time to time.

    Raises:
        UserError: a register says what cannot be.
        UnitFailed: a replication failed.
        OSError: nothing can be written to the folder.
        ValidationInterrupted: Ctrl-C.
    """
    places = levels_tried(size.families) if asked.levels else []
    experiments = [each for each in register().values() if each.is_run] if asked.history else []
    claimed = [claims_tried(name, size.families) for name in scenarios_with_claims()] if asked.claims else []
    trials: list[Trial] = [*places, *(tried(each, size.families) for each in experiments), *claimed]
    task = keeping(trials, folder, size.seed, how.sets)
    found: tuple[Condition, ...] = ()
    try:
        run_kept(task, size.replications, how.threads, progress)
        if asked.claims and asked.conditions:
            found = _conditions(
                _told(places, experiments, claimed, task, size, how).claims, folder, size, how, progress
            )
    except KeyboardInterrupt as stop:
        raise ValidationInterrupted(_told(places, experiments, claimed, task, size, how)) from stop
    whole = _told(places, experiments, claimed, task, size, how)
    return Validation(whole.levels, whole.history, whole.claims, found, size)


def _told(
    places: list[Place], experiments: list[Experiment], claimed: list[Claimed], task: Kept, size: Size, how: How
) -> Validation:
    """What was finished."""
    kept = (size.replications, how.ends)
    return Validation(
        tuple(levels_told(places, task, *kept)),
        tuple(one for each in experiments for one in told(each, task, *kept)),
        tuple(one for each in claimed for one in claims_told(each, task, *kept)),
        (),
        size,
    )


def _conditions(
    answers: Sequence[Answer], folder: Path, size: Size, how: How, progress: Callable[[Progress], None] | None
) -> tuple[Condition, ...]:
    """What would have to be true for the claims that do not come out, in runs of their own size."""
    families, replications = min(size.families, SEARCHED[0]), min(size.replications, SEARCHED[1])
    kept = (replications, interval)
    missed = [each for each in answers if each.verdict not in (CONSISTENT, STRONGER, "")]
    names = list(dict.fromkeys(each.scenario for each in missed))
    ends = {name: alone(name, families) for name in names}
    task = keeping([each for name in names for each in ends[name]], folder, size.seed)
    run_kept(task, replications, how.threads, progress)
    more = {
        name: together(name, [each for each in missed if each.scenario == name], ends[name], task, kept)
        for name in names
    }
    task = keeping([each for name in names for each in (*ends[name], *more[name])], folder, size.seed)
    run_kept(task, replications, how.threads, progress)
    found = (condition(each, [*ends[each.scenario], *more[each.scenario]], task, kept) for each in missed)
    return tuple(each for each in found if each is not None)
