"""Comparisons: chances of being best, runs side by side, a lever that levels a fund."""

import subprocess
import sys
from types import SimpleNamespace

import pandas as pd
import pytest
from typer.testing import CliRunner

from simulator.cli import app
from simulator.core.errors import UserError
from simulator.scenario import load
from simulator.study.compare import comparable, ranking
from simulator.study.compare_neutral import Neutral, balance, checked, levelled, lever

pytestmark = pytest.mark.usefixtures("english")
PATH = "reforms.by_head.timeline.2024-01.payment.by_head.per_head"


def monthly(values: dict[str, list[float]], indicator: str = "forgone_care", plan: str = "") -> pd.DataFrame:
    """A month of every arm and replication; numerator value × 100, denominator 100."""
    rows = [
        (arm, n, "2024-01", indicator, "", plan, "", "", value, value * 100, 100.0)
        for arm, each in values.items()
        for n, value in enumerate(each)
    ]
    columns = ["arm", "replication", "month", "indicator", "tier", "plan", "part", "alliance"]
    return pd.DataFrame(rows, columns=[*columns, "value", "numerator", "denominator"])


def results(table: pd.DataFrame) -> SimpleNamespace:
    months = sorted(table["month"].unique())
    arms = list(dict.fromkeys(table["arm"]))
    return SimpleNamespace(monthly=table, coded_months=table, months=months, manifest={}, arms=arms)


def test_an_arm_that_is_better_in_every_replication_is_surely_best() -> None:
    table = monthly({"baseline": [0.3, 0.5, 0.4], "a": [0.2, 0.4, 0.3], "b": [0.3, 0.5, 0.4]})
    found = ranking(results(table), [("forgone_care", "", "", "", "")]).set_index("arm")["best"]
    assert found.to_dict() == {"baseline": 0.0, "a": 1.0, "b": 0.0}  # less care forgone is better


def test_arms_that_tie_share_the_chance_and_one_that_wins_sometimes_has_some() -> None:
    same = monthly({"baseline": [0.3, 0.5], "a": [0.3, 0.5]})
    assert ranking(results(same), [("forgone_care", "", "", "", "")])["best"].tolist() == [0.5, 0.5]
    mixed = monthly({"baseline": [0.3, 0.5, 0.4, 0.4], "a": [0.4, 0.3, 0.5, 0.3]})
    chance = ranking(results(mixed), [("forgone_care", "", "", "", "")]).set_index("arm")["best"]
    assert 0.5 < chance["a"] < 0.95
    assert chance.sum() == pytest.approx(1)


def test_one_replication_and_what_has_no_better_are_not_ranked() -> None:
    assert ranking(results(monthly({"baseline": [0.3], "a": [0.2]})), [("forgone_care", "", "", "", "")]).empty
    other = monthly({"baseline": [0.3, 0.2], "a": [0.2, 0.1]}, "prevalence")
    assert ranking(results(other), [("prevalence", "", "", "", "")]).empty


def test_runs_that_differ_in_people_or_seed_are_refused() -> None:
    one = {"seed": 1, "scenario": {"resolved": {"population": {"people": 5}}}}
    comparable({"a": one, "b": one})
    with pytest.raises(UserError, match="population"):
        comparable({"a": one, "b": {"seed": 1, "scenario": {"resolved": {"population": {"people": 6}}}}})
    with pytest.raises(UserError, match="seed"):
        comparable({"a": one, "b": {**one, "seed": 2}})


def test_a_lever_is_a_number_of_a_reform() -> None:
    scenario = load("payment_designs")
    found = lever(scenario, PATH)
    assert (found.arm, found.low, found.high) == ("by_head", 130, 520)
    assert found.written(312.5) == "312.5 yuan/year"
    for wrong, said in ((PATH + "x", "did you mean"), (PATH.replace("per_head", "heads"), "not a number")):
        with pytest.raises(UserError, match=said):
            lever(scenario, wrong)
    with pytest.raises(UserError, match="go together"):
        checked([PATH], None)


def fund(gap: float, arm: str = "by_head") -> SimpleNamespace:
    return results(monthly({"baseline": [0.04], arm: [0.04 + gap]}, "fund_surplus_rate", "resident"))


def test_a_fund_is_levelled_by_a_root_search() -> None:
    tried = []

    def run(text: str, name: str) -> SimpleNamespace:
        tried.append(float(text.split()[0]))
        return fund(((300 - tried[-1]) / 1000) ** 3 + (300 - tried[-1]) / 1000)

    value, made = levelled(Neutral(PATH, "by_head", "260 yuan/year", 130, 520), "resident", fund(0), run)
    assert float(value.split()[0]) == pytest.approx(300, abs=3)
    assert balance(made, "by_head", "resident")[0] == pytest.approx(48, abs=3)  # a year of 0.04 × 100 a month
    assert len(tried) <= 8


def test_a_lever_that_does_not_reach_says_so() -> None:
    with pytest.raises(UserError, match="does not pass"):
        levelled(Neutral(PATH, "by_head", "260 yuan", 130, 520), "resident", fund(0), lambda text, name: fund(0.5))
    with pytest.raises(UserError, match="did you mean `resident`"):
        balance(fund(0), "by_head", "residents")


@pytest.mark.long
def test_a_killed_comparison_goes_on(tmp_path):
    """Killed after its first run, it takes what is there, runs what is missing, and ends as if nothing had happened."""
    small = ["--set", "time.warm_up=2 months", "--families", "60", "--months", "2", "--replications", "1"]
    small += ["--set", "network={form: county, townships: 2, villages: 2, tertiary_outside: 1}", "--threads", "1"]
    other = tmp_path / "other.yaml"
    other.write_text(
        "format: 1\nextends: payment_designs.yaml\ntitle: {en: Other, zh: 另一}\ndescription: {en: Other, zh: 另一}\n",
        encoding="utf-8",
    )
    words = ["compare", "payment_designs", str(other), "--arms", "baseline,by_day", *small, "--lang", "en"]
    whole = CliRunner().invoke(app, [*words, "--out", str(tmp_path / "whole")])
    assert whole.exit_code == 0, whole.output

    killed = tmp_path / "killed"
    code = f"""
import os, simulator.study.comparison as comparison
from simulator.cli import main
before = comparison.run_or_take
def killed(place, out, **how):
    if out.name == "other":
        os._exit(9)
    return before(place, out, **how)
comparison.run_or_take = killed
import sys
sys.argv = {["tiercare", *words, "--out", str(killed)]!r}
main()
"""
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 9
    assert not (killed / "manifest.json").exists()
    first = (killed / "runs/payment_designs/manifest.json").stat().st_mtime_ns
    done = CliRunner().invoke(app, ["compare", "--resume", str(killed), "--threads", "1", "--lang", "en"])
    assert done.exit_code == 0, done.output
    assert (killed / "runs/payment_designs/manifest.json").stat().st_mtime_ns == first
    for file in ("monthly.parquet", "ledger.parquet", "summary.csv"):
        assert (killed / file).read_bytes() == (tmp_path / "whole" / file).read_bytes(), file
    over = CliRunner().invoke(app, ["compare", "--resume", str(killed), "--lang", "en"])
    assert (over.exit_code, over.stderr) == (2, f"{killed}: this run is finished; there is nothing to go on with\n")
    again = CliRunner().invoke(app, [*words, "--out", str(killed), "--lang", "en"])
    assert again.exit_code == 2
    assert "is in use" in again.stderr
