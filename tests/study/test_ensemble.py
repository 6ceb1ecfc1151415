"""The ensemble: which set a replication takes, what a scenario keeps to itself, and that a run remembers."""

import pytest
from typer.testing import CliRunner

from simulator import load, run
from simulator.cli import app
from simulator.core.behaviour import parameters
from simulator.study import ensemble
from simulator.study.ensemble import chosen, ensemble_of, sets_for
from simulator.study.explain.switches import explain, wanted
from simulator.study.results import Results
from simulator.study.verify import made_again

CHANGES = ("time.warm_up=1 month",)
SETS = """weight,behaviour.parameters.go,behaviour.parameters.trust,facilities.centre.inpatient_price
0.5,-0.5,2.5,3000 yuan
0.5,-1.5,3.5,3100.5 yuan
"""


@pytest.fixture
def two_sets(tmp_path, monkeypatch):
    """An ensemble of two sets in the place of the one that is shipped."""
    folder = tmp_path / "behaviour" / "prototype" / "ensemble"
    folder.mkdir(parents=True)
    (folder / "sets.csv").write_text(SETS)
    monkeypatch.setattr(ensemble, "FOLDER", tmp_path / "behaviour")
    ensemble_of.cache_clear()
    yield
    ensemble_of.cache_clear()


def place(*changes: str, name: str = "base", months: int = 2):
    return load(name, changes=[*CHANGES, *changes], families=30, months=months)


def test_replications_take_sets_in_turn(two_sets):
    found = sets_for(place(), 3)
    assert found.columns == (
        "behaviour.parameters.go", "behaviour.parameters.trust", "facilities.centre.inpatient_price",
    )  # fmt: skip
    assert [row[0] for row in found.rows] == ["-0.5", "-1.5", "-0.5"]
    assert [each.behaviour.parameters["trust"] for each in found.scenarios] == [2.5, 3.5, 2.5]
    assert found.table.startswith("ensemble prototype ")


def test_what_a_scenario_says_itself_comes_on_top(two_sets, tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text(
        "format: 1\nextends: base.yaml\ntitle: {en: Own, zh: 自定}\ndescription: {en: Own., zh: 自定。}\n"
        "behaviour: {parameters: {go: 0.25}}\nfacilities: {centre: {inpatient_price: 2000 yuan}}\n"
    )
    assert sets_for(place(name=str(own)), 1).columns == ("behaviour.parameters.trust",)
    assert sets_for(place("behaviour.parameters.trust=1"), 1).columns[0] == "behaviour.parameters.go"
    assert sets_for(place("facilities.centre.inpatient_price=2 yuan"), 1).columns[-1] == "behaviour.parameters.trust"
    assert sets_for(place(name="prefecture_2017"), 1).columns == (
        "behaviour.parameters.go", "behaviour.parameters.trust",
    )  # fmt: skip


def test_the_words_of_the_option(two_sets, tmp_path):
    table = tmp_path / "t.csv"
    table.write_text("facilities.centre.capability\n0.5\n0.6\n")
    assert chosen("one", place(), None, 4) is None
    assert len(chosen(None, place(), None, 4).rows) == len(chosen("ensemble", place(), 4, 1).rows) == 4
    assert chosen(str(table), place(), None, 4).rows == (("0.5",), ("0.6",))


def test_a_run_remembers_its_sets(two_sets, tmp_path):
    """The same in all arms, on a second start and in a run made again; and explained with them."""
    scenario = place(name="payment_designs")
    how = {"arms": ["baseline", "by_day"], "workers": 1, "threads": 1}
    done = run(scenario, replications=2, parameters=sets_for(scenario, 2), out=tmp_path / "run", **how)
    kept = done.manifest["parameters"]
    assert [row[0] for row in kept["rows"]] == ["-0.5", "-1.5"]
    levels = done.monthly[(done.monthly["indicator"] == "visits_per_person") & (done.monthly["tier"] == "")]
    assert levels[levels["month"] == "2023-01"].groupby("replication")["value"].nunique().max() <= 3
    assert made_again(done, threads=1) == []
    arm, series = wanted(done, "visits_per_person", None, {})
    found = explain(done, arm, series, threads=1)
    assert found.replications == 2
    whole = done.summary
    row = whole[(whole["arm"] == arm) & (whole["indicator"] == "visits_per_person")].iloc[0]
    assert found.difference[0] == pytest.approx(row["difference"])


def test_commands_take_the_ensemble_unless_told(two_sets, tmp_path):
    asked = ["run", "base", "--families", "30", "--months", "1", "--set", CHANGES[0], "--quiet", "--threads", "1"]
    for more, sets in ((["--replications", "2"], 2), (["--parameters", "one"], None)):
        out = tmp_path / ("a" if sets else "b")
        done = CliRunner().invoke(app, [*asked, *more, "--out", str(out)])
        assert done.exit_code == 0, done.output
        found = Results.open(out).manifest.get("parameters")
        assert (len(found["rows"]) if found else None) == sets


def test_the_shipped_ensemble_is_whole():
    """At least 200 sets, equally likely, of parameters that exist, within what their units allow."""
    found = ensemble_of("prototype")
    assert found is not None
    rows, columns = found.table.rows, found.table.columns
    assert len(rows) >= 200
    assert sum(float(row[0]) for row in rows) == pytest.approx(1, rel=1e-4)
    bounds = {f"behaviour.parameters.{each.name}": each.bounds for each in parameters()}
    for n, path in enumerate(columns[1:], 1):
        low, high = bounds.get(path, (0.0, float("inf")))
        values = [float(row[n].removesuffix(" yuan")) for row in rows]
        assert low <= min(values) < max(values) <= high, path
