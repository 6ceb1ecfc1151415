"""Run what the model is held against, and say what came of it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from simulator.calibrate.recovery import Recovery
from simulator.study.kept import Kept, Trial, keeping, run_kept, takes
from simulator.study.run import Progress
from simulator.validation.asked import Asked, How, Size
from simulator.validation.channels import Alliance, ByChannels, alliances_tried, channels_told
from simulator.validation.claims import Answer, Claimed, claims_told, claims_tried, scenarios_with_claims
from simulator.validation.conditions import Condition, Search
from simulator.validation.history import Told, told, tried
from simulator.validation.levels import Level, Place, levels_told, levels_tried
from simulator.validation.register import Experiment, register
from simulator.validation.robust import Sign, headlines_tried, signs_told


@dataclass(frozen=True, slots=True)
class Validation:
    """What came of the parts; nothing of what was not asked for, or not run to its end."""

    levels: tuple[Level, ...] = ()
    history: tuple[Told, ...] = ()
    claims: tuple[Answer, ...] = ()
    conditions: tuple[Condition, ...] = ()
    size: Size = field(default_factory=Size)
    signs: tuple[Sign, ...] = ()
    channels: tuple[ByChannels, ...] = ()
    recovery: Recovery | None = None


class ValidationInterrupted(KeyboardInterrupt):
    """Ctrl-C. ``validation`` has what was finished."""

    def __init__(self, validation: Validation):
        self.validation = validation
        super().__init__()


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is run with so many replications of each arm."""

    places: list[Place]
    experiments: list[Experiment]
    claimed: list[Claimed]
    alliances: list[Alliance]

    @classmethod
    def of(cls, asked: Asked, families: int) -> "_Parts":
        return cls(
            levels_tried(families) if asked.levels else [],
            [each for each in register().values() if each.is_run] if asked.history else [],
            [claims_tried(name, families) for name in scenarios_with_claims()] if asked.claims else [],
            alliances_tried(families) if asked.channels else [],
        )

    def trials(self, families: int) -> list[Trial]:
        made: list[Trial] = [*self.places, *(tried(each, families) for each in self.experiments), *self.claimed]
        return [*made, *(variant for each in self.alliances for variant in each.variants)]

    def told(self, task: Kept, size: Size, how: How) -> Validation:
        """What was finished."""
        kept = (task, size.replications, how.ends)
        return Validation(
            tuple(levels_told(self.places, *kept)),
            tuple(one for each in self.experiments for one in told(each, *kept)),
            tuple(one for each in self.claimed for one in claims_told(each, *kept)),
            size=size,
            channels=tuple(one for each in self.alliances for one in channels_told(each, *kept)),
        )


def validate(
    asked: Asked,
    folder: Path,
    size: Size,
    how: How,
    progress: Callable[[Progress], None] | None = None,
    tell: Callable[[str, float], None] = lambda *_: None,
) -> Validation:
    """Run the parts that are asked for.

    Args:
        asked: parts.
        folder: where figures of replications are kept; those of the same scenario, size, seed, set of parameters and
            program are not run again.
        size: families, replications (2 or more), seed, sets.
        how: cores and sets of parameters.
        progress: called from time to time.
        tell: called before runs with what they are for (``runs``, ``conditions``) and the seconds that they will take.

    Raises:
        UserError: a register says what cannot be, or a scenario refuses a set.
        UnitFailed: a replication failed.
        OSError: nothing can be written to the folder.
        ValidationInterrupted: Ctrl-C.
    """
    parts = _Parts.of(asked, size.families)
    task = keeping(parts.trials(size.families), folder, size.seed, how.sets)
    ensemble = how.ensemble.first(size.sets) if how.ensemble and asked.robust else None
    signs = keeping(headlines_tried(size.families) if ensemble else [], folder, size.seed, how.sets)
    of_signs = len(ensemble.rows) if ensemble else 0
    tell("runs", takes(task, size.replications, how.threads) + takes(signs, of_signs, how.threads))
    rest: dict[str, Any] = {}
    try:
        run_kept(task, size.replications, how.threads, progress)
        if ensemble:
            run_kept(signs, of_signs, how.threads, progress)
            rest["signs"] = tuple(signs_told(signs, ensemble))
        missed = [each for each in parts.told(task, size, how).claims if each.implausible]
        if missed and asked.conditions:
            search = Search(missed, folder, size, how)
            tell("conditions", search.takes())
            rest["conditions"] = search.run(progress)
    except KeyboardInterrupt as stop:
        raise ValidationInterrupted(replace(parts.told(task, size, how), **rest)) from stop
    return replace(parts.told(task, size, how), **rest)
