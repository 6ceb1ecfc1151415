"""Where a value comes from: everything that was written for it, the oldest first."""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from simulator.core.errors import Place, UserError, near
from simulator.core.messages import say
from simulator.core.names import TIER_GROUPS
from simulator.scenario.language.merge import leaves, merge, plain
from simulator.scenario.language.strict_yaml import Map, Node, Scalar
from simulator.scenario.resolve.like import filled
from simulator.scenario.resolve.timeline import SECTIONS, Timelines, baseline_steps
from simulator.scenario.schema.scenario import Scenario

BASELINE = "baseline"


class Written(NamedTuple):
    """A value as it was written, or `remove`."""

    text: str
    place: Place
    month: str | None = None
    """From when it holds, if a dated change wrote it."""
    source: str | None = None
    year: str | None = None
    note: str | None = None
    range: tuple[str, ...] | None = None


def trace(scenario: Scenario, path: str) -> dict[str, list[Written]]:
    """What was written for a value, by its path; the last one holds at the end of the run.

    ``path`` may name a block, and stands then for every value in it; `primary` and `hospital` stand for their tiers.
    `reforms.NAME.payment.…` is a value of an arm over time. Raises UserError for a path at which nothing stands.
    """
    histories = {**_file(scenario), **_baseline(scenario)}
    parts = path.split(".")
    if parts[0] == "reforms" and len(parts) > 2 and parts[1] in scenario.reforms and parts[2] in SECTIONS:
        histories |= _arm(scenario, parts[1])
    spelled = {".".join(p) for p in product(*(TIER_GROUPS.get(part, (part,)) for part in parts))} | {path}
    found = {
        key: chain
        for key, chain in histories.items()
        if any(key == each or key.startswith(f"{each}.") for each in spelled)
    }
    if not found:
        raise UserError(say("origin_none", path=path) + near(path, histories), "--origin")
    return found


def _as_written(node: Node, month: str | None = None) -> Written:
    if isinstance(node, Scalar):
        return Written(str(node.text), node.place, month, node.source, node.year, node.note, node.range)
    return Written(str(plain(node)), node.place, month)


def _file(scenario: Scenario) -> dict[str, list[Written]]:
    """Every value of the files, before any date, with what it replaced."""
    now = {".".join(path): [_as_written(node)] for path, node in leaves(_whole(scenario._tree))}
    for change in reversed(scenario.changes):
        if change.path in now:
            now[change.path].insert(0, _as_written(change.before))
    return now


def _whole(tree: Map) -> Map:
    """A file with the benefit tables of its baseline written out."""
    out, baseline = Map(tree.place, dict(tree.items), dict(tree.keys)), tree.items[BASELINE]
    assert isinstance(baseline, Map)
    out.put(BASELINE, filled(baseline), tree.keys[BASELINE])
    return out


def _baseline(scenario: Scenario) -> dict[str, list[Written]]:
    """Values of the baseline over time, where its timeline changes them."""
    return {f"{BASELINE}.{path}": chain for path, chain in _over_time(scenario, BASELINE)}


def _arm(scenario: Scenario, arm: str) -> dict[str, list[Written]]:
    """Values of a reform's rules over time."""
    return {f"reforms.{arm}.{path}": chain for path, chain in _over_time(scenario, arm)}


def _instead(node: Node, replaced: dict[int, Node]) -> list[Node]:
    """A value of a step, behind those that a `but` replaced by it."""
    before = replaced.get(id(node))
    return [*(_instead(before, replaced) if before is not None else []), node]


def _over_time(scenario: Scenario, arm: str) -> Iterator[tuple[str, list[Written]]]:
    baseline, reforms = scenario._tree.items[BASELINE], scenario._tree.items.get("reforms")
    assert isinstance(baseline, Map)
    steps = baseline_steps(baseline)
    replaced: dict[int, Node] = {}
    if arm != BASELINE:
        assert isinstance(reforms, Map)
        timelines = Timelines(reforms)
        steps += timelines.steps(arm)
        replaced = {id(change.after): change.before for change in timelines.replaced}
    files = _file(scenario)
    rules = Map(baseline.place, {k: baseline.items[k] for k in baseline.items if k != "timeline"}, baseline.keys)
    now = {path: node for path, node in leaves(filled(rules), (BASELINE,))}
    chains = {path: list(files.get(".".join((BASELINE, *path)), [_as_written(node)])) for path, node in now.items()}
    for step in sorted(steps, key=lambda step: (step.month, step.by != BASELINE)):
        rules = merge(rules, step.patch, (BASELINE,))
        after = {path: node for path, node in leaves(filled(rules), (BASELINE,))}
        for path, node in after.items():
            if now.get(path) is not node:
                chains.setdefault(path, []).extend(_as_written(each, step.month) for each in _instead(node, replaced))
        for path in now.keys() - after.keys():
            chains[path].append(Written("remove", step.place, step.month))
        now = after
    for path, chain in chains.items():
        yield ".".join(path), chain
