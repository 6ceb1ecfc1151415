"""What patients cost is what a run of the same place counts."""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from simulator.cli.app import app
from simulator.scenario import load
from simulator.study.patient_costs import Costs, costs
from simulator.study.run import run
from tests.small import COUNTY

YEAR = ("time.warm_up=12 months", COUNTY)


@pytest.fixture(scope="module")
def found() -> Costs:
    return costs(load("base", changes=YEAR, families=300, months=1))


def test_cases_and_charges_are_those_of_the_burn_in(found: Costs, tmp_path: Path) -> None:
    scenario = load("base", changes=["time.warm_up=0 months", COUNTY], families=300, months=12)
    monthly = run(scenario, arms=["baseline"], threads=1, out=tmp_path / "run").monthly
    groups = found.groups.assign(charge=found.groups["cases_per_1000"] * found.groups["charge_per_case"])
    for care, count, bill in (
        ("outpatient", "visits_per_person", "charge_per_visit"),
        ("inpatient", "admissions_per_person", "charge_per_admission"),
    ):
        mine = groups[groups["care"] == care]
        rows = monthly[(monthly["indicator"] == count) & (monthly["tier"] == "") & (monthly["plan"] == "")]
        often = 1000 * rows["numerator"].sum() / rows["denominator"].sum()  # of people and years
        assert mine["cases_per_1000"].sum() == pytest.approx(often, rel=0.02)
        bills = monthly[(monthly["indicator"] == bill) & (monthly["tier"] == "") & (monthly["plan"] == "")]
        mean = bills["numerator"].sum() / bills["denominator"].sum()
        assert mine["charge"].sum() / mine["cases_per_1000"].sum() == pytest.approx(mean, rel=0.02)


def test_plans_add_up_to_everybody(found: Costs) -> None:
    heads = found.heads.assign(total=found.heads["people"] * found.heads["charge"]).groupby("who")["total"].sum()
    assert heads["resident"] + heads["employee"] == pytest.approx(heads["everybody"])
    assert 0 < heads["diabetes"] < heads["everybody"]
    assert (found.heads["fund"] <= found.heads["charge"] * 1.5).all()


@pytest.mark.parametrize(("language", "word"), [("en", "case group"), ("zh", "病组")])
def test_the_command_shows_them(language: str, word: str, tmp_path: Path) -> None:
    words = ["costs", "base", "--families", "300", "--out", str(tmp_path / "out"), "--lang", language]
    done = CliRunner().invoke(app, [*words, "--set", "time.warm_up=12 months", "--set", COUNTY], env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    assert word in done.output
    assert "(cold)" in done.output
    table = pd.read_csv(tmp_path / "out" / "groups.csv")
    assert table["charge_per_case"].gt(0).all()
    assert set(table["care"]) == {"outpatient", "inpatient"}
