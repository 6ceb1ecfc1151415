"""What files say is made once, and again as soon as one of them says something else."""

import os
from pathlib import Path

import pytest

from simulator import load
from simulator.core.errors import UserError
from simulator.scenario.language import strict_yaml
from simulator.scenario.language.kept import MOST, Kept
from simulator.scenario.language.text_files import text_in, there
from simulator.scenario.load import scenarios_folder

PARENT = """
format: 1
extends: base.yaml
title: {en: Parent, zh: 上级}
description: {en: A parent., zh: 上级。}
facilities: {centre: {capability: 0.60}}
"""
CHILD = PARENT.replace("base.yaml", "parent.yaml").replace("facilities: {centre: {capability: 0.60}}", "")


@pytest.fixture
def child(tmp_path: Path) -> Path:
    """A file that extends one that extends the packaged base."""
    (tmp_path / "parent.yaml").write_text(PARENT, encoding="utf-8")
    file = tmp_path / "child.yaml"
    file.write_text(CHILD, encoding="utf-8")
    return file


def test_a_parent_that_says_the_same_is_not_read_again(child: Path, monkeypatch: pytest.MonkeyPatch):
    first = load(child)
    read: list[str] = []
    real = strict_yaml.read
    monkeypatch.setattr(strict_yaml, "read", lambda text, file, *more: read.append(file) or real(text, file, *more))
    child.write_text(CHILD.replace("en: Parent", "en: Child"), encoding="utf-8")
    again = load(child)
    assert [Path(file).name for file in read] == ["child.yaml"]
    assert (first.title.en, again.title.en) == ("Parent", "Child")
    assert again.facilities == first.facilities
    assert again.changes == first.changes != ()
    assert again.origins.keys() == first.origins.keys()
    assert load(child).resolved() == again.resolved()


def test_a_parent_that_says_something_else_is_read_again_whatever_the_clock_says(child: Path):
    parent = child.with_name("parent.yaml")
    assert load(child).facilities.centre.capability == 0.60
    times = parent.stat()
    parent.write_text(PARENT.replace("0.60", "0.70"), encoding="utf-8")
    os.utime(parent, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert load(child).facilities.centre.capability == 0.70
    parent.write_text(PARENT.replace("0.60", "0.6O"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(UserError) as refused:
            load(child)
        assert Path(refused.value.file or "").name == "parent.yaml"
    parent.unlink()
    with pytest.raises(UserError, match=r"parent\.yaml"):
        load(child)


def test_a_table_of_a_parent_is_looked_at_again_and_one_that_is_nearer_is_found(tmp_path: Path):
    whole = (scenarios_folder() / "base.yaml").read_text(encoding="utf-8")
    (tmp_path / "parent.yaml").write_text(whole, encoding="utf-8")
    file = tmp_path / "child.yaml"
    file.write_text(CHILD, encoding="utf-8")
    packaged = load(file).illness
    rows = (scenarios_folder() / "evidence" / "case_groups.csv").read_text(encoding="utf-8").splitlines()
    nearer = tmp_path / "evidence" / "case_groups.csv"
    nearer.parent.mkdir()
    nearer.write_text("\n".join(rows), encoding="utf-8")
    assert load(file).illness == packaged
    assert any(origin.file == str(nearer) for origin in load(file).origins.values())
    nearer.write_text("\n".join(rows[:-1]), encoding="utf-8")
    assert len(load(file).illness.groups) == len(packaged.groups) - 1


def test_what_was_made_inside_of_something_is_looked_at_with_it(tmp_path: Path):
    inner, outer, made = Kept[str](), Kept[str](), []
    file = tmp_path / "a.txt"

    def read() -> str:
        return inner.get("a", lambda: made.append("inner") or text_in(file, "a"))

    def whole() -> str:
        return outer.get("b", lambda: made.append("outer") or read().upper())

    file.write_text("one", encoding="utf-8")
    assert (read(), whole(), whole()) == ("one", "ONE", "ONE")
    assert made == ["inner", "outer"]
    file.write_text("two", encoding="utf-8")
    assert whole() == "TWO"
    assert made == ["inner", "outer", "outer", "inner"]


def test_a_file_that_was_not_there_is_looked_for_again_and_not_everything_is_kept(tmp_path: Path):
    kept, file = Kept[int](), tmp_path / "later.txt"
    assert kept.get("a", lambda: int(there(file))) == 0
    file.touch()
    assert kept.get("a", lambda: int(there(file))) == 1
    made: list[int] = []
    for number in (*range(MOST + 1), MOST, 0):
        kept.get(number, lambda n=number: made.append(n) or n + 1)
    assert made == [*range(MOST + 1), 0]
