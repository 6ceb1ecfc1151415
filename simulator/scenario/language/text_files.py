"""Text files that authors give, read with a sentence for whatever one may be instead: no text, too large, not there."""

import csv
from pathlib import Path

from simulator.core.errors import Place, UserError
from simulator.core.messages import say
from simulator.core.naming import normal, shortened
from simulator.scenario.language.kept import note

LARGEST = 5_000_000
"""Bytes of a file."""


def there(path: Path) -> bool:
    """Whether a path is a file; one with a name that no disk takes is none."""
    return note(_there, path, _there(path))


def _there(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def beside(path: Path, pattern: str) -> list[Path]:
    """Files of a pattern in the folder of a path; none where there is no such folder."""
    try:
        return list(path.parent.glob(pattern))
    except (OSError, ValueError):
        return []


def text_in(path: Path, name: str) -> str:
    """The text of a file, called ``name`` in messages. Raises UserError."""
    try:
        if path.stat().st_size > LARGEST:
            raise UserError(say("yaml_large"), name)
        return normal(note(_text, path, _text(path)))
    except UnicodeDecodeError as e:
        before = e.object[: e.start].decode("utf-8", errors="replace").split("\n")
        raise UserError(say("yaml_not_utf8"), name, len(before), len(before[-1]) + 1) from e
    except OSError as e:
        raise UserError(say("file_unreadable", why=e.strerror or e), name) from e


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")


type Line = tuple[int, list[str]]
"""Number of a line in its file, from 1, and its fields."""


def table_in(path: Path, name: str) -> tuple[list[str], list[Line]]:
    """Columns and lines of a CSV file; lines that are empty or begin with # say nothing.

    Raises UserError where it is no table: no header, a column twice, a line of another width.
    """
    lines = [(n, line) for n, line in enumerate(text_in(path, name).splitlines(), 1)]
    rows = [(n, _fields(line, Place(name, n, 1))) for n, line in lines if line.strip() and not line.startswith("#")]
    if not rows:
        raise UserError(say("load_table_empty"), name)
    (first, header), *rest = rows
    for column in header:
        if header.count(column) > 1:
            raise UserError.at(Place(name, first, 1), shortened(column), say("load_table_twice"))
    for number, fields in rest:
        if len(fields) != len(header):
            text = say("load_table_width", fields=len(fields), columns=len(header))
            raise UserError.at(Place(name, number, 1), shortened(fields[0]), text)
    return header, rest


def _fields(line: str, at: Place) -> list[str]:
    try:
        return next(csv.reader([line], strict=True))
    except csv.Error as e:
        raise UserError.at(at, "", say("load_table_line", why=e)) from e
