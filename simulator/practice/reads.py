"""What a compiled function reads of the rows that it is given, by its text: for reference pages and tests."""

import ast
import inspect
from collections.abc import Callable

ROWS = ("facility", "belief", "par")


def reads(function: Callable) -> dict[str, set[str]]:
    """Columns that ``function``, and all that it calls, reads of each of its rows, by the name of the row.

    >>> from simulator.practice.weigh import cares
    >>> {row: sorted(names) for row, names in reads(cares).items()}
    {'facility': ['altruism', 'patient_weight'], 'belief': [], 'par': ['altruism']}
    """
    found: dict[str, set[str]] = {row: set() for row in ROWS}
    plain = inspect.unwrap(getattr(function, "py_func", function))
    for node in ast.walk(ast.parse(inspect.getsource(plain))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ROWS:
            found[node.value.id].add(node.attr)
        if isinstance(node, ast.Call) and (called := _called(node.func, plain.__globals__)):
            for row, names in reads(called).items():
                found[row] |= names
    return found


def _called(node: ast.expr, known: dict) -> Callable | None:
    """The function of this package that a call means, if it takes such rows."""
    if isinstance(node, ast.Name):
        found = known.get(node.id)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        found = getattr(known.get(node.value.id), node.attr, None)
    else:
        return None
    ours = getattr(found, "__module__", "") or ""
    return found if callable(found) and ours.startswith("simulator.practice") else None
