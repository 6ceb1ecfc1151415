"""Kill a run at each of its file operations, and let it go on: ``python -m experiments.faults.every_write``.

An operation is whatever Python tells its audit hooks of opening for writing, renaming, making, linking and removing in
the folder of the run. Before the n-th of them the process is killed with signal 9; the same run is then asked for once
more, and must end with the tables of one that nobody killed, byte for byte, and with nothing else beside them.

Exit code 0: so it was every time. See question.md.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from simulator.scenario import load
from simulator.study.results import Results
from simulator.study.run import run
from simulator.study.seal import TABLES, damages

COUNTY = "network={form: county, townships: 1, villages: 1, tertiary_outside: 1}"
CHEAPER = "{cheaper: {for: {tiers: primary}, rule: list_prices, drugs: -10%, tests: -10%, labour: -10%}}"
REFORM = f"reforms.cheap={{title: {{en: Cheap, zh: 便宜}}, timeline: {{2023-01: {{settlements: {CHEAPER}}}}}}}"
CHANGES = ("time.warm_up=1 months", COUNTY, REFORM)
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGING = ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate", "shutil.move")


class Outcome(NamedTuple):
    """What came of a kill before an operation: "" if all is well, else what is wrong."""

    operation: int
    what: str
    wrong: str


def _changing(folder: Path, event: str, arguments: tuple) -> bool:
    """Whether an audited event writes below or beside ``folder``."""
    if event == "open":
        path, _, flags = arguments
        if not isinstance(flags, int) or not flags & WRITES:
            return False
    elif event in CHANGING:
        path = arguments[0]
    else:
        return False
    return isinstance(path, str | os.PathLike) and str(path).startswith(str(folder))


def in_child(work: Callable[[], None]) -> int:
    """Do it in a copy of this process; its exit code, or minus the signal that ended it."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def whole_run(folder: Path) -> None:
    """A small run of two arms and two replications, here and on one thread."""
    scenario = load("base", changes=CHANGES, families=30, months=2)
    run(scenario, replications=2, seed=5, threads=1, workers=1, out=folder / "run")


def killed_run(folder: Path, at: int, log: Path) -> None:
    """The same, killed before operation number ``at``, from 1; 0: at none. Operations are noted in ``log``."""
    seen = 0
    notes = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def hook(event: str, arguments: tuple) -> None:
        nonlocal seen
        if _changing(folder, event, arguments):
            seen += 1
            os.write(notes, f"{event} {Path(str(arguments[0])).name}\n".encode())
            if seen == at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    whole_run(folder)


def tables(folder: Path) -> dict[str, str]:
    """Hashes of the tables of a finished run by file."""
    return Results.open(folder / "run").manifest[TABLES]


def tried(at: int, wanted: dict[str, str]) -> Outcome:
    """Kill at one operation and go on."""
    folder = Path(tempfile.mkdtemp(prefix="every-write-"))
    try:
        place, log = folder / "place", folder / "operations"
        place.mkdir()
        ended = in_child(lambda: killed_run(place, at, log))
        what = log.read_text().splitlines()[-1]
        if ended != -signal.SIGKILL:
            return Outcome(at, what, f"was not killed but ended with {ended}")
        if (place / "run").exists() and damages(place / "run", Results.open(place / "run").manifest):
            return Outcome(at, what, "half a run stands there as a whole one")
        if not (place / "run").exists() and (ended := in_child(lambda: whole_run(place))):
            return Outcome(at, what, f"does not go on: {ended}")
        # the lock of a process that is gone locks nothing, and is taken away by the next run into the folder
        left = sorted(each.name for each in place.iterdir() if each.name not in ("run", ".run.lock"))
        if left:
            return Outcome(at, what, f"leaves {', '.join(left)}")
        return Outcome(at, what, "" if tables(place) == wanted else "ends with other tables")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def operations() -> tuple[int, dict[str, str]]:
    """How many operations an undisturbed run has, and its tables."""
    folder = Path(tempfile.mkdtemp(prefix="every-write-"))
    try:
        place, log = folder / "place", folder / "operations"
        place.mkdir()
        whole_run(folder)  # not in that place: it imports and compiles what copies of this process then have
        if in_child(lambda: killed_run(place, 0, log)):
            raise RuntimeError("a run that nobody disturbs fails")
        return len(log.read_text().splitlines()), tables(place)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def outcomes(every: int = 1) -> Iterable[Outcome]:
    """Try each ``every``-th operation."""
    count, wanted = operations()
    for at in range(1, count + 1, every):
        yield tried(at, wanted)


def main() -> int:
    """Try, tell, and count what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="only each so many-th operation")
    found = list(outcomes(parser.parse_args().every))
    wrong = [each for each in found if each.wrong]
    for each in wrong:
        print(f"operation {each.operation} ({each.what}): {each.wrong}")
    print(f"killed at {len(found)} operations: {len(found) - len(wrong)} ended as if nothing had happened")
    return min(1, len(wrong))


if __name__ == "__main__":
    raise SystemExit(main())
