"""From a row of the register to the scenarios and arms that are run, and what is compared with what."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from simulator.core.errors import UserError, UserErrors, near
from simulator.core.messages import say
from simulator.problems.scenarios import block, copied, measurable
from simulator.scenario.language.merge import merge, plain
from simulator.scenario.language.packaged import scenarios_folder
from simulator.scenario.language.strict_yaml import Map, Node, Scalar
from simulator.scenario.load import load, load_tree
from simulator.scenario.schema.scenario import FORMAT, Scenario
from simulator.study.kept import Arm, Series, figures_over
from simulator.study.summary import last_months
from simulator.systems.register import BASELINE, FILE, Mechanism, System

if TYPE_CHECKING:
    import pandas as pd

WHOLE, MECHANISM, CLAIM = KINDS = ("whole", "mechanism", "claim")
"""What a comparison is about: the programme against no programme, one mechanism, one claim."""


class Comparison(NamedTuple):
    """One figure with and without something. ``code`` is that of the mechanism, the number of the claim from 1, or
    empty for the whole."""

    kind: str
    code: str
    series: Series
    on: Arm
    off: Arm


@dataclass(frozen=True, slots=True)
class Trial:
    """A row as it is run: its scenarios, the arms of each, the comparisons, and the last months that are measured."""

    name: str
    scenarios: tuple[Scenario, ...]
    arms: tuple[tuple[str, ...], ...]
    comparisons: tuple[Comparison, ...]
    months: int

    def told(self) -> object:
        """What its figures follow from beside scenarios and arms."""
        return self.months, self.comparisons

    def read(self, arm: Arm, monthly: "pd.DataFrame") -> dict[Series, float]:
        """The figures of an arm over its last months, as in a summary."""
        wanted = {c.series for c in self.comparisons if arm in (c.on, c.off)}
        found = figures_over(monthly, {series[0] for series in wanted}, last_months(monthly, self.months))
        return {series: found[series].value for series in wanted if series in found}

    def figures(self, values: Mapping[Arm, dict[Series, float]]) -> list[list[float]]:
        """Without and with, for each comparison; not a number where there is nothing of the kind."""
        return [[values[side].get(c.series, math.nan) for side in (c.off, c.on)] for c in self.comparisons]


def trial(system: System, families: int | None = None) -> Trial:
    """A row ready to run.

    Raises:
        UserError: what the register says of it cannot be, at its place there; or its scenario is not valid.
    """
    shipped = load(_file(system))
    if system.arm not in shipped.arms:
        text = say("system_no_arm", name=system.arm, file=system.file) + near(system.arm, shipped.arms)
        raise UserError.at(system._tree.items["arm"].place, f"{system.id}.arm", text)
    off = {code: each for code, each in system.carried.items() if each.off}
    scenarios = [_scenario(system, shipped, off, None, families)]
    arms, comparisons = [BASELINE, system.arm], []
    for code, each in system.carried.items():
        on = Arm(0, system.arm)
        if each.off_in_place:
            without = Arm(len(scenarios), system.arm)
            scenarios.append(_scenario(system, shipped, {}, code, families))
        else:
            without = Arm(0, each.off_arm or _name(system, code))
            if without.name not in scenarios[0].arms:
                at = system._tree.items["mechanisms"]
                text = say("system_no_arm", name=without.name, file=system.file) + near(without.name, shipped.arms)
                raise UserError.at(at.place, f"{system.id}.mechanisms.{code}.off_arm", text)
            arms.append(without.name)
        assert each.measure
        path = f"{system.id}.mechanisms.{code}"
        measurable(each.measure, _node(system, code, "measure"), f"{path}.measure", scenarios[0])
        _carries(system, code, scenarios, on, without)
        comparisons.append(Comparison(MECHANISM, code, each.measure.series, on, without))
    whole = []
    if comparisons and system.arm != BASELINE:
        whole = [Comparison(WHOLE, "", comparisons[0].series, Arm(0, system.arm), Arm(0, BASELINE))]
    claimed = [
        Comparison(CLAIM, str(number), series, Arm(0, system.arm), Arm(0, BASELINE))
        for number, series in _claims(shipped, system.arm)
    ]
    lived = [tuple(dict.fromkeys(arms)), *[(system.arm,)] * (len(scenarios) - 1)]
    return Trial(system.id, tuple(scenarios), tuple(lived), (*whole, *comparisons, *claimed), system.measured)


def _file(system: System) -> Path:
    """The scenario of a row. Raises UserError where there is none."""
    folder = scenarios_folder()
    file = folder / f"{system.file}.yaml"
    if not file.is_file():
        known = [each.relative_to(folder).with_suffix("").as_posix() for each in folder.rglob("*.yaml")]
        text = say("system_no_file", name=system.file) + near(system.file, known)
        raise UserError.at(system._tree.items["file"].place, f"{system.id}.file", text)
    return file


def _claims(scenario: Scenario, arm: str) -> Iterator[tuple[int, Series]]:
    """Claims about an arm by their number in the file, from 1; those about single case groups have no series."""
    for number, claim in enumerate(scenario.claims, 1):
        if claim.arm == arm and not claim.groups:
            yield number, (claim.indicator, claim.tier or "", claim.plan or "", "", "")


def _name(system: System, code: str) -> str:
    """The arm of the programme without one mechanism."""
    return f"{system.arm} without {code}"


def _scenario(
    system: System, shipped: Scenario, off: dict[str, Mechanism], in_place: str | None, families: int | None
) -> Scenario:
    """The row's scenario with an arm for every mechanism that rules switch off, or in the place without one, as if a
    file extended the one that the row names."""
    own = system._tree
    at = own.items["file"].place
    tree = Map(at)
    if in_place is not None:
        tree = copied(_patch(system, in_place, "off_in_place"), at)
    tree.put("format", Scalar(FORMAT, at), at)
    tree.put("extends", Scalar(f"{system.file}.yaml", at), at)
    for key in ("title", "description"):
        tree.put(key, own.items["title"], own.keys["title"])
    reforms = {_name(system, code): _without(system, shipped, code) for code in off}
    if reforms:
        tree = merge(tree, block({"reforms": block(reforms, at)}, at))
    try:
        return load_tree(tree, scenarios_folder() / FILE, families)
    except UserError as error:
        raise UserErrors(_in_the_register(each, system) for each in error.all) from None


def _in_the_register(error: UserError, system: System) -> UserError:
    """A mistake with the path at which it stands in the register, if it stands there."""
    arm, _, path = (error.path or "").removeprefix("reforms.").partition(".timeline.")
    code = arm.removeprefix(f"{system.arm} without ")
    if code not in system.mechanisms or not path:
        return error
    path = ".".join([system.id, "mechanisms", code, "off", *path.split(".")[1:]])
    return UserError(error.message, error.file, error.line, error.column, path)


def _without(system: System, shipped: Scenario, code: str) -> Map:
    """The reform that is the arm without a mechanism: its rules say otherwise from its first month on."""
    patch = _patch(system, code, "off")
    at = patch.place
    months = [state.month for state in shipped.states(system.arm)]
    month = months[1] if len(months) > 1 else shipped.time.start
    items: dict[str, Any] = {"title": system._tree.items["title"], "timeline": block({month: patch}, at)}
    if system.arm != BASELINE:
        items["combines"] = system._tree.items["arm"]
    return block(items, at)


def _patch(system: System, code: str, way: str) -> Map:
    node = _node(system, code, way)
    assert isinstance(node, Map)
    return node


def _node(system: System, code: str, key: str) -> Node:
    """What stands under a key of a mechanism."""
    node: Node = system._tree
    for word in ("mechanisms", code, key):
        assert isinstance(node, Map)
        node = node.items[word]
    return node


def _carries(system: System, code: str, scenarios: list[Scenario], on: Arm, off: Arm) -> None:
    """Refuse a key that is said to carry a mechanism and is not there, or is the same where that is switched off."""
    trees = [scenarios[side.scenario].resolved() | plain(scenarios[side.scenario].states(side.name)[-1].tree)
             for side in (on, off)]  # fmt: skip
    for path in system.mechanisms[code].carried_by:
        there, without = (_at(tree, path) for tree in trees)
        if there == without:
            above, _, last = path.rpartition(".")
            block = _at(trees[0], above) if above else trees[0]
            hint = near(last, block) if there is None and isinstance(block, dict) else ""
            text = say("system_no_carrier", path=path) + hint
            place = _node(system, code, "carried_by").place
            raise UserError.at(place, f"{system.id}.mechanisms.{code}.carried_by", text)


def _at(tree: Any, path: str) -> Any:
    """What stands at a dotted path of a plain tree, None where nothing was written."""
    for key in path.split("."):
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree
