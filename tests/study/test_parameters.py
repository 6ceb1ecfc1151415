"""Runs in which every replication has a set of parameters of its own."""

import numpy as np
import pytest
from typer.testing import CliRunner

from simulator.cli.app import app
from simulator.core.errors import UserError
from simulator.report.page.page import page
from simulator.scenario import load
from simulator.study.compare import ranking
from simulator.study.parameters import parameters_of
from simulator.study.run import reopen, run
from tests.small import COUNTY, SHORT

pytestmark = pytest.mark.usefixtures("english")
ROWS = ("0.40,45 minutes", "0.62,", "0.55,60 minutes")
CHANGES = (SHORT, COUNTY, "time.start=2023-12")
VISITS = ("visits_per_person", "", "", "", "")


def table_of(folder, *rows):
    file = folder / "sets.csv"
    file.write_text("\n".join(["facilities.centre.capability,facilities.tertiary.wait", *rows]) + "\n")
    return file


@pytest.fixture(scope="module")
def place():
    return load("payment_designs", changes=CHANGES, families=30, months=3)


@pytest.fixture(scope="module")
def varied(place, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sets")
    sets = parameters_of(table_of(folder, *ROWS), place)
    how = {"arms": ["baseline", "by_day"], "workers": 1, "threads": 1}
    return run(place, replications=3, parameters=sets, out=folder / "run", **how)


def test_a_replication_is_that_of_a_scenario_with_its_row(varied, tmp_path):
    changes = (*CHANGES, "facilities.centre.capability=0.62")
    alone = load("payment_designs", changes=changes, families=30, months=3)
    other = run(alone, replications=2, arms=["baseline"], out=tmp_path / "alone", workers=1, threads=1)
    columns = ["month", "indicator", "tier", "plan", "part", "alliance", "value"]

    def second(results):
        monthly = results.monthly
        mine = monthly[(monthly["arm"] == "baseline") & (monthly["replication"] == 1)]
        return mine[columns].reset_index(drop=True)

    assert second(varied).equals(second(other))


def test_intervals_are_those_over_the_rows(varied):
    summary = varied.summary
    row = summary[(summary["arm"] == "baseline") & (summary["indicator"] == "first_contact_rate_primary")].iloc[0]
    monthly = varied.monthly
    mine = monthly[(monthly["arm"] == "baseline") & (monthly["indicator"] == "first_contact_rate_primary")]
    sums = mine.groupby("replication")[["numerator", "denominator"]].sum()
    values = sums["numerator"] / sums["denominator"]
    half = 4.302653 * np.std(values, ddof=1) * np.sqrt(1 + 1 / 3)  # where a fourth lies, by t of two degrees of freedom
    assert row[["low", "high"]].astype(float).tolist() == pytest.approx([values.mean() - half, values.mean() + half])
    ranks = ranking(varied, [("out_of_pocket_share", "", "", "", "")])
    assert set((3 * ranks["best"]).round(6)) <= {0, 0.5, 1, 1.5, 2, 2.5, 3}  # a share of three sets


def test_the_page_says_what_intervals_are_over(varied, place):
    told = page(varied, place)
    assert "of 3 sets of parameters (sets.csv" in told
    assert "Intervals are over replications" not in told


def test_a_run_goes_on_with_its_own_rows(place, varied, tmp_path):
    other = parameters_of(table_of(tmp_path, *reversed(ROWS)), place)
    with pytest.raises(UserError, match="in use"):
        run(place, replications=3, parameters=other, arms=["baseline"], out=varied.folder, workers=1, threads=1)

    def killed(*_, **__):
        raise SystemExit(9)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("simulator.study.run.write_summary", killed)
        with pytest.raises(SystemExit):
            run(place, replications=3, parameters=other, arms=["baseline"], out=tmp_path / "cut", workers=1, threads=1)
    scenario, asked = reopen(tmp_path / "cut")
    assert asked["parameters"].rows == other.rows
    again = run(scenario, **asked, workers=1, threads=1)
    assert again.manifest["parameters"] == other.recorded()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["facilities.centre.capabilty", "0.5"], "sets.csv:2:1: --parameters"),
        (["time.start", "2020-01"], "sets.csv:1:1: time.start"),
        (["facilities.centre.capability"], "has no rows"),
    ],
)
def test_a_table_that_cannot_be_is_refused(rows, said, tmp_path):
    file = tmp_path / "sets.csv"
    file.write_text("\n".join(rows) + "\n")
    done = CliRunner().invoke(
        app, ["compare", "payment_designs", "--parameters", str(file), "--out", str(tmp_path / "o")]
    )
    assert done.exit_code == 2
    assert said in done.output
    assert "Traceback" not in done.output


def test_more_replications_than_rows_are_refused(place, tmp_path):
    with pytest.raises(UserError, match="the table has 3 rows"):
        parameters_of(table_of(tmp_path, *ROWS), place, 4)
