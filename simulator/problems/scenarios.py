"""From a problem of the book to the scenarios and arms that are run."""

import re
from dataclasses import dataclass
from typing import Any

from simulator.core.errors import UserError, UserErrors, near
from simulator.core.messages import say
from simulator.problems.book import CARRIERS, Measure, Problem
from simulator.scenario.language.merge import merge
from simulator.scenario.language.strict_yaml import Map, Node, Scalar
from simulator.scenario.load import load_tree
from simulator.scenario.resolve.timeline import later
from simulator.scenario.schema.scenario import FORMAT, Scenario

WITHOUT, WITH = "without", "with"
SIGNAL = "_signal"
BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class Place:
    """A scenario and those of its arms that are compared."""

    scenario: Scenario
    arms: tuple[str, ...]


def places(problem: Problem, families: int | None = None, without: str | None = None) -> list[Place]:
    """The scenarios of a problem: one with all arms, or one without and one with the cure where that is in the place.

    Of each pair of arms the first is the one without the cure; where there is a signal, each is followed by the same
    arm with the signal.

    Args:
        problem: one that is run.
        families: in place of the problem's.
        without: a switch of the analysis to turn off.

    Raises:
        UserError: what the file says cannot be, at its place there.
    """
    rules = {WITHOUT: [problem._tree.items.get("problem")]}
    rules[WITH] = [*rules[WITHOUT], problem._tree.items.get("cure")]
    sides = [(WITHOUT,), (WITH,)] if problem.cure_in_place else [(WITHOUT, WITH)]
    made = []
    for side in sides:
        steps, arms = {}, []
        for arm in side:
            for name, more in ((arm, []), (arm + SIGNAL, [problem._tree.items.get("signal")])):
                patches = [node for node in (*rules[arm], *more) if isinstance(node, Map)]
                if name == arm or more != [None]:
                    steps[name] = _laid(patches, name, problem)
                    arms.append(name if steps[name] is not None else BASELINE)
        made.append(Place(_scenario(problem, side, steps, families, without), tuple(arms)))
    if problem.measure is not None:
        measurable(problem.measure, problem._tree.items["measure"], "measure", made[0].scenario)
    return made


def measurable(measure: Measure, said: Node, path: str, scenario: Scenario) -> None:
    """Refuse a measure of a plan or an alliance that no arm ever has; ``said`` is its block, at ``path``."""
    assert isinstance(said, Map)
    rules = [state.rules for arm in scenario.arms for state in scenario.states(arm)]
    for word, section in (("plan", "plans"), ("alliance", "alliances")):
        name, known = getattr(measure, word), {name for each in rules for name in getattr(each, section)}
        if name is not None and name not in known:
            text = say("problem_measure_none", word=word, name=name) + near(name, known)
            raise UserError.at(said.items[word].place, f"{path}.{word}", text)


def _laid(patches: list[Map], arm: str, problem: Problem) -> Map | None:
    """The rules of an arm as one patch, None where there are none."""
    if not patches:
        return None
    whole = patches[0]
    for patch in patches[1:]:
        whole = merge(whole, patch, ("reforms", arm, "timeline", problem.start))
    return whole


def _scenario(
    problem: Problem, side: tuple[str, ...], steps: dict[str, Map | None], families: int | None, off: str | None
) -> Scenario:
    """The problem's scenario with its arms, as if the file extended the one it names."""
    own, at = problem._tree, problem._tree.place
    tree = copied(own.items.get("changes"), at)
    in_place = own.items.get("cure_in_place")
    if isinstance(in_place, Map) and WITH in side:
        tree = merge(tree, in_place)
    tree.put("format", Scalar(FORMAT, at), at)
    tree.put("extends", Scalar(f"{problem.scenario}.yaml", own.items["scenario"].place), own.keys["scenario"])
    for key in ("title", "description", "sources"):
        if key in own.items:
            tree.put(key, own.items[key], own.keys[key])
    end = later(problem.start, problem.months - 1)
    time = {"start": problem.start, "end": end, "warm_up": f"{problem.warm_up} months"}
    tree = merge(tree, block({"time": block(time, at)}, at))
    reforms = {
        name: block({"title": own.items["title"], "timeline": block({problem.start: patch}, at)}, at)
        for name, patch in steps.items()
        if patch is not None
    }
    tree.put("reforms", block(reforms, at), at)
    if off is not None:
        tree.put("analysis", block({off: CARRIERS[off]}, at), at)
    number = problem.families if families is None else families
    try:
        return load_tree(tree, problem._file, number, leave=("reforms", "overrides"))
    except UserError as error:
        raise UserErrors(_in_the_book(each, problem) for each in error.all) from None


def _in_the_book(error: UserError, problem: Problem) -> UserError:
    """A mistake with the path at which it stands in the problem's own file."""
    path = re.sub(rf"^reforms\.\w+\.timeline\.{problem.start}\.", "", error.path or "")
    path = "scenario" if path == "extends" else path
    section = next((key for key in ("cure", "problem", "signal") if _stands(problem, key, error)), "")
    if not section and _stands(problem, "changes", error):
        section = "changes"
    whole = f"{section}.{path}" if section else path
    return UserError(error.message, error.file, error.line, error.column, whole)


def _stands(problem: Problem, section: str, error: UserError) -> bool:
    """Whether a mistake stands inside a section of the problem's file."""
    keys = problem._tree.keys
    if section not in keys or error.file != keys[section].file or error.line is None:
        return False
    first = keys[section].line or 0
    after = min((place.line or 0 for place in keys.values() if (place.line or 0) > first), default=1 << 30)
    return first <= error.line < after


def copied(node: Node | None, at: Any) -> Map:
    return Map(node.place, dict(node.items), dict(node.keys)) if isinstance(node, Map) else Map(at)


def block(items: dict[str, Any], at: Any) -> Map:
    """A block of texts and nodes, all standing at one place."""
    nodes = {key: Scalar(value, at) if isinstance(value, str) else value for key, value in items.items()}
    return Map(at, nodes, dict.fromkeys(nodes, at))
