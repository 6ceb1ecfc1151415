"""The tables of a run for other programs: CSV files, or one workbook."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.study.results import Results
from simulator.study.run_tables import ON_REQUEST, SUMMARY, TABLES

if TYPE_CHECKING:
    import pandas as pd

FORMULA = re.compile(r"[=@\t\r\n]|[-+](?![0-9])")
"""How a text begins that a spreadsheet computes; `+5 pp` is none."""
KINDS = ("csv", "xlsx")
NAMES = ("summary", *TABLES, *ON_REQUEST)
ALL = "all"
COLUMNS = "columns"
"""Table of all columns with unit and meaning."""
ROWS = 1_048_575
"""Rows below the heading that a sheet of a workbook can hold."""


def chosen(results: Results, names: Iterable[str] | None, kind: str = "csv") -> list[str]:
    """The tables asked for, ``all`` of them or by default those of the kind: all that are there for CSV, the summary
    alone for a workbook, in which millions of rows take minutes.

    Raises:
        UserError: there is no such table.
    """
    wanted = list(names) if names is not None else [ALL] if kind == "csv" else ["summary"]
    if wanted == [ALL]:
        return ["summary", *results.tables]
    for name in wanted:
        if name not in NAMES:
            raise UserError(say("export.no_table", table=name, tables=", ".join(NAMES)) + near(name, NAMES))
    return wanted


def columns_of(results: Results, names: Iterable[str]) -> "pd.DataFrame":
    """Table, column, unit and meaning of every column that is exported."""
    import pandas as pd
    import pyarrow.parquet as pq

    rows = []
    for name in names:
        if name == "summary":
            rows += [(name, column.name, column.unit, column.meaning) for column in SUMMARY.columns]
            continue
        for field in pq.read_schema(results.folder / f"{name}.parquet"):
            about = {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
            rows.append((name, field.name, about.get("unit", ""), about.get("meaning", "")))
    return pd.DataFrame(rows, columns=["table", "column", "unit", "meaning"])


def export(
    results: Results,
    kind: str,
    out: Path,
    names: Iterable[str] | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> Iterator[Path]:
    """Write tables of a run; each file as soon as it is there.

    Args:
        results: of a run.
        kind: ``csv`` for a folder of files, ``xlsx`` for one workbook with a sheet each.
        out: folder or workbook.
        names: tables; see ``chosen``.
        tell: is told of every table before it is written, with its rows.

    Raises:
        UserError: no such kind or table, or a table has more rows than a sheet can hold.
    """
    if kind not in KINDS:
        raise UserError(say("export.no_kind", kind=kind, kinds=", ".join(KINDS)) + near(kind, KINDS))
    wanted = chosen(results, names, kind)
    frames = {name: getattr(results, name) for name in wanted}
    tables = {COLUMNS: columns_of(results, wanted)} | frames
    for name, table in tables.items():
        tell(say("export.writing", table=name, rows=f"{len(table):,}"))
    if kind == "csv":
        out.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            file = out / f"{name}.csv"
            as_text(table).to_csv(file, index=False)
            yield file
        return
    for name, table in tables.items():
        if len(table) > ROWS:
            raise UserError(say("export.too_long", table=name, rows=f"{len(table):,}", most=f"{ROWS:,}"))
    out.parent.mkdir(parents=True, exist_ok=True)
    _workbook(tables, out)
    yield out


def as_text(table: "pd.DataFrame") -> "pd.DataFrame":
    """The table with an apostrophe before every text that a spreadsheet would compute, such as `=1+1`."""
    words = table.select_dtypes(["object", "string"])
    quoted = {name: words[name].map(_quoted, na_action="ignore") for name in words}
    return table.assign(**quoted).rename(columns={name: _quoted(str(name)) for name in table})


def _quoted(text: Any) -> Any:
    return f"'{text}" if isinstance(text, str) and FORMULA.match(text) else text


def _workbook(tables: "dict[str, pd.DataFrame]", out: Path) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for name, table in tables.items():
        sheet, table = book.create_sheet(name), as_text(table)
        sheet.freeze_panes = "A2"
        sheet.append([str(column) for column in table])
        clean = table.astype(object).where(table.notna(), None)
        for row in clean.itertuples(index=False, name=None):
            sheet.append(row)
    book.save(out)
