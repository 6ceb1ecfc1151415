"""A comparison from what was asked for to its results: the runs of every scenario, levelled arms, all side by side.

What an earlier call has finished is taken from its folder, so one that was stopped or killed goes on.
"""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.scenario import load
from simulator.study.compare import side_by_side
from simulator.study.compare_neutral import Neutral, checked, folder_of, levelled, lever
from simulator.study.ensemble import ENSEMBLE, ONE, chosen
from simulator.study.folder import MANIFEST
from simulator.study.parameters import Parameters
from simulator.study.results import Results
from simulator.study.run import Progress, run_or_take
from simulator.study.summary import BASELINE

REPLICATIONS = 10
ASKED = "comparison.json"
"""File in the folder of a comparison that says what was asked for."""
OURS = {ASKED, "runs"}
"""What a comparison that is not finished has in its folder."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a comparison was asked for; files by their absolute paths."""

    scenarios: tuple[str, ...]
    arms: str | None
    replications: int | None
    families: int | None
    months: int | None
    seed: int
    changes: tuple[str, ...]
    parameters: str | None
    neutral: tuple[str, ...]
    of: str | None

    @classmethod
    def of_words(cls, scenarios: Sequence[str], parameters: str | None, **other: Any) -> Self:
        """From the words of a command; of ``parameters`` as `--parameters` has it."""
        found = tuple(os.path.abspath(file) if Path(file).is_file() else file for file in scenarios)
        words: dict[str, Any] = other | {name: tuple(other[name] or ()) for name in ("changes", "neutral")}
        table = parameters not in (None, ENSEMBLE, ONE)
        return cls(scenarios=found, parameters=os.path.abspath(str(parameters)) if table else parameters, **words)


def begin(folder: Path, asked: Asked) -> None:
    """Make the folder of a comparison, or go on in it.

    Raises:
        UserError: it is in use, cannot be written, or was begun for something else.
    """
    checked(list(asked.neutral), asked.of)
    try:
        there = {path.name for path in folder.iterdir()} if folder.exists() else set()
    except NotADirectoryError:
        raise UserError(say("study.out_used", folder=folder)) from None
    if there - OURS or (there and ASKED not in there):
        raise UserError(say("study.out_used", folder=folder))
    if ASKED in there:
        if reopened(folder) != asked:
            raise UserError(say("study.out_used", folder=folder))
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        new = folder / f".{ASKED}"
        new.write_text(json.dumps(asdict(asked), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        os.replace(new, folder / ASKED)
    except OSError as error:
        raise UserError(say("study.out_unwritable", folder=folder, why=error.strerror or error)) from error


def reopened(folder: Path) -> Asked:
    """What a comparison that was stopped or killed was asked for.

    Raises:
        UserError: there is nothing to go on with.
    """
    if (folder / MANIFEST).is_file():
        raise UserError(say("study.run_over", folder=folder))
    try:
        text = json.loads((folder / ASKED).read_text(encoding="utf-8"))
        words: dict[str, Any] = {key: tuple(word) if isinstance(word, list) else word for key, word in text.items()}
        return Asked(**words)
    except (OSError, ValueError, TypeError):
        raise UserError(say("study.no_run", folder=folder)) from None


class Comparison:
    """The scenarios of a comparison, read and checked."""

    def __init__(self, asked: Asked):
        self.asked = asked
        self.places: dict[str, Any] = {}
        for file in asked.scenarios:
            place = self._placed(file)
            if place.name in self.places:
                raise UserError(say("compare.two_of_a_name", name=place.name))
            self.places[place.name] = place
        self.arms = _wanted(self.places, asked.arms)
        self.levers = [lever(self.first, path) for path in asked.neutral]

    def _placed(self, file: str, more: Sequence[str] = ()) -> Any:
        asked = self.asked
        return load(file, changes=[*asked.changes, *more], families=asked.families, months=asked.months)

    @property
    def first(self) -> Any:
        """The scenario whose baseline is the reference."""
        return next(iter(self.places.values()))

    @cached_property
    def sets(self) -> dict[str, Parameters | None]:
        """Sets of parameters of each scenario."""
        return {name: self._sets(at, self.asked.replications) for name, at in self.places.items()}

    def _sets(self, place: Any, replications: int | None) -> Parameters | None:
        return chosen(self.asked.parameters, place, replications, REPLICATIONS)

    @property
    def replications(self) -> int:
        """Runs of every arm."""
        sets = self.sets[self.first.name]
        return len(sets.rows) if sets else self.asked.replications or REPLICATIONS

    def run(
        self, folder: Path, threads: int | None, progress: Callable[[Progress], None], warn: Callable[[str], None]
    ) -> Results:
        """Run what is missing in ``folder`` and lay everything side by side there; ``warn`` hears of every trial of a
        levelled arm."""
        how: dict[str, Any] = {"replications": self.replications, "seed": self.asked.seed, "threads": threads}
        done: dict[str, tuple[Results, Sequence[str]]] = {}
        for name, arms in self.arms.items():
            there, sets = folder_of(folder, name), self.sets[name]
            made = run_or_take(self.places[name], there, arms=arms, progress=progress, parameters=sets, **how)
            done[name] = (made, arms)
        base = done[self.first.name][0]
        solved: dict[str, dict[str, Any]] = {}
        for each in self.levers:

            def trial(text: str, name: str, each: Neutral = each) -> Results:
                changed = self._placed(self.asked.scenarios[0], [f"{each.path}={text}"])
                rows = self._sets(changed, self.replications)
                return run_or_take(changed, folder_of(folder, name), arms=[each.arm], parameters=rows, **how)

            plan = self.asked.of or ""
            value, found = levelled(each, plan, base, trial, warn)
            run_name = f"{each.arm}_neutral"
            done[run_name] = (found, [each.arm])
            solved[f"{run_name}.{each.arm}"] = {"arm": each.arm, "path": each.path, "value": value, "plan": plan}
        return side_by_side(done, folder, solved)


def _wanted(places: dict[str, Any], arms: str | None) -> dict[str, list[str]]:
    """The arms of each scenario; the first one's baseline always, as it is the reference."""
    known = {arm for place in places.values() for arm in place.arms}
    asked = [arm.strip() for arm in arms.split(",")] if arms else None
    for arm in asked or []:
        if arm not in known:
            words = {"scenarios": ", ".join(places), "arms": ", ".join(sorted(known)), "near": near(arm, known)}
            raise UserError(say("compare.no_arm", arm=arm, **words))
    chosen = {}
    for number, (name, place) in enumerate(places.items()):
        kept = [arm for arm in place.arms if asked is None or arm in asked]
        chosen[name] = list(dict.fromkeys([BASELINE, *kept] if number == 0 else kept))
    return {name: kept for name, kept in chosen.items() if kept}
