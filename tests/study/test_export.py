"""Tables for other programs: texts stay texts, whatever a spreadsheet would make of them."""

import csv

import openpyxl
import pandas as pd
import pytest

from simulator.core.messages import use
from simulator.study import export

TEXTS = ["=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "+A1", "-A1", "\tx", "plain", "+5 pp", "-12%", "市一院", ""]


class Kept:
    """A run whose tables hold names that a spreadsheet computes."""

    def __init__(self, folder):
        self.folder = folder
        self.summary = pd.DataFrame({"arm": TEXTS, "mean": [1.5] * len(TEXTS), "=x": TEXTS})


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setattr(export, "columns_of", lambda results, names: pd.DataFrame({"column": ["=1"]}))
    return Kept(tmp_path)


def as_text(text):
    return f"'{text}" if text in TEXTS[:6] else text


def test_formulas_are_text_in_csv(kept, tmp_path):
    list(export.export(kept, "csv", tmp_path / "out", ["summary"]))
    with (tmp_path / "out" / "summary.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["arm", "mean", "'=x"]
    assert [row[0] for row in rows] == list(map(as_text, TEXTS))


def test_formulas_are_text_in_a_workbook(kept, tmp_path):
    list(export.export(kept, "xlsx", tmp_path / "out.xlsx", ["summary"]))
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert [row[0] for row in book["summary"].iter_rows(min_row=2, values_only=True)][:3] == list(
        map(as_text, TEXTS[:3])
    )


def test_a_workbook_has_the_summary_unless_more_is_asked_for():
    results = type("Run", (), {"tables": ["monthly", "ledger"]})()
    assert export.chosen(results, None, "xlsx") == ["summary"]
    assert export.chosen(results, None, "csv") == ["summary", "monthly", "ledger"]
    assert export.chosen(results, ["all"], "xlsx") == ["summary", "monthly", "ledger"]


def test_sizes_are_told_before_anything_is_written(kept, tmp_path):
    told = []
    use("en")
    next(export.export(kept, "csv", tmp_path / "out", ["summary"], told.append))
    assert told == ["columns: 1 rows", f"summary: {len(TEXTS)} rows"]
