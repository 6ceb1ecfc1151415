"""What two runs differ in: scenario, version and circumstances, results."""

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from simulator.study.results import Results
from simulator.study.run_tables import SHAPE

KEYS = ["arm", "indicator", *(column.name for column in SHAPE)]
CIRCUMSTANCES = ("seed", "engine", "families", "commit", "source_hash", "data_hash")
"""Entries of a manifest beside the scenario on which results depend."""
NONE = "–"


class Unlike(NamedTuple):
    """A value that differs: where, what it is in the one run and in the other."""

    where: str
    one: str
    other: str


class Moved(NamedTuple):
    """A figure of the summary that differs: its row, both means, whether their intervals lie apart."""

    key: tuple[str, ...]
    one: float
    other: float
    apart: bool


def leaves(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """(path, value) of everything in a scenario as resolved.

    >>> list(leaves({"a": {"b": 1}, "c": [1, 2]}))
    [('a.b', '1'), ('c', '[1, 2]')]
    """
    if isinstance(node, Mapping) and node:
        for key, below in node.items():
            yield from leaves(below, f"{path}.{key}".strip("."))
    else:
        yield path, str(node)


def scenarios(one: Results, other: Results) -> list[Unlike]:
    """Values of the scenarios that differ, in the order of the first."""
    first, second = (dict(leaves(each.manifest["scenario"]["resolved"])) for each in (one, other))
    return [
        Unlike(path, first.get(path, NONE), second.get(path, NONE))
        for path in {**first, **second}
        if first.get(path) != second.get(path)
    ]


def circumstances(one: Results, other: Results) -> list[Unlike]:
    """Seed, families, versions and what was run, where they differ."""
    found = []
    for name in CIRCUMSTANCES:
        pair = [str(each.manifest.get(name) or NONE) for each in (one, other)]
        found += [Unlike(name, *pair)] if pair[0] != pair[1] else []
    for name in sorted({*one.manifest["versions"], *other.manifest["versions"]}):
        pair = [str(each.manifest["versions"].get(name, NONE)) for each in (one, other)]
        found += [Unlike(name, *pair)] if pair[0] != pair[1] else []
    runs = [", ".join(f"{arm} × {len(n)}" for arm, n in each.manifest["finished"].items()) for each in (one, other)]
    return [*found, Unlike("arms", *runs)] if runs[0] != runs[1] else found


def results(one: Results, other: Results) -> list[Moved]:
    """Figures of the summary that both runs have and that differ, those first whose intervals lie apart."""
    both = one.summary.merge(other.summary, on=KEYS, suffixes=("_one", "_other"))
    moved = []
    for row in both.to_dict("records"):
        if math.isclose(row["mean_one"], row["mean_other"], rel_tol=1e-9, abs_tol=1e-12):
            continue
        apart = row["low_one"] > row["high_other"] or row["high_one"] < row["low_other"]
        moved.append(Moved(tuple(row[key] for key in KEYS), row["mean_one"], row["mean_other"], bool(apart)))
    return sorted(moved, key=lambda each: (not each.apart, each.key))
