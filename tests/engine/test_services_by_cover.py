"""Services of a stay follow what the patient pays of a yuan: by hand, and in the bills of a place."""

import pytest

from simulator.benefit.cover import COVER, own_of_yuan
from simulator.core import behaviour
from simulator.engine.passes.price import services_by_cover
from simulator.scenario import load
from simulator.simulation import Simulation
from simulator.study.summary import last_months, over_period
from tests.small import COUNTY


def own(first: float, fund: float) -> float:
    row = COVER.rows(1)[0]
    row["first_self_pay"], row["fund_pays"] = first, fund
    return own_of_yuan(row)


def test_a_yuan_by_hand():
    """Of a yuan a tenth is paid first, and the fund pays 70 % of the rest: 37 fen are left."""
    assert own(0.1, 0.7) == pytest.approx(0.37)
    assert own(0.0, 0.0) == 1.0


def test_services_by_hand():
    """An elasticity of −0.226: at half of the price to the patient services are 2^0.226 times as many, 17 % more."""
    par = behaviour.row("prototype")[0]
    assert services_by_cover(0.25, par) == pytest.approx(1.0)
    assert services_by_cover(0.125, par) == pytest.approx(2**0.226)
    assert services_by_cover(1.0, par) == pytest.approx(4**-0.226)
    assert services_by_cover(0.0, par) == services_by_cover(0.05, par)


def stay_by_cover(elasticity: float, fund_pays: int) -> float:
    """Charge per admission at secondary hospitals of a county where every stay is covered alike."""
    cover = f"{{deductible: 0 yuan, fund_pays: {fund_pays}%}}"
    changes = [
        COUNTY,
        f"behaviour.parameters.cover_services={elasticity}",
        *(f"baseline.benefit.{plan}.inpatient.{tier}={cover}" for plan in ("resident", "employee")
          for tier in ("primary", "secondary", "tertiary")),
    ]  # fmt: skip
    monthly = Simulation(load("base", changes=changes, families=1500, months=12)).run().frames()["monthly"]
    year = over_period(monthly.assign(arm="", replication=0), *last_months(monthly))
    return float(year.set_index(["indicator", "tier", "plan"])["value"]["charge_per_admission", "secondary", ""])


@pytest.mark.parametrize(("elasticity", "more"), [(0.0, (0.93, 1.07)), (0.226, (1.12, 1.38))])
def test_better_cover_makes_the_same_stay_dearer_and_only_by_that(elasticity: float, more: tuple[float, float]):
    """Thirty points of fifty: own shares of 0.5 and 0.2, services 2.5^0.226 = 1.23 times as many."""
    ratio = stay_by_cover(elasticity, 80) / stay_by_cover(elasticity, 50)
    assert more[0] < ratio < more[1]
