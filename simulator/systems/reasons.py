"""Why a mechanism is suspected not to show: `docs/systems_reasons.yaml`, written after a run, beside what it found.

Rows and mechanisms have the names of the register, and each reason is in both languages. One for a mechanism that was
shown is refused, so that a reason goes with the miss that it is for; misses without one are counted on the page.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from simulator.core.errors import UserError, UserErrors, near
from simulator.core.fields import Both
from simulator.core.messages import say
from simulator.problems.book import said
from simulator.scenario.language.packaged import shown
from simulator.scenario.language.strict_yaml import Map, read_file
from simulator.scenario.schema.mistakes import below, located
from simulator.systems.register import System

FILE = "systems_reasons.yaml"

type Reasons = dict[tuple[str, str], Both]
"""By row and mechanism."""


def read_reasons(file: Path, rows: Mapping[str, System], found_shown: set[tuple[str, str]]) -> Reasons:
    """Every reason of a file. ``found_shown`` are rows and mechanisms that a run has shown. Raises UserErrors for a row
    or a mechanism that there is none of, or that was shown."""
    found: Reasons = {}
    wrong: list[UserError] = []
    for system, code, node in _entries(read_file(file, shown(file)), rows, wrong):
        try:
            found[system, code] = Both.model_validate(said(node))
        except ValidationError as error:
            wrong += below(f"{system}.{code}", located(error, node, Both))
        if (system, code) in found_shown:
            wrong.append(UserError.at(node.place, f"{system}.{code}", say("system_reason_of_shown")))
    if wrong:
        raise UserErrors(wrong)
    return found


def _entries(tree: Map, rows: Mapping[str, System], wrong: list[UserError]) -> Iterator[tuple[str, str, Map]]:
    """Row, mechanism and block of each reason about something that is carried; what is not goes to ``wrong``."""
    for system, block in tree.items.items():
        if system not in rows:
            text = say("system_none", name=system) + near(system, rows)
            wrong.append(UserError.at(tree.keys[system], system, text))
            continue
        if not isinstance(block, Map):
            wrong.append(UserError.at(block.place, system, say("system_block")))
            continue
        for code, node in block.items.items():
            path, carried = f"{system}.{code}", rows[system].carried
            if code not in carried:
                text = say("system_no_mechanism", name=code, row=system) + near(code, carried)
                wrong.append(UserError.at(block.keys[code], path, text))
            elif not isinstance(node, Map):
                wrong.append(UserError.at(node.place, path, say("system_block")))
            else:
                yield system, code, node
