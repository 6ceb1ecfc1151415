"""How a commercial insurer and providers work together: every form by hand, to the fen, and at work."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from simulator.core.meanings import meaning
from simulator.engine.terms.insurers import weigh_insurers
from simulator.fund.form import Month, found
from simulator.fund.insurers import Insurer
from simulator.fund.plans.commercial import Commercial
from simulator.scenario import load
from simulator.scenario.compile.build import build
from tests.small import COUNTY, SHORT

FOLDER = Path(__file__).parent / "forms"
FILES = {file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.yaml"))}
CASES = [pytest.param(name, case, id=f"{name}: {case['name']}") for name, cases in FILES.items() for case in cases]


def test_every_form_has_its_case_file():
    assert list(FILES) == list(found())


@pytest.mark.parametrize("name", found())
def test_every_form_is_documented(name):
    form = found()[name]
    assert form.__doc__
    assert form.source
    assert form.model_fields["form"].annotation.__args__ == (name,)
    assert all(meaning(form, name) for name in form.model_fields)


@pytest.mark.parametrize(("name", "case"), CASES)
def test_case(name, case):
    """One facility: what moves, and what one more fen costs it, of good and beyond."""
    form = found()[name].model_validate({"form": name} | case["form"])
    of = case["of"]
    month = Month(
        claims=np.array([of["claims"]]),
        over=np.array([of["over"]]),
        margin=np.array([of["margin"]]),
        share=np.array([of["share"]]),
        partner=np.array([of.get("partner", True)]),
        doctors=np.array([of.get("doctors", 0.0)]),
        calendar=of.get("calendar", 1),
        scale=of.get("scale", 1.0),
    )
    moved = {f"{t.payer} to {t.payee}, {t.kind}": int(t.fen[0]) for t in form.settle(month) if t.fen.any()}
    assert moved == (case["moves"] or {})
    assert form.own(month.share, month.partner).tolist() == [case.get("own", 1.0)]
    assert form.cost(month.share, month.partner)[0].tolist() == pytest.approx(case.get("costs", [0.0, 0.0]))


def place(families: int = 40, **form) -> tuple:
    """A county, and the beliefs of its facilities, in which an insurer brings every facility a fifth of its income."""
    world = build(load("base", changes=[SHORT, COUNTY], families=families, months=2))
    world.beliefs["outpatient"] = world.beliefs["inpatient"] = 0.4
    world.facilities["marginal_cost"] = 0.1
    world.facilities["intensity_out"], world.facilities["intensity_in"] = 1.5, 0.9
    size = len(world.facilities)
    signed = np.arange(size) < 2
    terms = {"kind": "commercial", "premium": 100, "loading": 0, "administration": 0}
    plan = Commercial.model_construct(**terms, providers=found()[form["form"]].model_validate(form))
    insurer = Insurer("firm", plan, 0, {}, signed)
    insurer.share = np.full(size, 0.2)
    world.insurers = [insurer]
    return world, signed


def test_who_is_found_out_earns_less_from_services_beyond_the_optimum():
    world, signed = place(form="designated_provider", detects=0.5)
    weigh_insurers(world)
    after = world.beliefs["outpatient"]
    assert (after[signed] < 0.4 - 0.09).all()  # nearly a fifth of a half
    assert (after[~signed] == 0.4).all()
    assert (world.beliefs["inpatient"] == 0.4).all()  # below the optimum, nothing is denied


def test_an_insurer_without_weight_is_ignored():
    world, signed = place(form="designated_provider", detects=0.5)
    world.insurers[0].share[:] = 0.01
    weigh_insurers(world)
    assert (world.beliefs["outpatient"][signed] > 0.4 - 0.001).all()


def test_what_is_owned_seeks_its_owners_gain_too():
    """Of 0.4 earned and 0.1 spent, 0.3 is gained; owned by half, and a fifth of the patients insured: half of 0.3 less
    half of a fifth."""
    world, signed = place(form="equity_stake", stake=0.5)
    weigh_insurers(world)
    gain = world.beliefs["outpatient"][signed] - world.facilities["marginal_cost"][signed]
    assert gain == pytest.approx(0.5 * 0.3 - 0.5 * 0.2)
