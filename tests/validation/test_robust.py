"""Signs over an ensemble: weights and shares by hand, parameters that turn a sign, and a run with three sets."""

from pathlib import Path

import pytest

from simulator.core.errors import UserError
from simulator.scenario.language.packaged import scenarios_folder
from simulator.scenario.load import load
from simulator.validation import robust as runner
from simulator.validation.asked import Asked, How, Size
from simulator.validation.ensemble import SHIPPED, Ensemble, sets_of
from simulator.validation.robust import headlines, read_headlines, sign, turned_by
from simulator.validation.run import validate

SETS = Path(__file__).with_name("sets.csv")
HEADLINE = """
more:
  title: {en: Visits by service cost more, zh: 按项目付费更贵}
  scenario: payment_designs
  arm: by_service
  measure: {indicator: charge_per_admission}
  direction: rises
"""


def test_an_ensemble_is_read_with_its_weights():
    found = sets_of(SETS)
    assert found.columns == ("behaviour.parameters.go", "behaviour.parameters.price")
    assert found.weights == (0.25, 0.25, 0.5)
    assert found.changes[0] == ("behaviour.parameters.go=-0.9", "behaviour.parameters.price=0.15")
    assert found.values("behaviour.parameters.go") == [-0.9, -0.7, -0.5]
    assert sets_of(Path("one")) is None
    assert (sets_of(None) is None) == (not SHIPPED.is_file())


@pytest.mark.parametrize("weight", ["-1", "0", "x", "nan", "inf"])
def test_a_weight_is_a_number_above_zero(tmp_path, weight):
    file = tmp_path / "sets.csv"
    file.write_text(f"behaviour.parameters.go,weight\n-0.9,1\n-0.7,{weight}\n", encoding="utf-8")
    with pytest.raises(UserError, match=rf"sets\.csv:3:1: weight: `{weight}`: a weight is a number above zero"):
        sets_of(file)


def test_the_share_goes_by_weight_and_names_what_turns_it():
    rows = (("1", "5 yuan"), ("2", "4 yuan"), ("3", "5 yuan"), ("4", "4 yuan"))
    ensemble = Ensemble(("turns", "does_not"), rows, (0.1, 0.2, 0.3, 0.4))
    headline = next(iter(headlines().values())).model_copy(update={"direction": "rises"})
    found = sign("x", headline, [1.0, 2.0, -1.0, -3.0], ensemble)
    assert found.share == pytest.approx(0.3)
    assert found.mean == pytest.approx(0.1 + 0.4 - 0.3 - 1.2)
    assert found.sets == 4
    ((name, far),) = found.turned_by
    assert (name, far) == ("turns", pytest.approx(2 / 1.2909944487358056))
    falling = sign("x", headline.model_copy(update={"direction": "falls"}), [1.0, 2.0, -1.0, -3.0], ensemble)
    assert falling.share == pytest.approx(0.7)
    assert turned_by([True, True, True, False], ensemble) == ()


def test_headlines_are_of_scenarios_and_arms_that_are_there():
    assert len(headlines()) >= 10
    for name, each in headlines().items():
        arms = load(scenarios_folder() / f"{each.scenario}.yaml", families=20).arms
        assert {each.arm, each.against} <= set(arms), name


def test_every_set_is_run_once(tmp_path, monkeypatch):
    file = tmp_path / "headlines.yaml"
    file.write_text(HEADLINE, encoding="utf-8")
    known = read_headlines(file)
    monkeypatch.setattr(runner, "headlines", lambda: known)
    whole = runner.load
    short = ("time.warm_up=1 months", "time.start=2023-12", "time.end=2024-02")
    monkeypatch.setattr(runner, "load", lambda file, families: whole(file, short, families=families))
    only = Asked(levels=False, history=False, claims=False, channels=False)
    (found,) = validate(only, tmp_path, Size(60, 2), How(1, sets_of(SETS))).signs
    assert found.sets == 3
    assert found.share in (0.0, 0.25, 0.5, 0.75, 1.0)
    assert len(list((tmp_path / "parts").iterdir())) == 3
    (first,) = validate(only, tmp_path, Size(60, 2, sets=2), How(1, sets_of(SETS))).signs
    assert first.sets == 2
    assert first.share in (0.0, 0.5, 1.0)
    assert len(list((tmp_path / "parts").iterdir())) == 3
