"""The rules of every arm at every date: steps laid over the baseline, and each whole state validated."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from simulator.core import units
from simulator.core.errors import Place, UserError, UserErrors, near
from simulator.core.messages import say
from simulator.referral.network import Network
from simulator.scenario.language.merge import merge, place_at, plain
from simulator.scenario.language.strict_yaml import Map, Node
from simulator.scenario.resolve.alliances import members_of
from simulator.scenario.resolve.areas import areas_named
from simulator.scenario.resolve.facilities import cells_by_tier, cells_of, network_seen
from simulator.scenario.resolve.hastening import in_force_from
from simulator.scenario.resolve.like import filled
from simulator.scenario.resolve.rule_checks import check_rules, needs_network
from simulator.scenario.resolve.scope import owners, served, settled
from simulator.scenario.resolve.timeline import Step, Timelines, baseline_steps
from simulator.scenario.schema.mistakes import located
from simulator.scenario.schema.rules import Rules
from simulator.scenario.schema.scenario import Scenario, State

LISTED = ("settlements",)
"""Sections whose blocks act in listed order."""
BASELINE = "baseline"


def canonical(rules: Mapping[str, Any], plans: tuple[str, ...]) -> dict[str, Any]:
    """Rules as plain values in an order that does not depend on that of the file: plans as in ``plans``, which is the
    order of their codes; settlements as listed; everything else by name."""
    by_plan = {name: i for i, name in enumerate(plans)}

    def sort(node: Any, path: tuple[str, ...] = ()) -> Any:
        if not isinstance(node, dict):
            return node
        keys = list(node)
        if path not in [(section,) for section in LISTED]:
            codes = by_plan if path in (("plans",), ("benefit",)) else {}
            keys.sort(key=lambda key: (codes.get(key, len(codes)), key))
        return {key: sort(node[key], (*path, key)) for key in keys}

    return sort(dict(rules))


def plan_order(baseline: Map) -> tuple[str, ...]:
    """Plans of the baseline at the start: who covers most comes first, so that their codes do not depend on the order
    of the file."""
    plans = baseline.items.get("plans")
    if not isinstance(plans, Map):
        return ()
    said = plain(plans)

    def covers(name: str) -> tuple[float, str]:
        text = said[name].get("covers", "") if isinstance(said[name], dict) else ""
        try:
            return -units.share(str(text)), name
        except ValueError:
            return 0.0, name

    return tuple(sorted(said, key=covers))


@lru_cache(maxsize=256)
def _meant(said: str) -> Rules:
    """The rules that a text in JSON says: arms and variants of a scenario share most of theirs."""
    return Rules.model_validate(json.loads(said))


def _place(error: UserError) -> Place:
    return Place(error.file or "", error.line, error.column)


@dataclass(slots=True)
class States:
    """Works out the states of every arm.

    ``tree`` is the whole file as written, ``baseline`` its rules at the start, ``plans`` the order of the plans.
    """

    scenario: Scenario
    tree: Map
    baseline: Map
    plans: tuple[str, ...]
    warnings: list[str] = field(default_factory=list)
    _paths: dict[Place, list[str]] = field(default_factory=dict)
    _rules: dict[str, Rules] = field(default_factory=dict)
    _owned: set[str] = field(default_factory=set)
    _network: Network | None = None
    _errors: dict[tuple[Place, str], UserError] = field(default_factory=dict)

    def all(self) -> dict[str, tuple[State, ...]]:
        """States by arm. Raises UserErrors with every mistake in any of them."""
        for section in (BASELINE, "reforms"):
            self._index(self.tree.items.get(section), section)
        reforms, baseline = self.tree.items.get("reforms"), self.tree.items[BASELINE]
        timelines = Timelines(reforms if isinstance(reforms, Map) else Map(self.tree.place))
        assert isinstance(baseline, Map)
        found: dict[str, tuple[State, ...]] = {}
        for arm in (BASELINE, *timelines.reforms.items):
            try:
                shared = baseline_steps(baseline)
                own = timelines.steps(arm) if arm != BASELINE else []
                self._inside((*shared, *own))
                found[arm] = tuple(self._states(arm, shared, own))
            except UserError as error:
                for one in error.all:
                    self._errors.setdefault((_place(one), one.message), one)
            if arm == BASELINE and self._errors:
                break
        if self._errors:
            raise UserErrors(self._errors.values())
        return found

    def _index(self, block: Node | None, path: str) -> None:
        """Paths by the places where their keys were written."""
        if not isinstance(block, Map):
            return
        for key, node in block.items.items():
            here = f"{path}.{key}"
            self._paths.setdefault(block.keys[key], []).append(here)
            self._index(node, here)

    def _inside(self, steps: tuple[Step, ...]) -> None:
        """Refuse dates outside the run."""
        time = self.scenario.time
        wrong = [step for step in steps if not time.start <= step.month <= time.horizon]
        if wrong:
            months = {"start": time.start, "end": time.horizon}
            text = [say("reform_outside", month=step.month, **months) for step in wrong]
            raise UserErrors(UserError.at(s.place, s.path, t) for s, t in zip(wrong, text, strict=True))

    def _states(self, arm: str, shared: list[Step], own: list[Step]) -> Iterator[State]:
        time, dated = self.scenario.time, {self.scenario.time.start: self.baseline}
        tree = self.baseline
        for step in sorted([*shared, *own], key=lambda step: (step.month, step.by != BASELINE)):
            tree = dated[step.month] = self._merged(arm, tree, step)
        whole = {month: self._filled(arm, month, tree) for month, tree in dated.items()}
        valid = {month: self._valid(arm, month, tree) for month, tree in whole.items()}
        when = in_force_from(valid, self.scenario.analysis)
        states = list({when[month]: State(when[month], rules, whole[month]) for month, rules in valid.items()}.values())
        if gone := sorted({s.month for s in (own if arm != BASELINE else shared) if when[s.month] > time.end}):
            self.warnings.append(say("reform_falls_away", arm=arm, months=", ".join(gone), end=time.end))
        kept = states[:1]
        for state in states[1:]:
            if state.month <= time.end and state.rules != kept[-1].rules:
                kept.append(state)
        yield from kept

    def _merged(self, arm: str, tree: Map, step: Step) -> Map:
        try:
            return merge(tree, step.patch, (BASELINE,))
        except UserError as error:
            path = (error.path or "").removeprefix(f"{BASELINE}.")
            raise self._error(arm, step.month, _place(error), f"{step.path}.{path}", error.message) from None

    def _filled(self, arm: str, month: str, tree: Map) -> Map:
        try:
            return filled(tree)
        except UserError as error:
            path = self._path(tree, error.path or "")
            raise self._error(arm, month, _place(error), path, error.message) from None

    def _valid(self, arm: str, month: str, tree: Map) -> Rules:
        """The rules that a tree means. Raises UserErrors."""
        said = canonical(plain(tree), self.plans)
        key = json.dumps(said)
        if key in self._rules:
            return self._rules[key]
        wrong: list[UserError] = []
        try:
            rules = _meant(key)
        except ValidationError as error:
            wrong = [*located(error, tree, Rules).all]
        else:
            wrong = [UserError(text, path=path) for path, text in check_rules(self.scenario, rules)]
            wrong = wrong or self._areas(rules) or self._owners(rules, tree)
        if wrong:
            raise UserErrors(self._in_words(arm, month, tree, error) for error in wrong)
        self._rules[key] = rules
        return rules

    def _in_words(self, arm: str, month: str, tree: Map, error: UserError) -> UserError:
        """A mistake in a state, whose path starts at the rules, with its place and path in the file."""
        path = error.path or ""
        if error.file and path.partition(".")[0] not in Rules.model_fields:
            return error  # of the place, not of its rules: wrong in every state, and told once where it was written
        place = _place(error) if error.file else place_at(tree, path)
        return self._error(arm, month, place, self._path(tree, path), error.message)

    def _path(self, tree: Map, path: str) -> str:
        """Where in the file the value at a path of a state was written."""
        written = self._paths.get(place_at(tree, path), [])
        return next((each for each in written if each.endswith(f".{path}")), f"{BASELINE}.{path}")

    def _error(self, arm: str, month: str, place: Place, path: str, message: str) -> UserError:
        """A mistake in a state; which, where it does not show. The same mistake of a later state is not told again."""
        known = self._errors.get((place, message))
        if known is not None:
            return known
        own = f"{BASELINE}.timeline.{month}." if arm == BASELINE else f"reforms.{arm}."
        shows = path.startswith(own) or (arm, month) == (BASELINE, self.scenario.time.start)
        whole = message if shows else message + say("state_of", arm=arm, month=month)
        self._errors[place, message] = error = UserError.at(place, path, whole)
        return error

    def _areas(self, rules: Rules) -> list[UserError]:
        """Areas that the rules name and the network does not have."""
        said = list(areas_named(rules))
        if not said:
            return []
        try:
            self._network = self._network or network_seen(self.scenario)
        except UserError as error:
            return list(error.all)
        areas = self._network.areas
        return [
            UserError(say("check_no_area", name=area, near=near(area, areas)), path=path)
            for path, area in said
            if area not in areas
        ]

    def _owners(self, rules: Rules, tree: Map) -> list[UserError]:
        """What is wrong in who belongs where and who pays what."""
        sections = rules.model_dump_json(include={"plans", "payment", "settlements", "alliances", "services"})
        if sections in self._owned:
            return []
        try:
            if needs_network(rules):
                self._network = self._network or network_seen(self.scenario)
                members = members_of(rules, self._network)
                cells = cells_of(self.scenario, rules, self._network)
            else:
                members, cells = {}, cells_by_tier(self.scenario, rules)
            where = (rules, self.scenario, cells.rows, cells.facilities, members)
            owners(*where, lambda path: (place_at(tree, path), path))
            settled(*where)
            served(rules, self.scenario, cells.facilities, members)
        except UserError as error:
            return list(error.all)
        self._owned.add(sections)
        return []
