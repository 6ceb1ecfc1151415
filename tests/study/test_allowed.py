"""What a design allows is known before it is run."""

from types import SimpleNamespace

import pytest

from simulator.study.analysis.allowed import allowed
from simulator.study.sweep.language import Grid, LatinHypercube, Morris, Sobol


def asked(design, levers: int = 0) -> dict[str, tuple[bool, int, int]]:
    found = allowed(SimpleNamespace(design=design, levers=dict.fromkeys(range(levers))))
    return {each.command: (each.yes, each.count, each.least) for each in found}


@pytest.mark.parametrize(("points", "yes"), [(10, False), (32, True)])
def test_draws_must_be_enough_for_delta(points: int, yes: bool) -> None:
    design = LatinHypercube(kind="latin_hypercube", points=points)
    assert asked(design)["sensitivity"] == (yes, points, 32)
    assert asked(design)["discover"][0] == (points >= 20)


def test_sobol_and_morris_need_less() -> None:
    assert asked(Sobol(kind="sobol", points=4))["sensitivity"] == (True, 4, 4)
    assert asked(Morris(kind="morris", trajectories=2))["sensitivity"] == (True, 2, 2)


def test_a_grid_draws_nothing() -> None:
    found = asked(Grid(kind="grid", steps=2), levers=1)
    assert found["sensitivity"] == found["discover"] == (False, 0, 0)
    assert found["search"][0]
    assert not asked(Grid(kind="grid", steps=2))["search"][0]
