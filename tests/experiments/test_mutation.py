"""Signs of the code that are changed one at a time; see experiments/faults/question.md."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.faults import mutation
from experiments.faults.mutation import ALIVE, KILLED, figures
from experiments.faults.signs import ROOT, RULES, annotations, changed, drawn, places


def test_every_sign_counts_once_and_types_do_not(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("def f(x: int | None, y: float = 2) -> int | float:\n    return x + y if x < 3 else -y\n")
    found = places(file)
    signs = {file.read_text().splitlines()[line - 1][column] for line, column in found}
    assert [place for place in found if place[0] == 1] == [(1, 32)]  # the 2, and neither `|`
    assert {"2", "3", "-"} <= signs
    assert len(annotations(file.read_text())) == 3


@pytest.mark.parametrize("room", ["choice", "core"])
def test_a_mutant_is_one_line_that_says_something_else(room: str) -> None:
    for mutant in drawn(room, 1, 20):
        text = (ROOT / "simulator" / mutant.file).read_text(encoding="utf-8")
        after = changed(text, mutant.operator, mutant.occurrence)
        assert after != text
        compile(after, mutant.file, "exec")
        assert mutant.before != mutant.after


def test_a_small_sample_is_the_beginning_of_a_large_one_and_of_a_seed() -> None:
    assert drawn("choice", 1, 4) == drawn("choice", 1, 9)[:4]
    assert drawn("choice", 1, 4) != drawn("choice", 2, 4)
    assert {mutant.file for mutant in drawn("core", 1, 60)}.isdisjoint(RULES["without"])


def test_tests_of_every_room_are_there() -> None:
    for room, tests in RULES["rooms"].items():
        assert (ROOT / "simulator" / room).is_dir()
        assert [name for name in tests if not (ROOT / name).exists()] == []


def test_who_survived_is_told_and_who_cannot_be_killed_is_not_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutation, "KEPT", tmp_path)
    sample = drawn("choice", 1, 4)
    outcomes = (KILLED, KILLED, ALIVE, ALIVE)
    rows = [{"key": m.key, "outcome": outcome} for m, outcome in zip(sample, outcomes, strict=True)]
    rows.append({"key": sample[2].key, "outcome": KILLED})  # by a test that was written for it
    (tmp_path / "choice.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    monkeypatch.setattr(mutation, "excused", dict)
    assert f"    {sample[3].key}" in figures(["choice"], 4, 1)
    monkeypatch.setattr(mutation, "excused", lambda: {sample[3].key: "the same for every number"})
    assert list(figures(["choice"], 4, 1)) == [
        "choice   2 of 3 killed at first: 67% (21% to 94%); 3 in the end; 1 more without effect",
        "all      2 of 3 killed at first: 67% (21% to 94%); 3 in the end",
    ]


@pytest.mark.long
def test_a_mutant_of_a_formula_is_killed_and_it_goes_on_where_it_was(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "experiments.faults.mutation", "--room", "choice", "--sample", "2"]
    environment = {**os.environ, "MUTATION_KEPT": str(tmp_path)}
    first, again = (
        subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    )
    assert "2 of 2 killed at first: 100%" in first
    assert "2 mutants" in first
    assert "mutants" not in again
