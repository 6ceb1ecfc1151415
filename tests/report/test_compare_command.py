"""`tiercare compare` from the command to the page, with a fund levelled."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from simulator.cli.app import app
from simulator.study.compare_neutral import WITHIN, balance
from simulator.study.results import Results
from tests.report.conftest import DESIGNS

pytestmark = [pytest.mark.usefixtures("english"), pytest.mark.long]
PATH = "reforms.by_head.timeline.2024-01.payment.by_head.per_head"


def test_a_reform_is_levelled_until_the_fund_balances_as_before(tmp_path: Path) -> None:
    """The further arm has the levelled amount, its fund balances, and the page says what was levelled."""
    small = [word for each in DESIGNS for word in ("--set", each)]
    sizes = ["--families", "60", "--months", "6", "--replications", "2", "--threads", "1", "--parameters", "one"]
    words = ["compare", "payment_designs", "--arms", "by_head", *small, *sizes]
    done = CliRunner().invoke(app, [*words, "--neutral", PATH, "--of", "resident", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    results = Results.open(tmp_path / "out")
    assert results.arms == ["baseline", "by_head", "by_head_neutral.by_head"]
    (solved,) = results.manifest["neutral"].values()
    base, income = balance(results, "baseline", "resident")
    levelled, _ = balance(results, "by_head_neutral.by_head", "resident")
    before, _ = balance(results, "by_head", "resident")
    assert abs(levelled - base) <= WITHIN * income < abs(before - base)
    text = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert f"budget-neutral: per_head = {solved['value']}" in text
    assert "million yuan a year from the baseline" in done.output
