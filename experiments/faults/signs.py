"""Signs of the code that mutation.py may change: where they stand, what can be made of them, which are drawn."""

import ast
import random
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
RULES: Mapping[str, Any] = yaml.safe_load((HERE / "mutation.yaml").read_text(encoding="utf-8"))


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


def is_python(text: str) -> bool:
    """Whether a text can be compiled at all."""
    try:
        compile(text, "mutant", "exec")
    except SyntaxError:
        return False
    return True


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
        mutant = changed(text, operator, occurrence)
        if not is_python(mutant):  # `if not a := b`
            continue
        before, after = text.splitlines(), mutant.splitlines()
        row = next((k for k, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
        if row is not None:
            name = str(file.relative_to(ROOT / "simulator"))
            lines = before[row].strip(), after[row].strip()
            found.append(Mutant(name, row + 1, column, operator, occurrence, *lines))
    return found
