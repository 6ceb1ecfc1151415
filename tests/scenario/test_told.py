"""The indicators that a scenario may scale a payment by are those that the engine tells."""

from simulator.engine.terms import alliances, panel
from tests.small import Spec, model


def test_names_are_those_of_the_levels():
    world = model(Spec(families=30, months=1)).run().world
    assert tuple(alliances.levels(world, 0)) == alliances.LEVELS
    assert tuple(panel.levels_by_facility(world)) == panel.LEVELS
