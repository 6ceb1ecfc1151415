"""Easier settlement away from home, step by step: more stays leave the area (evidence S17, E11, S18)."""

import pytest

from tests.small import COUNTY, SHORT, Spec, model

AWAY = "{areas: [outside], fund_pays: -10 pp, unfiled: -20 pp, filed: 50%, settled: pay_first, unlisted: 10%}"
STEPS = (
    (),
    ("settled=direct", "unfiled_settled=pay_first"),
    ("settled=direct",),
    ("settled=direct", "filing=none"),
    ("settled=direct", "filing=none", "unlisted=0%"),
)
"""Everybody advances the bill; who files need not; nobody; nobody has to file; lists are recognised."""


def stays_in_the_area(*terms: str) -> tuple[float, float]:
    """Share of stays in the county, and what funds pay tertiary hospitals, which lie outside it, yuan."""
    plans = ("resident", "employee")
    changes = [f"baseline.benefit.{plan}.cross_region={AWAY}" for plan in plans]
    changes += [f"baseline.benefit.{plan}.cross_region.{term}" for plan in plans for term in terms]
    frames = model(Spec((SHORT, COUNTY, *changes), families=1000, months=6)).run().frames()
    table, places = frames["monthly"], frames["facilities"]
    mine = table[(table["indicator"] == "in_area_share") & (table["part"] == "admissions") & (table["plan"] == "")]
    outside = places["fund_yuan"][places["tier"] == "tertiary"].sum()
    return mine["numerator"].sum() / mine["denominator"].sum(), outside


def test_each_step_to_easier_settlement_lets_more_stays_leave():
    found = [stays_in_the_area(*terms) for terms in STEPS]
    shares, paid = zip(*found, strict=True)
    assert list(shares) == sorted(shares, reverse=True)
    assert shares[0] > shares[-1] + 0.05
    assert paid[-1] > paid[0] * 1.1


def test_filing_that_is_not_needed_is_like_everybody_filing():
    everybody = ("settled=direct", "filed=100%")
    assert stays_in_the_area("settled=direct", "filing=none") == pytest.approx(stays_in_the_area(*everybody))
