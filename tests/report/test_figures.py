"""Figures and exports hold the run's own numbers, in both languages."""

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from simulator.cli import app
from simulator.core.messages import catalogue
from simulator.core.names import TIERS
from simulator.report.figures import fonts
from simulator.report.figures.draw import figures
from simulator.study.intervals import interval
from simulator.study.results import Results
from simulator.study.run_tables import SUMMARY, TABLES

pytestmark = pytest.mark.usefixtures("english")


def tiercare(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def results(small_run: Path) -> Results:
    return Results.open(small_run)


@pytest.mark.parametrize("name", figures())
def test_the_data_behind_a_figure_are_the_runs(results: Results, name: str):
    data, draw = figures()[name]
    table = data(results)
    assert len(table) > 1
    for row in table.to_dict("records")[:: max(1, len(table) // 20)]:
        place = {key: row[key] for key in ("arm", "indicator", "tier", "plan", "part")}
        if "month" in row:
            monthly = results.monthly
            mine = monthly[(monthly[[*place]] == pd.Series(place)).all(axis=1) & (monthly["month"] == row["month"])]
            mine = mine[mine["alliance"] == ""]
            assert row["mean"] == interval(mine["value"].tolist())[0]
        else:
            summary = results.summary
            (mean,) = summary.loc[
                (summary[[*place]] == pd.Series(place)).all(axis=1) & (summary["alliance"] == ""), "mean"
            ]
            assert row["mean"] == mean
    drawn = draw(table)
    assert drawn.axes
    assert all(axis.get_title(loc="left") for axis in drawn.axes)


def test_lines_are_drawn_where_the_data_say(results: Results):
    data, draw = figures()["over_months"]
    table = data(results)
    lines = [line for axis in draw(table).axes for line in axis.get_lines()]
    first = table[(table["arm"] == "baseline") & (table["indicator"] == "visits_per_person")]["mean"].to_numpy()
    assert any(np.array_equal(np.asarray(line.get_ydata()), first) for line in lines)


def test_english_figures_and_their_data_are_written(small_run: Path, tmp_path: Path):
    done = tiercare("figures", small_run, "--out", tmp_path, "--lang", "en")
    assert done.exit_code == 0, done.output
    assert {Path(line).name for line in done.stdout.splitlines()} == {file.name for file in tmp_path.iterdir()}
    for name in figures():
        assert (tmp_path / f"{name}.csv").read_text(encoding="utf-8").startswith("arm,")
        assert (tmp_path / f"{name}.en.png").read_bytes().startswith(b"\x89PNG")
        assert "<svg" in (tmp_path / f"{name}.en.svg").read_text(encoding="utf-8")


def test_what_a_figure_says_is_what_it_shows(results: Results, small_run: Path, tmp_path: Path):
    assert tiercare("figures", small_run, "--out", tmp_path, "--lang", "en").exit_code == 0
    moves = pd.read_csv(tmp_path / "moves.csv")
    for arm, mine in moves.groupby("arm"):
        order = {tier: n for n, tier in enumerate(TIERS)}
        ways = [way.partition("/")[0].split(">") for way in mine["what"]]
        up = sum(v for v, (a, b) in zip(mine["mean"], ways, strict=True) if order[b] > order[a])
        lines = (tmp_path / "moves.en.txt").read_text(encoding="utf-8").splitlines()
        assert any(f": {up:,.1f} thousand" in line for line in lines), (arm, lines)
    payers = pd.read_csv(tmp_path / "payers.csv")
    said = (tmp_path / "payers.en.txt").read_text(encoding="utf-8").splitlines()
    sure = payers[(payers["low"] > 0) | (payers["high"] < 0)]
    for row in sure.to_dict("records"):
        best = sure[sure["arm"] == row["arm"]]["mean"]
        if row["mean"] in (best.max(), best.min()):
            assert any(f"{row['mean']:+,.0f} yuan" in line for line in said)
    certain = results.summary
    certain = certain[(certain["diff_low"] > 0) | (certain["diff_high"] < 0)]
    levels = (tmp_path / "over_months.en.txt").read_text(encoding="utf-8").splitlines()
    assert len(levels) <= 3 * len(results.arms)
    if certain.empty:
        assert all("no change in this figure is certain" in line for line in levels)


@pytest.mark.needs_debian("fontconfig", "fc-list")
def test_chinese_figures_have_every_character(small_run: Path, tmp_path: Path, recwarn: pytest.WarningsRecorder):
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=True).stdout
    if not listed.strip():
        pytest.fail("no font with Chinese characters: apt-get install fonts-noto-cjk")
    done = tiercare("figures", small_run, "--out", tmp_path, "--lang", "zh")
    assert done.exit_code == 0, done.output
    kinds = [
        {file.name.partition(".")[0] for file in tmp_path.glob(f"*{end}")} for end in (".zh.svg", ".zh.png", ".csv")
    ]
    assert kinds[0] == kinds[1] == kinds[2] == {*figures(), "payers", "moves"}
    for name in kinds[0]:
        said = (tmp_path / f"{name}.zh.txt").read_text(encoding="utf-8")
        assert "。" in said
        assert not re.search(r"\b(up|down|fund|doctors|facility|baseline)\b", said)
    assert [str(each.message) for each in recwarn if "missing from" in str(each.message)] == []


def test_without_a_chinese_font_there_is_a_hint(small_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fonts, "chinese", lambda: None)
    done = tiercare("figures", small_run, "--out", tmp_path / "zh", "--lang", "zh")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "fonts-noto-cjk" in done.stderr
    done = tiercare("figures", small_run, "--out", tmp_path / "both", "--lang", "en")
    assert done.exit_code == 0
    shutil.rmtree(tmp_path / "both")
    assert "apt-get install fonts-noto-cjk" in catalogue("en")["figures.no_font"]


def test_csv_files_are_the_tables(results: Results, small_run: Path, tmp_path: Path):
    done = tiercare("export", small_run, "--to", "csv", "--out", tmp_path)
    assert done.exit_code == 0, done.output
    for name in ("summary", *TABLES):
        table = pd.read_csv(tmp_path / f"{name}.csv", keep_default_na=False, na_values={"value": [""]}, dtype=str)
        assert list(table) == list(getattr(results, name))
        assert len(table) == len(getattr(results, name))
    ledger = pd.read_csv(tmp_path / "ledger.csv")
    assert ledger["fen"].tolist() == results.ledger["fen"].tolist()
    columns = pd.read_csv(tmp_path / "columns.csv")
    assert set(columns["table"]) == {"summary", *TABLES}
    fen = columns[(columns["table"] == "ledger") & (columns["column"] == "fen")]
    assert fen["unit"].tolist() == ["fen"]


def test_a_workbook_has_a_sheet_for_each_table(results: Results, small_run: Path, tmp_path: Path):
    from openpyxl import load_workbook

    out = tmp_path / "run.xlsx"
    assert tiercare("export", small_run, "--to", "xlsx", "--tables", "summary,accounts", "--out", out).exit_code == 0
    book = load_workbook(out, read_only=True)
    assert book.sheetnames == ["columns", "summary", "accounts"]
    rows = list(book["summary"].iter_rows(values_only=True))
    assert rows[0] == tuple(column.name for column in SUMMARY.columns)
    mean = rows[0].index("mean")
    assert [row[mean] for row in rows[1:]] == pytest.approx(results.summary["mean"].tolist())
    accounts = list(book["accounts"].iter_rows(values_only=True))
    assert sum(row[-1] for row in accounts[1:]) == results.accounts["closing"].sum()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--to", "xls"], "`xls` is not a form of export: csv, xlsx; did you mean `xlsx`?"),
        (["--to", "csv", "--tables", "montly"], "there is no table `montly`: .*; did you mean `monthly`\\?"),
    ],
)
def test_what_cannot_be_exported_is_said(small_run: Path, tmp_path: Path, words: list[str], message: str):
    done = tiercare("export", small_run, "--out", tmp_path / "x", *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert re.fullmatch(message.replace("?", "\\?") if "\\" not in message else message, done.stderr.strip())
    assert tiercare("export", tmp_path, "--to", "csv").exit_code == 2
