"""Begin the folder of a study, or open one that was begun: the same study, by the same version of the program."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from simulator.core.errors import UserError
from simulator.core.jit import PACKAGE
from simulator.core.messages import say
from simulator.study.manifest import made_with, now
from simulator.study.sweep.frozen import freeze, same_as_asked, thaw
from simulator.study.sweep.store import MANIFEST, TASKS, Store, unwritable
from simulator.study.sweep.tasks import Tasks, code

LOCK_FILE = "requirements.lock"


def open_or_begin(tasks: Tasks, folder: str | Path, command: Sequence[str] | None = None) -> Store:
    """The folder of a study, begun where it is new or empty.

    Raises:
        UserError: it is in use by something else or another study, or nothing can be written there.
    """
    store = Store(folder)
    if (store.folder / MANIFEST).is_file():
        check_code(store)
        same_as_asked(tasks, store)
        return store
    if store.folder.exists() and (not store.folder.is_dir() or _foreign(store.folder)):
        raise UserError(say("study.out_used", folder=folder))
    try:
        (store.folder / TASKS).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(store.folder, error) from error
    freeze(tasks, store)
    store.write_manifest(_manifest(tasks, command))  # the last, so that what has one is whole
    if thaw(store.folder).common != tasks.common:
        raise RuntimeError("a frozen study is not the one that was asked for")
    return store


def _foreign(folder: Path) -> bool:
    """Whether something lies there that is not the beginning of a study whose driver was killed."""
    return not {each.name for each in folder.iterdir()} <= {TASKS, "study", "points.parquet"}


def _manifest(tasks: Tasks, command: Sequence[str] | None) -> dict[str, Any]:
    spec = tasks.study.specification
    lock = PACKAGE.parent / LOCK_FILE
    return {
        "study": tasks.study.name,
        "title": spec.title.model_dump(),
        "question": spec.question.model_dump(),
        "scenario": spec.scenario,
        "file": tasks.study.file.name,
        "digest": tasks.common,
        "points": len(tasks.points),
        "replications": tasks.replications,
        "seed": spec.design.seed,
        "model": tasks.model,
        "command": list(command) if command else None,
        **made_with(),
        **code(),
        "lock_hash": hashlib.sha256(lock.read_bytes()).hexdigest()[:16] if lock.is_file() else None,
        "begun": now().isoformat(),
    }


def check_code(store: Store) -> None:
    """Raise UserError where the program has changed since the study began: results would not belong together."""
    manifest = store.manifest()
    present = code()
    if any(manifest[name] != value for name, value in present.items()):
        commit = manifest.get("commit") or manifest["versions"]["tiercare"]
        raise UserError(
            say(
                "sweep.other_code",
                folder=store.folder,
                commit=commit,
                old=manifest["source_hash"],
                new=present["source_hash"],
            )
        )


def check_model(folder: str | Path, wanted: str | None) -> None:
    """Raise UserError where a study runs another model than the program's own and ``wanted`` does not name it.

    Its folder says which module that is, so that whoever can write there would choose what code is run.
    """
    model = Store(folder).manifest()["model"]
    if model != wanted:
        raise UserError(say("sweep.other_model" if model else "sweep.own_model", model=model, wanted=wanted))


def expand(folder: str | Path, more: int) -> Tasks:
    """Ask for so many more replications at every point; the tasks there are then."""
    store = Store(folder)
    manifest = store.manifest()
    check_code(store)
    store.write_manifest({**manifest, "replications": manifest["replications"] + more})
    return thaw(folder)
