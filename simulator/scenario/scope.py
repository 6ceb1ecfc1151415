"""Scopes: which rule pays which bills. One owner per cell; order in the file and specificity never matter."""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from simulator.core.errors import UserError, UserErrors, near
from simulator.core.messages import say
from simulator.core.names import CARE, CONTINUED, INPATIENT, OUTPATIENT, TIERS
from simulator.scenario.rules import Payment, Rules, Scope, Settlement
from simulator.scenario.schema import Scenario

SETTINGS = {"outpatient": (OUTPATIENT,), "inpatient": (INPATIENT, CONTINUED)}
"""Codes in the books that a scope's word for the setting of care stands for."""


def named(names: Sequence[str], facilities: Sequence[str]) -> Iterator[str]:
    """The facilities that names and ranges such as `centre_1 to centre_8` stand for.

    Raises ValueError for one that the network has not.
    """
    for name in names:
        m = re.fullmatch(r"(.+_)(\d+) to (.+_)(\d+)", name)
        ranged = m and m[1] == m[3] and int(m[2]) <= int(m[4])
        for each in [f"{m[1]}{i}" for i in range(int(m[2]), int(m[4]) + 1)] if ranged else [name]:
            if each not in facilities:
                raise ValueError(say("scope_no_facility", name=each) + near(each, facilities))
            yield each


def covers(scope: Scope, scenario: Scenario, rules: Rules, cells: np.ndarray, facilities: Sequence[str]) -> np.ndarray:
    """Which cells a scope includes, bool (C,)."""
    inside = np.ones(len(cells), bool)
    codes = {
        "tier": scope.tiers and [TIERS.index(tier) for tier in scope.tiers],
        "care": scope.care and [code for word in scope.care for code in SETTINGS[word]],
        "group": scope.groups and [scenario.illness.groups.index(group) for group in scope.groups],
        "plan": scope.plans and [list(rules.plans).index(plan) for plan in scope.plans],
        "facility": scope.facilities and [facilities.index(name) for name in named(scope.facilities, facilities)],
    }
    for column, allowed in codes.items():
        if allowed is not None:
            inside &= np.isin(cells[column], allowed)
    return inside


def included(
    block: Payment | Settlement, scenario: Scenario, rules: Rules, cells: np.ndarray, facilities: Sequence[str]
) -> np.ndarray:
    """Which cells a block is for: its `for` without its `except`, bool (C,). All for `all` and `rest`."""
    inside = np.ones(len(cells), bool)
    if isinstance(block.scope, Scope):
        inside = covers(block.scope, scenario, rules, cells, facilities)
    if block.except_ is not None:
        inside &= ~covers(block.except_, scenario, rules, cells, facilities)
    return inside


def owners(
    rules: Rules, scenario: Scenario, cells: np.ndarray, facilities: Sequence[tuple[str, str]], prefix: str = "baseline"
) -> np.ndarray:
    """The rule that pays each cell, as index into ``list(rules.payment)``, int64 (C,).

    ``cells`` are rows of the table of cells of the books, ``facilities`` (name, tier) of every facility in the order
    of their rows; ``prefix`` is where the rules stand in the scenario, for messages. Raises UserError for cells that
    nobody or more than one rule pays, and for rules that pay nothing.
    """
    names = [name for name, _ in facilities]
    blocks = list(rules.payment.items())
    where = {name: f"{prefix}.payment.{name}" for name, _ in blocks}
    rests = [i for i, (_, block) in enumerate(blocks) if block.scope == "rest"]
    if len(rests) > 1:
        first, second = (blocks[i][0] for i in rests[:2])
        text = say("scope_two_rests", other=first, place=_line(scenario, where[first]))
        raise UserError.at(scenario.place(where[second]), where[second], text)
    inside = np.zeros((len(blocks), len(cells)), bool)
    for i, (name, block) in enumerate(blocks):
        try:
            inside[i] = included(block, scenario, rules, cells, names)
        except ValueError as e:
            path = f"{where[name]}.for"
            raise UserError.at(scenario.place(f"{path}.facilities"), f"{path}.facilities", str(e)) from e
    others = np.ones(len(blocks), bool)
    others[rests] = False
    claims = inside[others].sum(0)
    for i in rests:
        inside[i] &= claims == 0

    def bill(cell: int) -> str:
        row = cells[cell]
        return say(
            "scope_bill",
            care=CARE[row["care"]],
            group=scenario.illness.groups[row["group"]],
            plan=list(rules.plans)[row["plan"]],
            facility=names[row["facility"]],
        )

    errors = []
    if (claims > 1).any():
        for first, second in sorted({_two(inside[:, cell]) for cell in np.flatnonzero(claims > 1)}):
            cell = int(np.flatnonzero(inside[first] & inside[second])[0])
            a, b = blocks[first][0], blocks[second][0]
            text = say("scope_overlap", other=a, place=_line(scenario, where[a]), bill=bill(cell))
            errors.append(UserError.at(scenario.place(where[b]), where[b], text))
    elif not inside.any(0).all():
        cell = int(np.flatnonzero(~inside.any(0))[0])
        path = f"{prefix}.payment"
        errors.append(UserError.at(scenario.place(path), path, say("scope_nobody", bill=bill(cell))))
    errors += [
        UserError.at(scenario.place(where[name]), where[name], say("scope_nothing"))
        for i, (name, _) in enumerate(blocks)
        if not inside[i].any() and not errors
    ]
    if errors:
        raise UserErrors(errors)
    return inside.argmax(0).astype(np.int64)


def _two(column: np.ndarray) -> tuple[int, int]:
    first, second = np.flatnonzero(column)[:2]
    return int(first), int(second)


def _line(scenario: Scenario, path: str) -> str:
    place = scenario.place(path)
    file = place.file.replace("\\", "/").rsplit("/", 1)[-1] if place.line else place.file
    return say("scope_line", file=file, line=place.line) if place.line else file
