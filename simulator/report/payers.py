"""Who pays what in every arm at every date, as ``tiercare check`` tells it."""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.core.errors import UserError
from simulator.core.messages import say
from simulator.core.names import CARE, CONTINUED, TIERS
from simulator.report.display import word
from simulator.report.insured import insured
from simulator.scenario.resolve.alliances import members_of
from simulator.scenario.resolve.facilities import cells_of, network_of
from simulator.scenario.resolve.scope import owners, settled
from simulator.scenario.schema.scenario import Scenario, State

if TYPE_CHECKING:
    from rich.table import Table

type When = tuple[str, str]
"""An arm, and the month from which it has a state."""


class Payers:
    """Who pays which bills in a scenario; a bill here is a case group of a plan in a setting at a facility."""

    def __init__(self, scenario: Scenario):
        self.scenario = scenario
        self.states: dict[When, State] = {
            (arm, state.month): state for arm in scenario.arms for state in scenario.states(arm)
        }
        self.owned: dict[When, np.ndarray] = {}
        self.members: dict[When, dict[str, np.ndarray]] = {}
        self.settled: dict[When, dict[str, np.ndarray]] = {}
        for when, state in self.states.items():
            members = members_of(state.rules, self.network)
            where = (state.rules, scenario, self.cells, self.facilities, members)
            names = np.array(list(state.rules.payment))
            self.owned[when] = names[owners(*where)][self.cells["care"] != CONTINUED]
            self.members[when], self.settled[when] = members, settled(*where)
        self.bills = self.cells[self.cells["care"] != CONTINUED]

    @cached_property
    def network(self) -> Any:
        """The referral network."""
        return network_of(self.scenario)

    @property
    def cells(self) -> np.ndarray:
        """The cells of the books (C,)."""
        return self._cells.rows

    @property
    def facilities(self) -> tuple[tuple[str, str], ...]:
        """(name, tier) of every facility."""
        return self._cells.facilities

    @cached_property
    def _cells(self) -> Any:
        return cells_of(self.scenario, self.scenario.baseline, self.network)

    def baseline_at(self, month: str) -> When:
        """The state of the baseline in a month."""
        return "baseline", max(m for arm, m in self.states if arm == "baseline" and m <= month)

    def taken(self, when: When) -> Iterator[tuple[str, str, int, int]]:
        """(by, from, bills, facilities) of what is paid otherwise than in the baseline of the same month."""
        mine, theirs = self.owned[when], self.owned[self.baseline_at(when[1])]
        for by, loser in sorted({(a, b) for a, b in zip(mine.tolist(), theirs.tolist(), strict=True) if a != b}):
            moved = (mine == by) & (theirs == loser)
            yield by, loser, int(moved.sum()), len(np.unique(self.bills["facility"][moved]))


def payers(scenario: Scenario) -> "list[Table | str]":
    """Who pays whom, a table for every set of arms and dates that share it; what each reform took from which rule; who
    insures whom; and who belongs to alliances and has settlements."""
    found = Payers(scenario)
    shown: list[Table | str] = []
    for title, whens in _alike(found, lambda when: found.owned[when].tobytes()):
        shown += [say("report.payers", arms=title), _payment(found, whens[0])]
    for when in found.states:
        for by, loser, bills, facilities in found.taken(when) if when[0] != "baseline" else ():
            words = {"arm": _name(when[0]), "month": when[1], "by": by, "loser": loser}
            shown.append(say("report.taken", bills=f"{bills:,}", facilities=facilities, **words))
    for title, whens in _alike(found, lambda when: repr(insured(found.states[when].rules))):
        shown += [
            say("report.plans", arms=title),
            _table(("name", "kind", "details"), insured(found.states[whens[0]].rules)),
        ]
    for title, whens in _alike(found, lambda when: repr(_others(found, when))):
        rows = _others(found, whens[0])
        if rows:
            columns = ("name", "kind", "details", "facilities")
            shown += [say("report.overlays", arms=title), _table(columns, rows)]
    return shown


def unfit(scenario: Scenario) -> list[str]:
    """Overrides of the scenario that do not fit it, with the first mistake of each."""
    from simulator.scenario import load

    mistakes = []
    for name in scenario.overrides:
        try:
            load(scenario.file, with_=[name])
        except UserError as error:
            mistakes.append(say("check_override", file=scenario.file, name=name, mistake=error.all[0]))
    return mistakes


def _alike(found: Payers, key: Any) -> Iterator[tuple[str, list[When]]]:
    """Arms and dates that share something, and a title that names them."""
    shared: dict[Any, list[When]] = {}
    for when in found.states:
        shared.setdefault(key(when), []).append(when)
    for whens in shared.values():
        months: dict[str, list[str]] = {}
        for arm, month in whens:
            months.setdefault(arm, []).append(month)
        yield ", ".join(say("report.arm_from", arm=_name(a), months=", ".join(m)) for a, m in months.items()), whens


def _name(arm: str) -> str:
    return word("arm", arm)


def _payment(found: Payers, when: When) -> "Table":
    plans = list(found.states[when].rules.basic)
    bills: Counter[tuple[str, int, int, int]] = Counter()
    places: dict[tuple[str, int, int, int], set[int]] = {}
    columns = found.bills[["tier", "care", "plan", "facility"]].tolist()
    for rule, (tier, care, of, facility) in zip(found.owned[when].tolist(), columns, strict=True):
        bills[rule, tier, care, of] += 1
        places.setdefault((rule, tier, care, of), set()).add(facility)
    rows = []
    for key in sorted(bills):
        rule, tier, care, of = key
        words = (word("tier", TIERS[tier]), word("care", CARE[care]), word("plan", plans[of]))
        rows.append((rule, *words, f"{bills[key]:,}", str(len(places[key]))))
    return _table(("rule", "tier", "care", "plan", "bills", "facilities"), rows)


def _others(found: Payers, when: When) -> list[tuple[str, str, str, str]]:
    """Alliances and settlements: name, kind, what there is to say, and at how many facilities."""
    rules = found.states[when].rules
    rows = []
    for name, alliance in rules.alliances.items():
        tiers = Counter(found.facilities[row][1] for row in found.members[when][name])
        belong = ", ".join(f"{tiers[tier]} {word('tier', tier)}" for tier in TIERS if tier in tiers)
        lead = say("report.lead", lead=alliance.lead, members=belong, tightness=f"{alliance.tightness:g}")
        rows.append((name, alliance.form, lead, str(len(found.members[when][name]))))
    for name, mine in found.settled[when].items():
        rule = type(rules.settlements[name].rule)
        between = say("report.between", accounts=", ".join(rule.accounts))
        rows.append((name, rule.__module__.rpartition(".")[2], between, str(int(mine.sum()))))
    return rows


NUMBERS = ("bills", "facilities")


def _table(columns: tuple[str, ...], rows: list[Any]) -> "Table":
    from rich.table import Table

    made = Table(box=None, pad_edge=False)
    for column in columns:
        made.add_column(say(f"report.{column}"), justify="right" if column in NUMBERS else "left")
    for row in rows:
        made.add_row(*row)
    return made
