"""Is a mistyped file ever run? Mistakes are made in scenarios, problems, the register of programmes and studies, one at
a time, and what the reader says is judged.

A mutant is well met if it is refused with file and line, if the scenario that comes of it is the same, or if what
was changed is a name or a text of the author. Anything else is told: a traceback, a refusal without a place, a mistake
that gives another scenario. See question.md.

    python -m experiments.faults.mutants scenarios/base.yaml --count 10000
"""

import argparse
import collections
import random
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

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
LETTERS = "abcdefghijklmnopqrstuvwxyz_"
WORD = re.compile(r"[A-Za-z_]{3,}")
NUMBER = re.compile(r"(?<![\w.])-?\d[\d_,]*(\.\d+)?")


class Mutant(NamedTuple):
    """A file with one mistake."""

    kind: str
    line: int  # from 1
    text: str


class Verdict(NamedTuple):
    """What came of a mutant, and the words for it."""

    outcome: str
    said: str


def in_a_word(text: str, spot: re.Match[str], draw: random.Random) -> str:
    """A letter left out, doubled, exchanged with the next, or another one."""
    word, at = spot[0], draw.randrange(len(spot[0]))
    changed = draw.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
            word[:at] + draw.choice(LETTERS) + word[at + 1 :],
        )
    )
    return text[: spot.start()] + changed + text[spot.end() :]


def in_a_number(text: str, spot: re.Match[str], draw: random.Random) -> str:
    """A number that is none, or beyond all bounds."""
    digits = spot[0]
    changed = draw.choice(
        (digits.replace("0", "O", 1) if "0" in digits else digits + "x", "--" + digits, digits + "..5", "nan", "inf",
         "9" * 40, "1e400", digits + " parsec", "[" + digits, "０" + digits + "个")
    )  # fmt: skip
    return text[: spot.start()] + changed + text[spot.end() :]


def in_signs(text: str, spot: re.Match[str], draw: random.Random) -> str:
    """A sign left out, doubled, or of another width."""
    sign = spot[0]
    wide = {":": "：", ",": "，", "{": "｛", "}": "｝", "[": "【", "]": "】", '"': "“", "-": "—"}
    changed = draw.choice(("", sign * 2, wide.get(sign, sign)))
    return text[: spot.start()] + changed + text[spot.end() :]


def unseen(text: str, spot: re.Match[str], draw: random.Random) -> str:
    """A character that nobody sees, in a word."""
    at = spot.start() + draw.randrange(1, len(spot[0]))
    return text[:at] + draw.choice("\u200b\u200e\u00ad\ufeff\u2060") + text[at:]


def indentation(text: str, spot: re.Match[str], draw: random.Random) -> str:
    """A space more or less, or a tab."""
    spaces = spot[0]
    return draw.choice((" " + spaces, spaces[1:], "\t" + spaces)) + text[spot.end() :]


def twice(text: str, spot: re.Match[str], draw: random.Random) -> str:
    """A line with a key, again."""
    return text + "\n" + text


MISTAKES: dict[str, tuple[re.Pattern[str], Callable[[str, re.Match[str], random.Random], str]]] = {
    "key": (re.compile(r"[A-Za-z_]{3,}(?=:(?:\s|$))"), in_a_word),
    "word": (WORD, in_a_word),
    "number": (NUMBER, in_a_number),
    "sign": (re.compile(r'[:,{}\[\]"]|-(?!\d)'), in_signs),
    "unseen": (WORD, unseen),
    "indentation": (re.compile(r"^ +(?=\S)"), indentation),
    "twice": (re.compile(r"^ *[A-Za-z_]+: .+$"), twice),
}
"""Kinds of mistake: where in a line one can be made, and how."""


def mutants(text: str, count: int, seed: int) -> Iterator[Mutant]:
    """Files with one mistake each, in lines that are no comments; the kinds in turn."""
    draw, lines = random.Random(seed), text.splitlines()
    rows = [k for k, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")]
    made = 0
    while made < count:
        for kind, (where, change) in MISTAKES.items():
            row = draw.choice(rows)
            spots = list(where.finditer(lines[row].split(" #")[0]))
            if not spots or made == count:
                continue
            changed = change(lines[row], draw.choice(spots), draw)
            if changed == lines[row]:
                continue
            made += 1
            yield Mutant(kind, row + 1, "\n".join([*lines[:row], changed, *lines[row + 1 :]]) + "\n")


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
    found = register.read_register(file)
    for name, system in found.items():
        if system.is_run and system != register.register().get(name):
            trial(system)
    return dict(flat({name: system.model_dump() for name, system in found.items()}))


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


def survey(file: Path, count: int, seed: int = 1) -> tuple[collections.Counter, list[tuple[Mutant, Verdict]]]:
    """Outcomes of so many mutants of a shipped file by (kind, outcome), and those that were not well met."""
    text, before = file.read_text(encoding="utf-8"), reader(file)(file)
    found: collections.Counter = collections.Counter()
    bad = []
    home = scenarios_folder().resolve() if reader(file) != of_study else file.resolve().parent
    with tempfile.TemporaryDirectory() as folder:  # with all that it reads beside it
        copy = Path(shutil.copytree(home, Path(folder) / home.name))
        for mutant in mutants(text, count, seed):
            verdict = judged(mutant, copy / file.resolve().relative_to(home), before)
            found[mutant.kind, verdict.outcome] += 1
            if verdict.outcome not in WELL_MET:
                bad.append((mutant, verdict))
    return found, bad


def shipped() -> list[Path]:
    """Files that are shipped and read: scenarios, the problem book, the register of programmes, studies."""
    folder = scenarios_folder()
    problems = sorted((folder / book.FOLDER).glob("*.yaml"))
    studies = sorted((ROOT / "experiments").glob("*/sweep.yaml"))
    return [*scenario_files(folder), *problems, folder / register.FILE, *studies]


def main() -> None:
    """Survey files and tell every mutant that was not well met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, help="files (default: all that are shipped)")
    parser.add_argument("--count", type=int, default=10_000, help="mutants of each file (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    failed = False
    for file in options.files or shipped():
        found, bad = survey(file, options.count, options.seed)
        by_outcome: collections.Counter = collections.Counter()
        for (_, outcome), number in found.items():
            by_outcome[outcome] += number
        print(file.name, dict(by_outcome), flush=True)
        for mutant, verdict in bad:
            print(f"  {mutant.kind} in line {mutant.line}: {mutant.text.splitlines()[mutant.line - 1].strip()[:90]}")
            print(f"    {verdict.outcome}: {verdict.said[:200]}")
        failed = failed or bool(bad)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
