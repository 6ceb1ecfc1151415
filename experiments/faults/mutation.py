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
import hashlib
import json
import math
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from experiments.faults.near import in_child
from experiments.faults.signs import HERE, ROOT, RULES, Mutant, changed, drawn

KEPT = Path(os.environ.get("MUTATION_KEPT") or ROOT / "results" / "mutation")
COPIED = ("simulator", "tests", "scenarios", "experiments", "classroom", "docs", "pyproject.toml", "CHANGELOG.md")
ALIVE, KILLED, ENDLESS = "survived", "killed", "endless"


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


def quick_tests(copy: Path, room: str) -> dict[str, float]:
    """Seconds of every test of a room that is quick enough, without any mutant; measured once for a state of the code.

    Ends the program where one fails.
    """
    named = [copy / name for name in ("simulator", *RULES["rooms"][room], "tests/conftest.py")]
    files = sorted(file for place in named for file in (place.rglob("*.*") if place.is_dir() else [place]))
    state = hashlib.sha256(
        b"\0".join(file.read_bytes() for file in files if file.suffix in (".py", ".yaml"))
    ).hexdigest()
    kept = KEPT / f"{room}.tests.json"
    known: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    if known.get("state") != state:
        whole = in_child(copy, room, "", {})
        if whole["failed"]:
            sys.exit(f"{room}: {whole['failed']} fails without any mutant")
        known = {"state": state, "took": whole["took"]}
        kept.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
    return known["took"]


def rows_of(room: str) -> list[dict[str, Any]]:
    """All that was seen of a room's mutants, in the order of the trials."""
    file = KEPT / f"{room}.jsonl"
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


def results(room: str) -> dict[str, dict[str, Any]]:
    """What is known of a room's mutants, the last word of each."""
    return {row["key"]: row for row in rows_of(room)}


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
        took = quick_tests(copy, room)
        print(f"{room}: {len(took)} tests, {sum(took.values()):.0f} s; {len(left)} mutants", flush=True)
        for mutant in left:
            row = tried(copy, room, mutant, took)
            with (KEPT / f"{room}.jsonl").open("a", encoding="utf-8") as out:
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
            place = f"{mutant.file}:{mutant.line}"
            print(f"  {row['outcome']:9}{row['seconds']:6.1f} s  {place} {mutant.after}", flush=True)


def excused() -> dict[str, str]:
    """Mutants that no test could kill, and why (survivors.yaml)."""
    file = HERE / "survivors.yaml"
    return {row["mutant"]: row["why"] for row in yaml.safe_load(file.read_text(encoding="utf-8")) or ()}


def figures(rooms: list[str], sample: int, seed: int) -> Iterator[str]:
    """Killed mutants by room, when first tried and in the end, and the survivors."""
    known_reasons, all_first, all_rows = excused(), [], []
    for room in rooms:
        last, first = results(room), {row["key"]: row for row in reversed(rows_of(room))}
        keys = [m.key for m in drawn(room, seed, sample) if m.key in last]
        equal = [key for key in keys if last[key]["outcome"] == ALIVE and key in known_reasons]
        counted = [key for key in keys if key not in equal]
        firsts, lasts = ([rows[key]["outcome"] != ALIVE for key in counted] for rows in (first, last))
        all_first, all_rows = all_first + firsts, all_rows + lasts
        yield f"{room:9}{said(firsts)}; {sum(lasts)} in the end; {len(equal)} more without effect"
        yield from (f"    {key}" for key, killed in zip(counted, lasts, strict=True) if not killed)
    yield f"{'all':9}{said(all_first)}; {sum(all_rows)} in the end"


def said(killed: list[bool]) -> str:
    """A share with its 95 % interval from the draw (Wilson 1927)."""
    count, z = len(killed), 1.96
    if not count:
        return "nothing tried"
    share = sum(killed) / count
    middle, width = share + z * z / (2 * count), z * math.sqrt(share * (1 - share) / count + (z / (2 * count)) ** 2)
    low, high = ((middle + side * width) / (1 + z * z / count) for side in (-1, 1))
    return f"{sum(killed)} of {count} killed at first: {share:.0%} ({low:.0%} to {high:.0%})"


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
