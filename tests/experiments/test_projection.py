"""The projection over fifteen years: what is projected is there; drift and table by hand; a short run."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from experiments.projection.__main__ import Figure, by_year, drift, page, read, table
from simulator.scenario import load

ROOT = Path(__file__).parents[2]


def test_every_case_is_a_scenario():
    projection = read()
    for case in projection.cases.values():
        scenario = load(ROOT / projection.scenario, families=60, with_=case.chosen)
        assert scenario.time.months == 180
        assert scenario.population.ageing == ("held" if "held" in case.chosen else "live")
        assert scenario.growth.apart != ("alike" in case.chosen)
        if "alike" not in case.chosen:  # charges grow by one rate in every case
            assert scenario.growth.charges(1) == pytest.approx(1.027 / 1.042, abs=2e-4)


def test_drift_is_that_of_a_line_by_replication():
    """Changes of 1 and 3 points: 2 on average, ± t(1) · 1.414 / 1.414; a bump in the middle moves no line."""
    mean, half = drift([[0.10, 0.20], [0.11, 0.23]])
    assert mean == pytest.approx(0.02)
    assert half == pytest.approx(12.7062 * 0.01, rel=1e-4)
    assert drift([[0.10, 0.20], [0.50, 0.9], [0.11, 0.23]])[0] == pytest.approx(0.02)


def test_years_are_ratios_of_their_sums():
    rows = [("2023-01", 1.0, 10.0), ("2023-02", 3.0, 10.0), ("2024-01", 9.0, 10.0)]
    monthly = pd.DataFrame(
        {"month": m, "indicator": "fund_surplus_rate", "tier": "", "plan": "resident", "part": "", "alliance": "",
         "value": top / bottom, "numerator": top, "denominator": bottom, "arm": "baseline", "replication": r}
        for r in (0, 1) for m, top, bottom in rows
    )  # fmt: skip
    figures = {"margin": Figure(indicator="fund_surplus_rate", plan="resident")}
    years = list(by_year(monthly, figures.values()))
    assert years == [("2023", [[0.2, 0.2]]), ("2024", [[0.9, 0.9]])]
    assert table(figures, years).splitlines()[2:] == ["| 2023 | 20.0 % |", "| 2024 | 90.0 % |"]


def test_the_page_tells_every_case_and_what_a_margin_is_worth():
    projection = read()
    years = [(year, [[0.1, 0.1 + step] for _ in projection.figures]) for year, step in (("2023", 0.02), ("2037", 0.02))]
    text = page(projection, {"alike": years})
    assert "### alike" in text
    assert "residents' margin: +0.0 points" in text
    assert "replications for ± 1 point in one year: 8" in text


@pytest.mark.long
def test_the_command(tmp_path: Path):
    said = subprocess.run(
        [sys.executable, "-m", "experiments.projection", "--families", "200", "--replications", "2", "--months", "14",
         "--set", "time.warm_up=2 months", "--only", "published", "--out", str(tmp_path)],
        capture_output=True, text=True, cwd=ROOT, check=True,
    )  # fmt: skip
    assert said.stdout.count("\n| 20") == 2
    assert (tmp_path / "page.md").exists()
