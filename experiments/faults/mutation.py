"""Would the tests notice a mistake in the code? One sign of a room is changed at a time, and the tests near it run.

Signs are drawn at random from all that cosmic-ray can change, each sign with the same chance; what is drawn with a seed
is the beginning of what is drawn when more are wanted. Every mutant lives in a copy of the checkout, uncompiled
(TIERCARE_JIT=0), in a process of its own. Results are kept in results/mutation/ROOM.jsonl; who starts the script again
goes on. See question.md; what may be changed and which tests run is said in mutation.yaml.

    python -m experiments.faults.mutation --room payment --sample 60
    python -m experiments.faults.mutation --room payment --again      # survivors, against the tests as they are now
    python -m experiments.faults.mutation --list                      # figures, and who survived
"""

import argparse
import ast
import json
import math
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
KEPT = Path(os.environ.get("MUTATION_KEPT") or ROOT / "results" / "mutation")
RULES: Mapping[str, Any] = yaml.safe_load((HERE / "mutation.yaml").read_text(encoding="utf-8"))
COPIED = ("simulator", "tests", "scenarios", "experiments", "classroom", "docs", "pyproject.toml", "CHANGELOG.md")
ALIVE, KILLED, ENDLESS = "survived", "killed", "endless"


class Mutant(NamedTuple):
    """A file of a room with one sign changed."""

    file: str  # below simulator/
    line: int  # from 1
    column: int
    operator: str
    occurrence: int
    before: str  # the line
    after: str

    @property
    def key(self) -> str:
        """What stays while other lines of the file change."""
        return f"{self.file} | {self.before} | {self.after} | {self.column}"


def annotations(text: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """From where to where types are said: what is changed there fails when it is read, or never."""
    lines = text.splitlines()

    def place(line: int, byte: int) -> tuple[int, int]:
        return line, len(lines[line - 1].encode()[:byte].decode())

    said = []
    for node in ast.walk(ast.parse(text)):
        for name in ("annotation", "returns"):
            if (kind := getattr(node, name, None)) is not None:
                said.append(
                    (place(kind.lineno, kind.col_offset), place(kind.end_lineno or 0, kind.end_col_offset or 0))
                )
    return said


def places(file: Path) -> dict[tuple[int, int], list[tuple[str, int]]]:
    """Signs of a file that can be changed, by where they stand: operators, and the how manieth of theirs it is."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator, operator_names

    text = file.read_text(encoding="utf-8")
    tree, types = get_ast(text), annotations(text)
    wanted = [name for name in operator_names() if any(re.fullmatch(f"core/({o})", name) for o in RULES["operators"])]
    found: dict[tuple[int, int], list[tuple[str, int]]] = {}
    for name in wanted:
        operator = get_operator(name)()
        spots = (spot for node in ast_nodes(tree) for spot in operator.mutation_positions(node))
        for occurrence, (start, _) in enumerate(spots):
            if not any(first <= start < last for first, last in types):
                found.setdefault(start, []).append((name, occurrence))
    return found


def changed(text: str, operator: str, occurrence: int) -> str:
    """A file's text with one sign changed."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    return mutate_code(text, get_operator(operator)(), occurrence) or text


def drawn(room: str, seed: int, sample: int) -> list[Mutant]:
    """So many mutants of a room, each of another sign; of a larger sample they are the beginning."""
    draw, spots, found = random.Random(f"{seed} {room}"), [], []
    for file in sorted((ROOT / "simulator" / room).rglob("*.py")):
        if f"{room}/{file.name}" not in RULES["without"]:
            spots += [(file, start, draw.choice(every)) for start, every in sorted(places(file).items())]
    draw.shuffle(spots)
    for file, (_, column), (operator, occurrence) in spots:
        if len(found) == sample:
            break
        text = file.read_text(encoding="utf-8")
        before, after = text.splitlines(), changed(text, operator, occurrence).splitlines()
        row = next((k for k, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
        if row is not None:
            name = str(file.relative_to(ROOT / "simulator"))
            lines = before[row].strip(), after[row].strip()
            found.append(Mutant(name, row + 1, column, operator, occurrence, *lines))
    return found


class Tests:
    """A plugin of pytest: the nearest tests first, within a number of seconds, and each within one of its own.

    ``took`` has the seconds of those tests that are tried, empty for all. Then none is left out but those that take too
    long, and whoever fails does not end it.
    """

    def __init__(self, file: str, took: dict[str, float]):
        self.stem, self.took, self.first = Path(file).stem, took, not took
        self.ends = time.monotonic() + RULES["seconds"]
        self.late: set[str] = set()
        self.failed, self.ran = "", 0

    def pytest_sessionstart(self, session: Any) -> None:
        """Remember whom to stop."""
        self.session = session

    def pytest_collectreport(self, report: Any) -> None:
        """A mutant that cannot even be imported."""
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Those that name the file, then those of a file that does, then the quick ones."""
        texts: dict[Path, str] = {}
        word = re.compile(rf"\b{re.escape(self.stem)}\b")

        def rank(item: Any) -> tuple[int, float]:
            path = Path(item.fspath)
            text = texts.setdefault(path, path.read_text(encoding="utf-8"))
            nearness = 0 if word.search(item.nodeid) else 1 if word.search(text) else 2
            return nearness, self.took[item.nodeid]

        if not self.first:
            items[:] = sorted((item for item in items if item.nodeid in self.took), key=rank)

    def pytest_runtest_protocol(self, item: Any, nextitem: Any) -> None:
        """An alarm for a test that does not end."""
        signal.alarm(RULES["each"] if self.first else math.ceil(10 + 4 * self.took[item.nodeid]))

    def pytest_runtest_logreport(self, report: Any) -> None:
        """What failed, and how long it took."""
        if self.first:
            self.took[report.nodeid] = self.took.get(report.nodeid, 0.0) + report.duration
        self.ran += report.when == "call"
        if not report.failed:
            return
        if "Endless" in str(report.longrepr):
            self.late.add(report.nodeid)
        if not self.failed and not (self.first and report.nodeid in self.late):
            self.failed = report.nodeid

    def pytest_runtest_logfinish(self, nodeid: str, location: Any) -> None:
        """Whether there is time for another."""
        signal.alarm(0)
        if not self.first and time.monotonic() > self.ends:
            self.session.shouldstop = "time is over"

    def said(self) -> dict[str, Any]:
        """What came of it: the test that failed, whether it did not end, those that are quick enough."""
        quick = {name: took for name, took in self.took.items() if name not in self.late}
        return {"failed": self.failed, "endless": self.failed in self.late, "ran": self.ran, "took": quick}


class Endless(Exception):
    """A test takes far longer than it should."""


def run(copy: Path, room: str, tests: Tests) -> None:
    """The tests of a room in a copy of the checkout, in this process, which is good for nothing else after it."""
    import pytest
    from hypothesis import HealthCheck, settings

    def late(number: int, frame: Any) -> None:
        raise Endless

    signal.signal(signal.SIGALRM, late)
    settings.register_profile(
        "mutants", max_examples=RULES["examples"], deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    os.chdir(copy)
    sys.path.insert(0, str(copy))
    named = [*RULES["rooms"][room], f"simulator/{room}"]
    words = ["-q", "-p", "no:cacheprovider", "--hypothesis-profile=mutants", *(() if tests.first else ("-x",))]
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        pytest.main([*words, *named], plugins=[tests])
    import simulator

    assert Path(simulator.__file__).is_relative_to(copy), simulator.__file__


def in_child(copy: Path, room: str, file: str, took: dict[str, float]) -> dict[str, Any]:
    """What the tests said, from a process that is begun for them and ends with them."""
    receive, send = os.pipe()
    started = time.monotonic()
    child = os.fork()
    if not child:
        os.close(receive)
        tests = Tests(file, took)
        try:
            run(copy, room, tests)
        finally:
            with os.fdopen(send, "w") as out:
                out.write(json.dumps(tests.said()))
            os._exit(0)
    os.close(send)
    with os.fdopen(receive) as heard:
        text = heard.read()
    os.waitpid(child, 0)
    died = {"failed": "the process died", "endless": False, "ran": 0, "took": {}}
    return {**(json.loads(text) if text else died), "seconds": round(time.monotonic() - started, 1)}


def copied(folder: Path) -> Path:
    """A copy of what tests need."""
    for name in COPIED:
        here = ROOT / name
        if here.is_dir():
            shutil.copytree(here, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(here, folder / name)
    return folder


def tried(copy: Path, room: str, mutant: Mutant, took: dict[str, float]) -> dict[str, Any]:
    """What becomes of a mutant."""
    file = copy / "simulator" / mutant.file
    text = file.read_text(encoding="utf-8")
    file.write_text(changed(text, mutant.operator, mutant.occurrence), encoding="utf-8")
    try:
        said = in_child(copy, room, mutant.file, took)
    finally:
        file.write_text(text, encoding="utf-8")
    outcome = ENDLESS if said["endless"] else KILLED if said["failed"] else ALIVE
    return {"key": mutant.key, "line": mutant.line, "operator": mutant.operator, "outcome": outcome,
            "by": said["failed"], "tests": said["ran"], "seconds": said["seconds"]}  # fmt: skip


def results(room: str) -> dict[str, dict[str, Any]]:
    """What is known of a room's mutants, the last word of each."""
    file = KEPT / f"{room}.jsonl"
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines()) if file.exists() else ()
    return {row["key"]: row for row in rows}


def survey(room: str, sample: int, seed: int, again: bool) -> None:
    """Try what has not been tried of a sample, or those of it that survived once more."""
    import hypothesis  # noqa: F401  what every child needs is imported once
    import pandas  # noqa: F401
    import pydantic  # noqa: F401
    import pytest  # noqa: F401

    os.environ["TIERCARE_JIT"] = "0"
    sys.dont_write_bytecode = True  # of two texts of one size written within a second the second would not be read
    KEPT.mkdir(parents=True, exist_ok=True)
    known = results(room)
    asked = drawn(room, seed, sample)
    left = [m for m in asked if (known.get(m.key, {}).get("outcome") == ALIVE if again else m.key not in known)]
    if not left:
        return
    with tempfile.TemporaryDirectory(prefix="tiercare-mutation-") as place:
        copy = copied(Path(place).resolve())
        whole = in_child(copy, room, "", {})
        if whole["failed"]:
            sys.exit(f"{room}: {whole['failed']} fails without any mutant")
        quick = len(whole["took"])
        print(f"{room}: {quick} tests of {whole['ran']}, {whole['seconds']:.0f} s; {len(left)} mutants", flush=True)
        for mutant in left:
            row = tried(copy, room, mutant, whole["took"])
            with (KEPT / f"{room}.jsonl").open("a", encoding="utf-8") as out:
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
            place = f"{mutant.file}:{mutant.line}"
            print(f"  {row['outcome']:9}{row['seconds']:6.1f} s  {place} {mutant.after}", flush=True)


def excused() -> dict[str, str]:
    """Mutants that no test could kill, and why (survivors.yaml)."""
    file = HERE / "survivors.yaml"
    return {row["mutant"]: row["why"] for row in yaml.safe_load(file.read_text(encoding="utf-8")) or ()}


def figures(rooms: list[str], sample: int, seed: int) -> Iterator[str]:
    """Share of killed mutants by room with the standard error of the draw, and the survivors."""
    known_reasons, total, dead = excused(), 0, 0
    for room in rooms:
        known = results(room)
        rows = [known[m.key] for m in drawn(room, seed, sample) if m.key in known]
        equal = [row for row in rows if row["outcome"] == ALIVE and row["key"] in known_reasons]
        alive = [row for row in rows if row["outcome"] == ALIVE and row["key"] not in known_reasons]
        count, killed = len(rows) - len(equal), len(rows) - len(equal) - len(alive)
        total, dead = total + count, dead + killed
        yield f"{room:9}{said(killed, count)}; {len(equal)} more without effect"
        yield from (f"    {row['key']}" for row in alive)
    yield f"{'all':9}{said(dead, total)}"


def said(killed: int, count: int) -> str:
    """A share with its standard error."""
    if not count:
        return "nothing tried"
    share = killed / count
    return f"{killed} of {count} killed: {share:.0%}, ± {math.sqrt(share * (1 - share) / count):.0%} from the draw"


def main() -> None:
    """Survey rooms, or tell what is known."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--room", action="append", choices=list(RULES["rooms"]), help="may be said again; all")
    parser.add_argument("--sample", type=int, default=60, help="mutants of each room (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--again", action="store_true", help="try survivors once more")
    parser.add_argument("--list", action="store_true", help="figures and survivors of what has been tried")
    asked = parser.parse_args()
    rooms = asked.room or list(RULES["rooms"])
    if not asked.list:
        for room in rooms:
            survey(room, asked.sample, asked.seed, asked.again)
    print("\n".join(figures(rooms, asked.sample, asked.seed)))


if __name__ == "__main__":
    main()
