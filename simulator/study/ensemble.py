"""The ensemble that comes with a set of behavioural parameters: many sets that the targets do not tell apart.

Replication r of a run takes set r, the same in every arm; sets lie in an order whose every beginning stands for all.
What a scenario says itself comes on top: its own `behaviour.parameters`, and prices and stays that are not those of the
scenario which the sets were fitted for. Made by `tiercare calibrate` (docs/ensemble.md).
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from simulator.core.behaviour import FOLDER
from simulator.core.errors import Place
from simulator.scenario.language.packaged import scenarios_folder
from simulator.study.manifest import scenario_of
from simulator.study.parameter_table import ParameterTable, read_table
from simulator.study.parameters import Parameters, laid, parameters_of

ENSEMBLE, ONE = "ensemble", "one"
"""Words for the ensemble, and for the one set of the folder, in the place of a table."""
SETS = "sets.csv"
WEIGHT = "weight"
"""Column that is no path: all sets are equally likely."""
FITTED = "base.yaml"
"""Packaged scenario whose prices and stays were fitted with behaviour."""
OF_BEHAVIOUR = "behaviour.parameters."


class Ensemble(NamedTuple):
    """Its name, which holds a hash of its values, and its sets."""

    name: str
    table: ParameterTable


@cache
def ensemble_of(behaviour: str) -> Ensemble | None:
    """The ensemble of a set of behavioural parameters, None where it has none."""
    file = FOLDER / behaviour / ENSEMBLE / SETS
    if not file.is_file():
        return None
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:8]
    return Ensemble(f"{ENSEMBLE} {behaviour} {digest}", read_table(file.name, file.parent, Place(str(file), 1, 1), ""))


def sets_for(scenario: Any, replications: int) -> Parameters | None:
    """A set for each replication, from the first on, laid over a scenario as far as it says nothing itself; None where
    its behaviour has no ensemble."""
    found = ensemble_of(scenario.behaviour.set)
    if found is None:
        return None
    name, table = found
    columns = [n for n, path in enumerate(table.columns) if path != WEIGHT and leaves(scenario, path)]
    rows = [table.rows[number % len(table.rows)] for number in range(replications)]
    return laid(
        scenario, name, tuple(table.columns[n] for n in columns), tuple(tuple(row[n] for n in columns) for row in rows)
    )


def chosen(word: str | None, scenario: Any, replications: int | None, default: int) -> Parameters | None:
    """What `--parameters` asks for: by default the ensemble, `one` for none, or the rows of a table.

    Args:
        word: what was asked for.
        scenario: from ``load``.
        replications: how many were asked for; of a table by default all rows.
        default: how many otherwise.

    Raises:
        UserError: the table cannot be read, has fewer rows, or says what the scenario refuses.
    """
    if word == ONE:
        return None
    if word in (None, ENSEMBLE):
        return sets_for(scenario, default if replications is None else replications)
    return parameters_of(Path(str(word)), scenario, replications)


def with_set(scenario: Any, changes: Sequence[str]) -> Any:
    """A scenario with a set of parameters, rows of `path=value`, laid over it as far as it says nothing itself."""
    manifest = {"scenario": {"name": scenario.name, "resolved": scenario.resolved()}}
    return scenario_of(manifest, [each for each in changes if leaves(scenario, each.partition("=")[0])])


def leaves(scenario: Any, path: str) -> bool:
    """Whether a scenario leaves the value at a path to a set of parameters: it says none, or has that of the base."""
    if path.startswith(OF_BEHAVIOUR):
        return path.removeprefix(OF_BEHAVIOUR) not in scenario.behaviour.parameters
    origin = scenario.origins.get(path)
    return origin is not None and Path(origin.file).resolve() == (scenarios_folder() / FITTED).resolve()
