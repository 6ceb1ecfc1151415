"""Who behaves and who counts knows no way of paying by name: names, texts and comments included."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.core.behaviour import FOLDER
from simulator.payment.rule import found

PACKAGE = Path(__file__).resolve().parents[2] / "simulator"
TARIFFS = sorted(found("simulator.payment.rules"))
SETTLEMENTS = sorted(found("simulator.payment.settlements"))
PLAIN_WORDS = {"salary", "subsidy"}
"""Names of settlements that are also words of the ledger: doctors' fixed pay, the funds' income from the government."""
BEHAVES = ["practice", "choice", "illness", "referral"]
COUNTS = ["engine", "agents", "population", "behaviour"]


def pattern(names: list[str]) -> re.Pattern[str]:
    """A rule's name, as it is written in a scenario or in words."""
    return re.compile(r"(?<![a-z])(" + "|".join(n.replace("_", "[_ -]") for n in names) + r")(?![a-z])", re.IGNORECASE)


def mentions(folder: Path, names: list[str]) -> list[str]:
    """Lines below ``folder`` that name a rule; titles of journals that are cited do not count."""
    return [
        f"{file.relative_to(folder.parent)}:{number}: {line.strip()}"
        for file in sorted([*folder.rglob("*.py"), *folder.rglob("*.yaml")])
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if pattern(names).search(re.sub(r'source: ".*"', "", line))
    ]


def words(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every name, attribute, argument, import and text of code, with its line; docstrings are texts too."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        match node:
            case ast.Name(id=word) | ast.Attribute(attr=word) | ast.arg(arg=word) | ast.keyword(arg=str(word)):
                yield line, word
            case ast.Constant(value=str(word)) | ast.alias(name=word):
                yield line, word
            case ast.FunctionDef(name=word) | ast.ClassDef(name=word) | ast.ImportFrom(module=str(word)):
                yield line, word


def kernels(tree: ast.Module) -> list[ast.FunctionDef]:
    """Functions of a file that are compiled."""
    return [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(d, ast.Name) and d.id == "compiled" for d in node.decorator_list)
    ]


@pytest.mark.parametrize("room", BEHAVES)
def test_no_behaviour_names_a_rule(room: str):
    assert (PACKAGE / room).is_dir()
    assert mentions(PACKAGE / room, TARIFFS + SETTLEMENTS) == []


@pytest.mark.parametrize("room", COUNTS)
def test_nothing_that_counts_names_a_rule(room: str):
    assert mentions(PACKAGE / room, TARIFFS + [name for name in SETTLEMENTS if name not in PLAIN_WORDS]) == []


def test_code_of_behaviour_and_kernels():
    """By the syntax tree: no name, attribute, import or text is a rule's, and no room of behaviour imports rules."""
    names, seen = pattern(TARIFFS + SETTLEMENTS), 0
    for room in (*BEHAVES, "engine", "benefit"):
        for file in sorted((PACKAGE / room).rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            parts: list[ast.AST] = [tree] if room in BEHAVES else [*kernels(tree)]
            seen += len(kernels(tree))
            for part in parts:
                wrong = [(line, word) for line, word in words(part) if names.search(word)]
                assert wrong == [], file
                assert not [word for _, word in words(part) if word.startswith("simulator.payment.")], file
    assert seen > 60


def test_names_would_be_seen(tmp_path: Path):
    """There are rules to look for, and the searches find them however they are written."""
    assert {"drg", "fee_for_service"} <= set(TARIFFS)
    assert FOLDER == PACKAGE / "behaviour"
    code = "# under DRG\nif rule == 'fee_for_service':\n    dregs = 1  # fee for service\n"
    (tmp_path / "conduct.py").write_text(code)
    assert len(mentions(tmp_path, TARIFFS)) == 3
    found_in = [word for _, word in words(ast.parse(code)) if pattern(TARIFFS).search(word)]
    assert found_in == ["fee_for_service"]
    assert [f.name for f in kernels(ast.parse("@compiled\ndef a(): pass\ndef b(): pass"))] == ["a"]
