"""Names of folders for studies."""

from pathlib import Path

from simulator.core.naming import as_folder
from simulator.study.manifest import now
from simulator.study.sweep.tasks import Tasks


def new_folder(tasks: Tasks) -> Path:
    """A folder that is not there yet: study, time of the start, and a hash of what is asked."""
    stamp = now().isoformat().replace("-", "").replace(":", "").replace("+0000", "Z")
    base = Path("results") / as_folder(tasks.study.name) / f"{stamp}-{tasks.common[:6]}"
    names = (base.with_name(f"{base.name}{suffix}") for suffix in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(name for name in names if not name.exists())
