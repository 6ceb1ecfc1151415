"""Scopes: which rule pays which bills. One owner per cell; order in the file and specificity never matter."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from simulator.core.errors import Place, UserError, UserErrors, near
from simulator.core.messages import say
from simulator.core.names import CARE, CONTINUED, INPATIENT, OUTPATIENT, TIERS
from simulator.core.naming import RANGE
from simulator.scenario.schema.plans import heads
from simulator.scenario.schema.rules import ALL, Payment, Rules, Scope, Settlement
from simulator.scenario.schema.scenario import Scenario
from simulator.services import services

SETTINGS = {"outpatient": (OUTPATIENT,), "inpatient": (INPATIENT, CONTINUED)}
"""Codes in the books that a scope's word for the setting of care stands for."""


def named(names: Sequence[str], facilities: Sequence[str]) -> Iterator[str]:
    """The facilities that names and ranges such as `centre_1 to centre_8` stand for.

    Raises ValueError for one that the network has not.
    """
    for name in names:
        m = RANGE.fullmatch(name)
        ranged = m and m[1] == m[3] and int(m[2]) <= int(m[4])
        for each in [f"{m[1]}{i}" for i in range(int(m[2]), int(m[4]) + 1)] if ranged else [name]:
            if each not in facilities:
                raise ValueError(say("scope_no_facility", name=each) + near(each, facilities))
            yield each


type Members = Mapping[str, np.ndarray]
"""Rows of facilities by alliance, and by area under the key `IN_AREA`."""
IN_AREA = "area: {}"


def covers(
    scope: Scope, scenario: Scenario, rules: Rules, cells: np.ndarray, facilities: Sequence[str], members: Members
) -> np.ndarray:
    """Which cells a scope includes, bool (C,)."""
    inside = np.ones(len(cells), bool)
    codes = {
        "tier": scope.tiers and [TIERS.index(tier) for tier in scope.tiers],
        "care": scope.care and [code for word in scope.care for code in SETTINGS[word]],
        "group": scope.groups and [scenario.illness.groups.index(group) for group in scope.groups],
        "plan": scope.plans and [i for i, head in enumerate(heads(rules.basic).values()) if head in scope.plans],
        "facility": scope.facilities and [facilities.index(name) for name in named(scope.facilities, facilities)],
    }
    for column, allowed in codes.items():
        if allowed is not None:
            inside &= np.isin(cells[column], allowed)
    if scope.alliances is not None:
        inside &= np.isin(cells["facility"], np.concatenate([members[name] for name in scope.alliances]))
    if scope.areas is not None:
        inside &= np.isin(cells["facility"], np.concatenate([members[IN_AREA.format(name)] for name in scope.areas]))
    return inside


def included(
    block: Payment | Settlement,
    scenario: Scenario,
    rules: Rules,
    cells: np.ndarray,
    facilities: Sequence[str],
    members: Members | None = None,
) -> np.ndarray:
    """Which cells a block is for: its `for` without its `except`, bool (C,). All for `all` and `rest`.

    ``members`` are those of `alliances.members_of`; only scopes that speak of alliances need them. Raises UserError,
    without a file, for a facility that is not there.
    """
    inside = np.ones(len(cells), bool)
    for word, scope in (("for", block.scope), ("except", block.except_)):
        if isinstance(scope, Scope):
            try:
                covered = covers(scope, scenario, rules, cells, facilities, members or {})
            except ValueError as e:
                raise UserError(str(e), path=f"{word}.facilities") from e
            inside &= covered if word == "for" else ~covered
    return inside


type Written = Callable[[str], tuple[Place, str]]
"""Dotted path below the rules in force -> where it was written, and its path there."""


def owners(
    rules: Rules,
    scenario: Scenario,
    cells: np.ndarray,
    facilities: Sequence[tuple[str, str]],
    members: Members | None = None,
    written: Written | None = None,
) -> np.ndarray:
    """Which rule of ``rules.payment``, by position, pays each cell, int64 (C,).

    ``facilities`` are (name, tier) by their row in ``cells``, ``members`` as for `included`; ``written`` finds the
    places for errors (the start of the baseline by default). Raises UserErrors for cells with two owners or none, and
    for rules without a cell.
    """
    where = written or (lambda path: (scenario.place(f"baseline.{path}"), f"baseline.{path}"))
    blocks = list(rules.payment.items())
    names = [name for name, _ in facilities]
    rests = [i for i, (_, block) in enumerate(blocks) if block.scope == "rest"]

    def in_order(rules: list[str]) -> list[tuple[tuple[Place, str], str]]:
        """Where rules were written, and their names: what the user's own file and changes say comes last."""

        def key(at: tuple[tuple[Place, str], str]) -> tuple[bool, bool, int, int]:
            place = at[0][0]
            return place.line is None, place.file == scenario.file, place.line or 0, place.column or 0

        return sorted(((where(f"payment.{name}"), name) for name in rules), key=key)

    if len(rests) > 1:
        (first, other), (second, _) = in_order([blocks[i][0] for i in rests[:2]])
        raise UserError.at(*second, say("scope_two_rests", other=other, place=line_of(first[0])))
    inside = np.zeros((len(blocks), len(cells)), bool)
    for i, (name, block) in enumerate(blocks):
        try:
            inside[i] = included(block, scenario, rules, cells, names, members)
        except UserError as e:
            raise UserError.at(*where(f"payment.{name}.{e.path}"), e.message) from e
    others = np.ones(len(blocks), bool)
    others[rests] = False
    taken, takes = _taken(blocks, inside, others)
    both = taken & takes
    if both.any():
        cell = int(np.flatnonzero(both.any(0))[0])
        (_, other), (_, name) = in_order([blocks[i][0] for i in np.flatnonzero(both[:, cell])[:2]])
        raise UserError.at(*where(f"payment.{name}.takes_from"), say("scope_each_other", other=other))
    left = inside & ~taken
    claims = left[others].sum(0)
    for i in rests:
        left[i] &= claims == 0

    def bill(cell: int) -> str:
        row = cells[cell]
        return say(
            "scope_bill",
            care=CARE[row["care"]],
            group=scenario.illness.groups[row["group"]],
            plan=list(rules.basic)[row["plan"]],
            facility=names[row["facility"]],
        )

    errors = []
    if (claims > 1).any():
        pairs = {tuple(np.flatnonzero(left[:, cell])[:2].tolist()) for cell in np.flatnonzero(claims > 1)}
        for pair in sorted(pairs):
            cell = int(np.flatnonzero(left[pair[0]] & left[pair[1]])[0])
            (first, other), (second, _) = in_order([blocks[i][0] for i in pair])
            text = say("scope_overlap", other=other, place=line_of(first[0]), bill=bill(cell))
            errors.append(UserError.at(*second, text))
    elif not left.any(0).all():
        cell = int(np.flatnonzero(~left.any(0))[0])
        errors.append(UserError.at(*where("payment"), say("scope_nobody", bill=bill(cell))))
    else:
        named_losers = {word for _, block in blocks for word in block.takes_from}
        idle = [name for i, (name, _) in enumerate(blocks) if not left[i].any() and not named_losers & {name, ALL}]
        errors += [UserError.at(*where(f"payment.{name}"), say("scope_nothing")) for name in idle]
    if errors:
        raise UserErrors(errors)
    return left.argmax(0).astype(np.int64)


def _taken(blocks: list[tuple[str, Payment]], inside: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cells that each rule loses to one that takes over from it, and those that it takes itself, bool (R, C) each."""
    taken, takes = np.zeros_like(inside), np.zeros_like(inside)
    for i, (name, block) in enumerate(blocks):
        losers = [
            j
            for j, (other, _) in enumerate(blocks)
            if others[j] and other != name and not {other, ALL}.isdisjoint(block.takes_from)
        ]
        for j in losers:
            taken[j] |= inside[i] & inside[j]
            takes[i] |= inside[i] & inside[j]
    return taken, takes


def settled(
    rules: Rules,
    scenario: Scenario,
    cells: np.ndarray,
    facilities: Sequence[tuple[str, str]],
    members: Members | None = None,
) -> dict[str, np.ndarray]:
    """Which facilities each settlement is for, bool (F,) by name; parameters as for `owners`.

    Raises UserError, without a file, for a facility that is not there and for a settlement without one.
    """
    names = [name for name, _ in facilities]
    found = {}
    for name, block in rules.settlements.items():
        try:
            inside = included(block, scenario, rules, cells, names, members)
        except UserError as e:
            raise UserError(e.message, path=f"settlements.{name}.{e.path}") from None
        mine = np.zeros(len(names), bool)
        mine[cells["facility"][inside]] = True
        if not mine.any():
            raise UserError(say("scope_settles_nothing"), path=f"settlements.{name}")
        found[name] = mine
    return found


def served(
    rules: Rules, scenario: Scenario, facilities: Sequence[tuple[str, str]], members: Members | None = None
) -> dict[str, np.ndarray]:
    """Which facilities each service is for that is not for all, bool (F,) by name; parameters as for `owners`.

    Raises UserError, without a file, for a facility that is not there and for a service without one.
    """
    names, rows = [name for name, _ in facilities], np.zeros(len(facilities), [("facility", "i8"), ("tier", "i8")])
    rows["facility"], rows["tier"] = range(len(names)), [TIERS.index(tier) for _, tier in facilities]
    found = {}
    for name, where in services.placed(rules.services):
        scope = Scope.model_validate(where.model_dump(exclude_unset=True))
        try:
            found[name] = covers(scope, scenario, rules, rows, names, members or {})
        except ValueError as e:
            raise UserError(str(e), path=f"services.{name}.for.facilities") from None
        if not found[name].any():
            raise UserError(say("scope_settles_nothing"), path=f"services.{name}")
    return found


def line_of(place: Place) -> str:
    """A place inside a sentence."""
    file = place.file.replace("\\", "/").rsplit("/", 1)[-1] if place.line else place.file
    return say("scope_line", file=file, line=place.line) if place.line else file
