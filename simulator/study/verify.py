"""Whether a run made again, on this machine and by this program, gives the same tables."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from simulator.core.errors import UserError
from simulator.core.messages import say
from simulator.study.manifest import scenario_of
from simulator.study.results import Results
from simulator.study.run import Progress, asked_of, run


@dataclass(frozen=True, slots=True)
class Other:
    """A table that came out otherwise."""

    table: str
    rows: int
    """Rows that differ; of two tables of different length, by how many these differ."""
    of_rows: int
    """Rows of the table that is there."""
    columns: tuple[str, ...]
    """Columns in which they differ."""


def made_again(
    results: Results, threads: int | None = None, progress: Callable[[Progress], None] | None = None
) -> list[Other]:
    """Run everything again in a folder beside the run, which goes afterwards, and compare value by value.

    Args:
        results: of a run that came to its end.
        threads: cores to use, by default all.
        progress: called from time to time.

    Raises:
        UserError: the run is not finished, lays several runs side by side, or was one of another model.
    """
    manifest = results.manifest
    for trouble, there in (
        ("study.unfinished", not results.complete),
        ("verify.comparison", "beside" in manifest),
        ("verify.own_model", manifest["model"] is not None),
    ):
        if there:
            raise UserError(say(trouble, folder=results.folder, model=manifest["model"]))
    scenario = scenario_of(manifest)
    with tempfile.TemporaryDirectory(prefix=f".{results.folder.name}.", dir=results.folder.absolute().parent) as place:
        rerun = run(
            scenario, **asked_of(manifest, scenario), out=Path(place) / "run", threads=threads, progress=progress
        )
        found = [_compared(name, results, rerun) for name in results.tables]
    return [other for other in found if other is not None]


def _compared(name: str, results: Results, rerun: Results) -> Other | None:
    """How a table of two runs differs; None where it does not."""
    here, there = (getattr(each, name) for each in (results, rerun))
    columns = tuple(dict.fromkeys([*here.columns, *there.columns]))
    if len(here) != len(there):
        return Other(name, abs(len(here) - len(there)), len(here), ())
    differ = [c for c in columns if c not in here or c not in there or not here[c].equals(there[c])]
    if not differ:
        return None
    both = [c for c in differ if c in here and c in there]
    unequal = (here[both] != there[both]) & ~(here[both].isna() & there[both].isna())
    return Other(name, int(unequal.any(axis=1).sum()) if both else len(here), len(here), tuple(differ))
