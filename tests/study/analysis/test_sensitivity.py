"""Indices of functions whose indices are known, through the folder of a study."""

import math

import pytest
from typer.testing import CliRunner

from simulator.cli import app
from simulator.core.errors import UserError
from simulator.study.analysis.sensitivity import sensitivity, settled
from simulator.study.sweep.study_results import Sweep
from tests.study.analysis.conftest import LEVER


def ishigami(a, b, c, replication, **others):
    """Ishigami & Homma 1990 on −π to π, with 7 and 0.1; of the levers and replications only the level depends."""
    x, y, z = (math.pi * (each / 50 - 1) for each in (a, b, c))
    return {"visits": math.sin(x) + 7 * math.sin(y) ** 2 + 0.1 * z**4 * math.sin(x) + replication}


VARIANCE = 7**2 / 8 + 0.1 * math.pi**4 / 5 + 0.1**2 * math.pi**8 / 18 + 0.5
A_ALONE = 0.5 * (1 + 0.1 * math.pi**4 / 5) ** 2 / VARIANCE
B_ALONE = 7**2 / 8 / VARIANCE
A_WITH_C = 0.1**2 * math.pi**8 * (1 / 18 - 1 / 50) / VARIANCE


def last(table, index, variable, other=""):
    rows = settled(table)
    rows = rows[(rows["index"] == index) & (rows["variable"] == variable) & (rows["with"] == other)]
    rows = rows[(rows["outcome"] == "visits") & (rows["figure"] == "level")]
    assert len(rows) == 1
    return rows.iloc[0]


@pytest.mark.long
def test_sobol_indices_of_ishigami(filled):
    folder = filled("kind: sobol, points: 512, second_order: true, seed: 3", ishigami)
    table = sensitivity(Sweep(folder), outcome="visits")
    for index, variable, other, known in (
        ("first", "a", "", A_ALONE), ("first", "b", "", B_ALONE), ("first", "c", "", 0),
        ("total", "a", "", A_ALONE + A_WITH_C), ("total", "b", "", B_ALONE), ("total", "c", "", A_WITH_C),
        ("second", "a", "c", A_WITH_C), ("second", "a", "b", 0), ("second", "b", "c", 0),
    ):  # fmt: skip
        row = last(table, index, variable, other)
        assert row["value"] == pytest.approx(known, abs=0.06), (index, variable, other)
        assert abs(row["value"] - known) <= 2 * row["interval"] + 0.01
    total = table[(table["index"] == "total") & (table["variable"] == "a")]
    assert list(total["sample"]) == [64, 128, 256, 512]
    assert total["interval"].iloc[-1] < 0.6 * total["interval"].iloc[0]


def test_a_policy_has_indices_of_its_own_and_the_difference_too(filled):
    def outcome(pays, a, b, c, replication):
        return {"visits": a if pays == 0.5 else a + b}

    folder = filled("kind: sobol, points: 64, compare_with: {pays: 50%}", outcome, LEVER)
    table = settled(sensitivity(Sweep(folder), outcome="visits"))
    total = table[table["index"] == "total"].set_index(["figure", "pays", "variable"])["value"]
    assert total["level", "50%", "a"] == pytest.approx(1, abs=0.05)
    assert total["level", "70%", "a"] == pytest.approx(0.5, abs=0.1)
    assert total["level", "70%", "b"] == pytest.approx(0.5, abs=0.1)
    assert total["difference", "70%", "b"] == pytest.approx(1, abs=0.05)
    assert total["difference", "70%", "a"] == pytest.approx(0, abs=0.01)
    assert ("difference", "50%", "a") not in total.index  # what is compared with itself


def test_elementary_effects_of_a_line_are_its_slopes(filled):
    def line(a, b, c, replication):
        return {"visits": (2 * a - 5 * b) / 100}

    table = sensitivity(Sweep(filled("kind: morris, trajectories: 16", line)), outcome="visits")
    for variable, slope in (("a", 2), ("b", -5), ("c", 0)):
        assert last(table, "mu_star", variable)["value"] == pytest.approx(abs(slope), abs=1e-6)
        assert last(table, "mu", variable)["value"] == pytest.approx(slope, abs=1e-6)
        assert last(table, "sigma", variable)["value"] == pytest.approx(0, abs=1e-6)
    assert sorted(set(table["sample"])) == [2, 4, 8, 16]


@pytest.mark.long
@pytest.mark.parametrize(("kind", "near"), [("latin_hypercube", 0.05), ("random", 0.1)])
def test_random_draws_rank_what_matters(filled, kind, near):
    """Of the variance 100²/180 is due to a, 100/12 to b."""

    def bent(a, b, c, replication):
        return {"visits": (a - 50) ** 2 / 100 + 0.1 * b}

    table = sensitivity(Sweep(filled(f"kind: {kind}, points: 256", bent)), outcome="visits")
    values = [last(table, "delta", variable)["value"] for variable in "abc"]
    assert values[0] > 3 * values[1]
    assert values[1] > values[2]
    assert values[2] == pytest.approx(0, abs=0.08)
    for variable, known in (("a", 20 / 23), ("b", 3 / 23), ("c", 0)):
        row = last(table, "first", variable)
        assert row["value"] == pytest.approx(known, abs=near), variable
        assert abs(row["value"] - known) <= 2 * row["interval"] + 0.01


@pytest.mark.long
def test_delta_where_it_is_known(filled):
    """In each of the 5 classes of 512 draws a fifth of an even distribution is left: half of the gap is 1 − 1/5."""

    def even(a, b, c, replication):
        return {"visits": a}

    table = sensitivity(Sweep(filled("kind: latin_hypercube, points: 512", even)), outcome="visits")
    assert last(table, "delta", "a")["value"] == pytest.approx(1 - 1 / 5, abs=0.1)
    assert last(table, "delta", "b")["value"] == pytest.approx(0, abs=0.06)


@pytest.mark.long
def test_drawn_levers_are_variables_like_others(filled):
    def outcome(pays, a, b, c, replication):
        return {"visits": pays * 100 + 0.01 * a}

    folder = filled("kind: random, points: 128, levers: sampled", outcome, LEVER)
    table = sensitivity(Sweep(folder), outcome="visits")
    assert last(table, "first", "pays")["value"] > 0.9
    assert set(table["policy"]) == {0}


def test_what_does_not_vary_has_no_indices(filled):
    table = sensitivity(Sweep(filled("kind: sobol, points: 8", ishigami)), outcome="fund")
    assert table["value"].isna().all()


@pytest.mark.parametrize("kind", ["sobol, points: 8", "morris, trajectories: 4"])
def test_a_missing_run_is_refused(filled, kind):
    gone = ((3, 1), (4, 0))
    folder = filled(f"kind: {kind}, replications: 2", ishigami, left_out=lambda point, n: (point, n) in gone)
    with pytest.raises(UserError, match=r"2 of \d+ tasks have no result \(0 failed\), at 2 draws, and (sobol|morris)"):
        sensitivity(Sweep(folder))


def test_a_missing_run_of_random_draws_is_told_and_its_draw_left_out(filled):
    folder = filled(
        "kind: random, points: 64, replications: 2", ishigami, left_out=lambda point, n: point < 3 and n == 1
    )
    warnings = []
    table = sensitivity(Sweep(folder), outcome="visits", warn=warnings.append)
    assert warnings[0] == "3 of 128 tasks have no result (0 failed); the 3 draws that they belong to are left out"
    assert table["sample"].max() == 61


def test_a_run_without_the_figure_is_refused(filled):
    def some(a, b, c, replication):
        return {"visits": None if a > 90 else a}

    with pytest.raises(UserError, match=r"visits in baseline: .* draws have no figure"):
        sensitivity(Sweep(filled("kind: sobol, points: 8", some)), outcome="visits")


def test_too_small_a_sample_is_refused(filled):
    with pytest.raises(UserError, match="delta needs 32 or more of them and the study has 20"):
        sensitivity(Sweep(filled("kind: random, points: 20", ishigami)))


def test_the_command_writes_table_and_figures(filled):
    folder = filled("kind: sobol, points: 16, second_order: true", ishigami, LEVER)
    done = CliRunner().invoke(app, ["sensitivity", str(folder), "--outcome", "visits", "--lang", "en"])
    assert done.exit_code == 0, done.output
    files = {file.name for file in (folder / "sensitivity").iterdir()}
    pictures = {f"{n}.visits.en.{kind}" for n in ("indices", "convergence") for kind in ("svg", "png")}
    assert files == {"sensitivity.csv", *pictures}
    lines = done.stdout.splitlines()
    assert lines[0].split()[:4] == ["pays", "arm", "outcome", "figure"]
    assert [line.split()[4] for line in lines[1:7]].count("First") == 2  # titles, in both policies
    header = (folder / "sensitivity" / "sensitivity.csv").read_text().splitlines()[0]
    assert header == "method,policy,pays,arm,outcome,figure,variable,with,index,sample,value,interval"


def test_the_command_refuses(filled):
    folder = filled("kind: grid, steps: 2", ishigami)
    done = CliRunner().invoke(app, ["sensitivity", str(folder), "--lang", "en"])
    assert done.exit_code == 2
    assert "this study has kind grid" in done.output
    done = CliRunner().invoke(app, ["sensitivity", str(folder / "nowhere"), "--lang", "en"])
    assert done.exit_code == 2
