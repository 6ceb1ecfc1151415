"""Signatures that can be read: what travels together travels in one named tuple."""

import ast
from collections.abc import Iterator
from pathlib import Path

from simulator.core.jit import PACKAGE

MOST = 10
ENGINE = (
    "core", "population", "illness", "choice", "referral", "declare", "benefit", "payment", "practice", "services",
    "count", "fund", "engine", "agents",
)  # fmt: skip
"""Rooms that a month goes through."""
type Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(file: Path) -> Iterator[Function]:
    """Every function of a file, methods and kernels too. A parameter of a command is an option of the command line."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and "app.command" not in map(
            ast.unparse, (d.func if isinstance(d, ast.Call) else d for d in node.decorator_list)
        ):
            yield node


def parameters(function: Function, by_name: bool) -> list[str]:
    """What a caller hands in; what can only be given by its name is left out unless ``by_name``."""
    args = function.args
    given = [*args.posonlyargs, *args.args, *(args.kwonlyargs if by_name else []), args.vararg, args.kwarg]
    names = [arg.arg for arg in given if arg is not None]
    return names[1:] if names[:1] in (["self"], ["cls"]) else names


def long_ones(folder: Path, by_name: bool) -> list[str]:
    return [
        f"{file.relative_to(PACKAGE)}: {function.name} has {len(names)}"
        for file in sorted(folder.rglob("*.py"))
        for function in functions(file)
        if len(names := parameters(function, by_name)) > MOST
    ]


def test_no_function_of_the_engine_has_more_than_ten_parameters() -> None:
    for room in ENGINE:
        assert long_ones(PACKAGE / room, by_name=True) == []


def test_no_other_function_has_more_than_ten_that_need_no_name() -> None:
    assert long_ones(PACKAGE, by_name=False) == []


def test_the_counting_sees_kernels_methods_and_keywords(tmp_path: Path) -> None:
    file = tmp_path / "some.py"
    file.write_text("@compiled\ndef a(b, /, c, *d, e, **f): ...\nclass G:\n    async def h(self, i): ...\n")
    kernel, method = functions(file)
    assert parameters(kernel, by_name=True) == ["b", "c", "e", "d", "f"]
    assert parameters(kernel, by_name=False) == ["b", "c", "d", "f"]
    assert parameters(method, by_name=True) == ["i"]


def test_a_command_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "some.py"
    file.write_text('@app.command("list")\ndef a(b): ...\n@app.command()\ndef c(): ...\ndef d(): ...\n')
    assert [function.name for function in functions(file)] == ["d"]
