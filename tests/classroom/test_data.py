"""Buttons, series, households, acts and lessons exist in both languages; the built page is that of its sources."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import pytest

from simulator.classroom.controls import HORIZON, controls, written
from simulator.classroom.desk import PAGE
from tests.small import ROOT

FILES = ("controls", "series", "households", "hands", "lessons", "programmes")
HAN = re.compile(r"[一-鿿]")
SOURCES = ROOT / "classroom"


def both(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every text, with its path."""
    if isinstance(node, dict):
        if "en" in node or "zh" in node:
            yield path, node
        for key, below in node.items():
            yield from both(below, f"{path}.{key}")
    elif isinstance(node, list):
        for n, below in enumerate(node):
            yield from both(below, f"{path}.{n}")


@pytest.mark.parametrize("name", FILES)
def test_both_languages(name: str) -> None:
    found = list(both(written(name)))
    assert found
    for path, text in found:
        assert text.get("en"), path
        assert text.get("zh"), path
        if re.search("[a-z]{2}", text["en"]):
            assert HAN.search(text["zh"]), path
            assert not HAN.search(text["en"]), path


def test_lessons_can_be_solved_with_what_there_is() -> None:
    lessons = written("lessons")
    assert len(lessons) == 8
    known = {*written("series"), *(f"fifth_{k}" for k in range(1, 6))}
    for lesson in lessons.values():
        for options in (*lesson.get("setup", {}).values(), lesson["solution"]):
            assert all(option in controls()[name].options for name, option in options.items())
        assert all(goal["what"] in known and ("at_least" in goal) != ("at_most" in goal) for goal in lesson["goals"])
        assert 12 < lesson["months"] < HORIZON


def test_programmes_are_there() -> None:
    for programme in written("programmes").values():
        assert (ROOT / "scenarios" / f"{programme['file']}.yaml").exists()
        assert all(option in controls()[name].options for name, option in programme["options"].items())


def test_labels_are_short() -> None:
    for name, control in written("controls")["controls"].items():
        assert len(control["label"]["en"].split()) <= 7, name
        assert len(control["label"]["zh"]) <= 10, name
        assert 2 <= len(control["options"]) <= 3


def test_the_page_is_built_from_its_sources() -> None:
    """`npm run build` in classroom/ after every change there."""
    total = hashlib.sha256()
    for name in ("package-lock.json", *(f"src/{file.name}" for file in sorted((SOURCES / "src").iterdir()))):
        total.update(name.encode() + b"\0" + (SOURCES / name).read_bytes())
    assert (PAGE / "sources.txt").read_text().strip() == total.hexdigest()


def test_the_lock_names_no_host() -> None:
    assert "://" not in re.sub(r'"(url|funding)": "[^"]*"', "", (SOURCES / "package-lock.json").read_text())


def test_the_page_asks_nobody_else() -> None:
    for name in ("app.js", "app.css", "index.html"):
        text = (PAGE / name).read_text(encoding="utf-8").replace("http://www.w3.org/", "")
        assert not re.search(r"https?://[a-z]", text), name
