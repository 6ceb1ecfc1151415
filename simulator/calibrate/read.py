"""Read a calibration: strict YAML, checked as a whole, with the scenario of every place."""

import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simulator.calibrate.evidence import FINDING
from simulator.calibrate.language import Aim, CalibrationFile
from simulator.core.errors import UserError, UserErrors, near
from simulator.core.messages import say
from simulator.scenario.language.merge import place_at, plain
from simulator.scenario.language.packaged import shown
from simulator.scenario.language.strict_yaml import Map, read_file
from simulator.scenario.language.text_files import beside, there
from simulator.scenario.load import find, load
from simulator.scenario.schema.mistakes import located

NAME = "calibration.yaml"
YEAR = 12
"""Months that are compared."""


@dataclass(frozen=True)
class Calibration:
    """A calibration that was read. Made by ``read_calibration``."""

    file: Path
    specification: CalibrationFile
    tree: Map

    @property
    def name(self) -> str:
        """That of its folder if the file is called `calibration.yaml`, else that of the file."""
        return self.file.absolute().parent.name if self.file.name == NAME else self.file.stem

    def scenario_file(self, place: str) -> Path:
        """The file of the scenario of a place. Raises UserError."""
        name = self.specification.places[place].scenario
        beside_us = [self.file.parent / name, self.file.parent / f"{name}.yaml"]
        for file in beside_us:
            if file.is_file():
                return file.absolute()
        where = f"places.{place}.scenario"
        try:
            return Path(find(name)).absolute()
        except UserError as error:
            raise UserError.at(place_at(self.tree, where), where, error.message) from None

    @cached_property
    def scenarios(self) -> dict[str, Any]:
        """The scenario of every place as it is written, its year after the warm-up. Raises UserError."""
        return {
            place: load(self.scenario_file(place), changes=[f"time.warm_up={each.warm_up}"], months=YEAR)
            for place, each in self.specification.places.items()
        }

    def now(self, name: str) -> float | None:
        """The value that a parameter has in the first of its places, None where it has none there."""
        from simulator.core import behaviour
        from simulator.study.sweep.language import number_of

        free = self.specification.parameters[name]
        scenario = self.scenarios[(free.at or tuple(self.specification.places))[0]]
        if not free.sets:
            return float(behaviour.row(scenario.behaviour.set, scenario.behaviour.parameters)[0][name])
        origin = scenario.origins.get(free.sets)
        return number_of(str(origin.text)) if origin else None


def read_calibration(file: str | Path) -> Calibration:
    """The calibration in a file, or in the `calibration.yaml` of a folder.

    Raises:
        UserError: (often UserErrors) for what it or a scenario does not say rightly, and for a target that may not be
            fitted to.
    """
    path = _find(Path(file))
    tree = read_file(path, shown(path))
    try:
        content = CalibrationFile.model_validate(plain(tree))
    except ValidationError as error:
        raise located(error, tree, CalibrationFile) from None
    found = Calibration(path, content, tree)
    wrong = [*_arms(found), *_paths(found), *_findings(found)]
    if wrong:
        raise UserErrors(wrong)
    return found


def _find(path: Path) -> Path:
    for each in (path, path / NAME):
        if there(each):
            return each
    here = [str(p) for p in beside(path, "*.yaml")]
    raise UserError(say("calibrate.no_file", path=path) + near(str(path), here))


def _arms(found: Calibration) -> list[UserError]:
    """Arms that the scenario of a place does not have."""
    wrong = []
    for place, each in found.specification.places.items():
        names = list(found.scenarios[place].arms)
        where = f"places.{place}.arms"
        for arm in each.arms:
            if arm not in names:
                text = say("study.arm_unknown", arm=arm, arms=", ".join(names), near=near(arm, names))
                wrong.append(UserError.at(place_at(found.tree, where), where, text))
    return wrong


def _paths(found: Calibration) -> list[UserError]:
    """Ends that a scenario refuses; all low ends and all high ends are tried at once, one by one only where these are
    refused."""
    wrong = []
    for place in found.specification.places:
        names = found.specification.set_at(place)
        for end in (0, 1):
            if _refused(found, place, names, end) is None:
                continue
            for name in names:
                if (error := _refused(found, place, [name], end)) is not None:
                    where, value = f"parameters.{name}", found.specification.parameters[name].between[end]
                    refused = say("sweep.value_refused", value=value, problem=error)
                    wrong.append(UserError.at(place_at(found.tree, where), where, refused))
    return wrong


def _refused(found: Calibration, place: str, names: list[str], end: int) -> UserError | None:
    """What a scenario says against these ends of parameters."""
    spec = found.specification
    changes = [f"{spec.path(name)}={spec.parameters[name].between[end]}" for name in names]
    try:
        load(found.scenario_file(place), changes=changes)
    except UserError as error:
        return error
    return None


def _findings(found: Calibration) -> list[UserError]:
    """Targets called a finding that the scenario does not hold so, or not as a target."""
    wrong = []
    for name, aim in found.specification.targets.items():
        if aim.evidence == FINDING and not any(_same(aim, each) for each in found.scenarios[aim.at].findings):
            where = f"targets.{name}"
            text = say("calibrate.no_finding", name=name, place=aim.at)
            wrong.append(UserError.at(place_at(found.tree, where), where, text))
    return wrong


def _same(aim: Aim, finding: Any) -> bool:
    """Whether a finding of a scenario is the level of a target, and may be fitted to."""
    series = all(
        getattr(aim, key) == (getattr(finding, key, "") or "") for key in ("indicator", "tier", "plan", "part")
    )
    return series and finding.use == "target" and math.isclose(aim.level, float(finding.level.value), rel_tol=1e-6)
