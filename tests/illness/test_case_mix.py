"""Case mix: weights within a group, their mean, and who is treated where."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.choice.admission import too_complex
from simulator.core import behaviour
from simulator.core.names import CENTRE, SECONDARY, TERTIARY
from simulator.illness.case_groups import CASE_GROUPS, CaseGroup, mean_weight, table
from simulator.illness.case_mix import complications, weight_of
from simulator.illness.severity import severity_of
from tests.small import COUNTY, Spec, model, world

PAR = behaviour.row()[0]


def group(weight: float, needed: float, severity: float = 0.5) -> CaseGroup:
    return CaseGroup("x", "all", needed, weight, 8.0, 100, 10_000, severity)


def seen(severities: np.ndarray) -> np.ndarray:
    return 0.4 + 0.6 * severities


@pytest.mark.parametrize(
    ("severity", "weight"),
    [(0.5, 1.2), (0.75, 1.2 * math.exp(0.5)), (0.4, 1.2 * math.exp(-0.2)), (1.0, 1.2 * 2.5), (0.0, 1.2 * 0.6)],
)
def test_a_group_of_plain_weight_1_2(severity: float, weight: float):
    """At the severity from which the group is admitted a case weighs 1.2; twice the distance is doubled in the log,
    within 0.6 and 2.5."""
    row = CASE_GROUPS.rows(1)[0]
    row["plain_weight"], row["threshold"] = 1.2, 0.5
    assert weight_of(severity, row, PAR) == pytest.approx(weight)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(-0.5, 1.5))
def test_more_severe_is_never_lighter(a: float, b: float, threshold: float):
    low, high = (complications(x, threshold, PAR) for x in sorted((a, b)))
    assert PAR["weight_least"] <= low <= high <= PAR["weight_most"]


@pytest.mark.parametrize("slope", [0.0, 1.0, 3.0])
def test_admissions_expected_weigh_one_on_average(slope: float):
    """And those of each group what the table says of it, whatever the slope: 30 of weight 0.5 and 10 of weight 2.5
    make a mean of one, so that double weights change nothing."""
    par = PAR.copy()
    par["weight_severity"] = slope
    groups = [group(1.0, 30, 0.3), group(5.0, 10, 0.7)]
    assert mean_weight(groups) == 2.0
    rows = table(groups, [100.0, 100.0], seen, par)
    assert rows["weight"].tolist() == [0.5, 2.5]
    for row in rows:
        drawn = np.array([severity_of((k + 0.5) / 4096, row) for k in range(4096)])
        beds = seen(drawn) / (1 + np.exp(-par["admission_slope"] * (drawn - row["threshold"])))
        weights = np.array([weight_of(s, row, par) for s in drawn])
        assert (weights * beds).sum() / beds.sum() == pytest.approx(row["weight"], rel=0.01)
        assert slope > 0 or weights == pytest.approx(row["weight"])


def test_nobody_needs_a_bed():
    assert mean_weight([group(1.4, 0.0)]) == 1.0


def test_what_a_tier_is_not_made_for():
    """So much for each unit of weight above the limit of the tier; tertiary hospitals take everything."""
    centre, secondary = float(PAR["triage_centre"]), float(PAR["triage_secondary"])
    assert too_complex(centre + 0.5, CENTRE, PAR) == pytest.approx(0.5 * PAR["triage"])
    assert too_complex(secondary + 0.5, SECONDARY, PAR) == pytest.approx(0.5 * PAR["triage"])
    assert too_complex(secondary, SECONDARY, PAR) == too_complex(centre, CENTRE, PAR) == 0.0
    assert too_complex(9.0, TERTIARY, PAR) == 0.0


def test_heavier_cases_lie_higher_up():
    """And without triage and splits less so."""

    def index(*changes: str) -> tuple[float, float]:
        system = model(Spec((COUNTY, *changes), families=600, months=6)).run()
        monthly = system.frames()["monthly"]
        rows = monthly[monthly.indicator == "case_mix_index"].groupby("tier")[["numerator", "denominator"]].sum()
        low, high = (rows.numerator[t] / rows.denominator[t] for t in ("centre", "tertiary"))
        return low, high

    low, high = index()
    parameters = "behaviour.parameters"
    flat_low, flat_high = index(f"{parameters}.triage=0", f"{parameters}.weight_severity=0")
    assert low < 1 < high
    assert high / low > flat_high / flat_low


def test_weights_are_those_of_every_world():
    """Worlds of one scenario, and so arms of one replication, have one table."""
    assert (world(Spec((COUNTY,))).groups == world(Spec((COUNTY,))).groups).all()
