"""One task of a study once more, with all its tables; and the tasks of several folders brought into one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from simulator.core.errors import UserError
from simulator.core.messages import say
from simulator.scenario.language.csv_tables import without_name
from simulator.scenario.language.merge import plain
from simulator.scenario.language.strict_yaml import written
from simulator.study.folder import place_of, write_part
from simulator.study.sweep.begin import check_code, open_or_begin
from simulator.study.sweep.outcomes import outcomes_of
from simulator.study.sweep.store import Damaged, Store, unwritable, write_whole
from simulator.study.sweep.study_results import Sweep
from simulator.study.sweep.tasks import ENGINE, Cell
from simulator.study.sweep.work import Work
from simulator.study.workers import Job, live


class Again(NamedTuple):
    """What a repeated task gave, beside what was kept of it; None where it had failed."""

    cell: Cell
    values: dict[str, dict[str, float | None]]
    kept: dict[str, dict[str, float | None]] | None

    @property
    def same(self) -> bool:
        """Whether both are the same to the last bit."""
        return self.values == self.kept


def rerun(folder: str | Path, name: str, out: str | Path) -> Again:
    """Run one task again in this process, and keep its scenario and the tables of each of its arms in ``out``.

    Args:
        folder: of the study.
        name: of the task, or its beginning.
        out: a new or an empty folder.

    Raises:
        UserError: there is no such task, the program is another version, or ``out`` cannot be used.
        UnitFailed: it fails, as it did.
    """
    sweep, to = Sweep(folder), Path(out)
    check_code(sweep.store)
    cell = sweep.task(name)
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise UserError(say("study.out_used", folder=to))
    whole = sweep.study.laid(cell.values)
    text = written(plain(without_name(whole.tree)))
    try:
        write_whole(to / "scenario.yaml", text.encode())
    except OSError as error:
        raise unwritable(to, error) from error
    spec = sweep.study.specification
    values: dict[str, dict[str, float | None]] = {}

    def keep(arm: str, model: Any) -> None:
        frames = model.frames()
        values[arm] = outcomes_of(spec.outcomes, frames["monthly"])
        write_part(place_of(to, (arm, cell.replication)), (arm, cell.replication), frames)

    job = Job(cell.replication, spec.arms, 1, cell)
    model = Work(sweep.folder, sweep.tasks.model).model_class
    live(model, whole.scenario(), spec.design.seed, ENGINE, job, keep, lambda *progress: None)
    values = {arm: values[arm] for arm in spec.arms}
    try:
        kept = sweep.store.result(cell.key)
    except Damaged:
        kept = None
    return Again(cell, values, kept.values if kept else None)


def merge(into: str | Path, parts: list[Path], warn: Callable[[str], None]) -> int:
    """Bring the results of other folders of the same study, such as shards run apart, into one; how many were new.

    Damaged results are named and left out.

    Raises:
        UserError: a folder is not of this study, or nothing can be written.
    """
    new = 0
    store: Store | None = None
    for part in parts:
        other = Sweep(part)
        store = open_or_begin(other.tasks, into)
        for key in other.store.results():
            try:
                result = other.store.result(key)
            except Damaged:
                warn(say("sweep.damaged_left", task=key, folder=part))
                continue
            if result is not None and not store.file(key).is_file():
                store.keep(result)
                store.forgive(key)
                new += 1
    return new
