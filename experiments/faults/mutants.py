"""Is a mistyped file ever run? Mistakes are made in scenarios, problems, the register of programmes and studies, one at
a time, and what the reader says is judged.

A mutant is well met if it is refused with file and line, if the scenario that comes of it is the same, or if what
was changed is a name or a text of the author. Anything else is told: a traceback, a refusal without a place, a mistake
that gives another scenario. See question.md.

    python -m experiments.faults.mutants scenarios/base.yaml --count 10000
    python -m experiments.faults.mutants --log FOLDER     all files; the same command goes on where it was stopped
"""

import argparse
import collections
import gc
import hashlib
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from experiments.faults.mistyped import Mutant, mutants
from simulator import load
from simulator.core.errors import UserError
from simulator.problems import book
from simulator.problems.scenarios import places
from simulator.report.listing import scenario_files
from simulator.scenario.load import scenarios_folder
from simulator.study.sweep.read import read_study
from simulator.systems import register
from simulator.systems.scenarios import trial

WELL_MET = ("refused", "same", "name", "text")
"""What may come of a mutant."""
TEXTS = {"sources", "title", "question", "description", "source", "note", "doubts", "en", "zh", "words", "why", "says"}
"""Keys under which an author writes freely."""


class Verdict(NamedTuple):
    """What came of a mutant, and the words for it."""

    outcome: str
    said: str


def flat(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value of a scenario with its path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(inner, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for k, inner in enumerate(value):
            yield from flat(inner, (*path, str(k)))
    else:
        yield path, value


Said = dict[tuple[str, ...], Any]
"""What a file says: every value with its path, without where it stands."""
ROOT = Path(__file__).resolve().parents[2]


def known(scenario: Any) -> Said:
    """What a scenario says."""
    return dict(flat(scenario.model_dump(exclude={"origins", "changes", "file"})))


def of_scenario(file: Path) -> Said:
    """What a scenario says, once all its parts have been read."""
    scenario = load(file)
    said = known(scenario)
    for name in scenario.overrides:  # read when somebody asks for it
        load(file, with_=[name])
    return said


def of_problem(file: Path) -> Said:
    """What an entry of the problem book says, once the place where it is to be seen has been made."""
    problem = book.read_problem(file)
    if problem.is_run:
        places(problem)
    return dict(flat(problem.model_dump()))


def of_register(file: Path) -> Said:
    """What the register says, once the programmes of those entries that are not as shipped have been made."""
    said = {}
    for name, system in register.read_register(file).items():
        said[name] = system.model_dump()
        if system.is_run and said[name] != _registered().get(name):
            trial(system)
    return dict(flat(said))


@cache
def _registered() -> dict[str, Any]:
    """What the shipped register says of every programme."""
    return {name: system.model_dump() for name, system in register.register().items()}


def of_study(file: Path) -> Said:
    """What a study says, once every value of every variable has been tried."""
    return dict(flat(read_study(file).specification.model_dump()))


def reader(file: Path) -> Callable[[Path], Said]:
    """How a shipped file is read."""
    if file.name == register.FILE:
        return of_register
    if file.parent.name == book.FOLDER:
        return of_problem
    return of_study if file.name == "sweep.yaml" else of_scenario


def renamed(before: Said, after: Said) -> bool:
    """Whether the two differ by one word alone, wherever it stands: a name that the author gave."""
    gone, new = sorted(before.keys() - after.keys()), sorted(after.keys() - before.keys())
    pairs = {(a, b) for one, other in zip(gone, new, strict=False) for a, b in zip(one, other, strict=False) if a != b}
    values = {(before[path], after[path]) for path in before.keys() & after.keys() if before[path] != after[path]}
    return len(gone) == len(new) and len(pairs | values) == 1 and bool(gone)


def judged(mutant: Mutant, file: Path, before: Said) -> Verdict:
    """What the reader makes of a mutant that takes the place of ``file``, which says ``before``."""
    file.write_text(mutant.text, encoding="utf-8")
    try:
        after = reader(file)(file)
    except UserError as error:
        placed = all(each.line is not None for each in error.all)
        return Verdict("refused" if placed else "without a place", str(error))
    except Exception as error:  # what must never reach a user
        return Verdict("traceback", f"{type(error).__name__}: {error}")
    differing = [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]
    if not differing:
        return Verdict("same", "")
    if all(TEXTS & set(path) for path in differing):
        return Verdict("text", "")
    if renamed(before, after):
        return Verdict("name", "")
    return Verdict("another scenario", "; ".join(".".join(path) for path in sorted(differing)[:3]))


class Chunk(NamedTuple):
    """What came of some mutants of a file."""

    found: collections.Counter
    """How many of each (kind, outcome)."""
    bad: list[tuple[Mutant, Verdict]]
    """Those that were not well met."""
    seconds: float
    """Processor time."""


def survey(file: Path, count: int, seed: int = 1, done: int = 0) -> Chunk:
    """Outcomes of mutants of a shipped file, of the first ``count`` those after ``done``."""
    began = time.process_time()
    text, before = file.read_text(encoding="utf-8"), reader(file)(file)
    chunk = Chunk(collections.Counter(), [], 0.0)
    home = scenarios_folder().resolve() if reader(file) != of_study else file.resolve().parent
    with tempfile.TemporaryDirectory() as folder:  # with all that it reads beside it
        copy = Path(shutil.copytree(home, Path(folder) / home.name)) / file.resolve().relative_to(home)
        for mutant in islice(mutants(text, count, seed), done, None):
            verdict = judged(mutant, copy, before)
            chunk.found[mutant.kind, verdict.outcome] += 1
            if verdict.outcome not in WELL_MET:
                chunk.bad.append((mutant, verdict))
    return chunk._replace(seconds=time.process_time() - began)


def shipped() -> list[Path]:
    """Files that are shipped and read: scenarios, the problem book, the register of programmes, studies."""
    folder = scenarios_folder()
    problems = sorted((folder / book.FOLDER).glob("*.yaml"))
    studies = sorted((ROOT / "experiments").glob("*/sweep.yaml"))
    return [*scenario_files(folder), *problems, folder / register.FILE, *studies]


def _whole_lines(path: Path) -> list[str]:
    """Lines of a log, which is left without one that was cut off when its writer was stopped."""
    *lines, cut = path.read_text(encoding="utf-8").split("\n")
    if cut:
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return lines


class Log:
    """What was seen of the mutants of one file, kept in a folder if there is one: a line of JSON for each piece."""

    def __init__(self, file: Path, seed: int, folder: Path | None):
        self.file, self.seed = file, seed
        self.text = hashlib.sha256(file.read_bytes()).hexdigest()
        self.path = folder / f"{file.parent.name}.{file.stem}.jsonl" if folder else None
        pieces = [json.loads(line) for line in _whole_lines(self.path)] if self.path and self.path.exists() else []
        self.pieces = [each for each in pieces if (each["text"], each["seed"]) == (self.text, seed)]

    @property
    def done(self) -> int:
        """Mutants seen."""
        return sum(each["count"] for each in self.pieces)

    @property
    def whole(self) -> bool:
        """Whether there are no further ones."""
        return any(each["whole"] for each in self.pieces)

    @property
    def bad(self) -> list[list[Any]]:
        """Those that were not well met: kind, line, what it became, outcome, what was said."""
        return [bad for each in self.pieces for bad in each["bad"]]

    @property
    def outcomes(self) -> collections.Counter:
        """How many of each outcome."""
        found: collections.Counter = collections.Counter()
        for each in self.pieces:
            for name, number in each["found"].items():
                found[name.partition(" ")[2]] += number
        return found

    def survey(self, count: int) -> None:
        """See the file's mutants up to ``count``, in pieces."""
        while self.done < count and not self.whole:
            asked = min(PIECE, count - self.done)
            chunk = survey(self.file, self.done + asked, self.seed, self.done)
            seen = chunk.found.total()
            self.pieces.append(
                {
                    "text": self.text,
                    "seed": self.seed,
                    "count": seen,
                    "whole": seen < asked,
                    "found": {f"{kind} {outcome}": number for (kind, outcome), number in chunk.found.items()},
                    "bad": [[m.kind, m.line, m.text.splitlines()[m.line - 1].strip(), *v] for m, v in chunk.bad],
                    "seconds": chunk.seconds,
                }
            )
            if self.path:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                with self.path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(self.pieces[-1], ensure_ascii=False) + "\n")

    def told(self) -> str:
        """What was seen, in words."""
        seconds = sum(each["seconds"] for each in self.pieces)
        each = f", {1000 * seconds / self.done:.0f} ms each" if self.done else ""
        all_ = " (all there are)" if self.whole else ""
        lines = [f"{self.file.name}: {self.done} mutants{all_}{each}: {dict(self.outcomes)}"]
        for kind, line, became, outcome, said in self.bad:
            lines += [f"  {kind} in line {line}: {became[:90]}", f"    {outcome}: {said[:200]}"]
        return "\n".join(lines)


PIECE = 250
"""Mutants between two lines of the log."""
ROUNDS = (100, 500, 2_000)
"""Mutants of a file after which the others have their turn, so that a survey that is stopped says something of all."""


def main() -> None:
    """Survey files and tell every mutant that was not well met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, help="files (default: all that are shipped)")
    parser.add_argument("--count", type=int, default=10_000, help="mutants of each file (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--log", type=Path, help="folder that keeps what was seen, to go on from")
    parser.add_argument("--list", action="store_true", help="only tell what the log holds")
    options = parser.parse_args()
    gc.freeze()  # what is read once is not looked through again after every few mutants
    gc.set_threshold(100_000, 50, 100)
    logs = [Log(file.resolve(), options.seed, options.log) for file in options.files or shipped()]
    for most in (*[each for each in ROUNDS if each < options.count], options.count):
        for log in logs if not options.list else ():
            log.survey(most)
    for log in logs:
        print(log.told(), flush=True)
    total = sum((log.outcomes for log in logs), collections.Counter())
    print(
        f"{len(logs)} files, {total.total():,} mutants, {sum(log.whole for log in logs)} files exhausted: {dict(total)}"
    )
    sys.exit(1 if any(log.bad for log in logs) else 0)


if __name__ == "__main__":
    main()
