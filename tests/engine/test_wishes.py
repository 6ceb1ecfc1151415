"""What families make of a hospital's name and of being certified for their children; and what they can raise."""

import numpy as np

from simulator.choice.admission import can_raise
from simulator.core import behaviour
from simulator.core.names import CENTRE
from simulator.engine.state.episodes import ILLNESS
from simulator.engine.state.world import World
from tests.small import AMPLE, COUNTY, SHORT, Spec, model, world

SPEC = Spec((SHORT, COUNTY, *AMPLE), families=400, months=1, seed=11)
CHILD = 15


def wishes(place: World) -> tuple[np.ndarray, np.ndarray]:
    """Of the first month's illnesses: the age of the patient, and the tier wished for, -1 for home."""
    system = model(SPEC, start=place)
    system.run_for(1)
    rows = np.concatenate([block.rows[: block.end] for block in system.engine.blocks])
    rows = rows[rows["kind"] == ILLNESS]
    return system.world.persons["age"][rows["person"]], rows["option"]


def test_parents_pass_by_who_is_not_certified():
    """Children go to primary care less where nobody is certified for them; adults go where they went."""
    age, certified = wishes(world(SPEC))
    place = world(SPEC)
    place.facilities["paediatric"] = 0
    same, uncertified = wishes(place)
    assert (age == same).all()
    child = age < CHILD
    assert child.sum() > 50
    near = [((o >= 0) & (o <= CENTRE))[child].sum() for o in (certified, uncertified)]
    assert near[1] < 0.95 * near[0]
    assert (certified[~child] == uncertified[~child]).all()


def test_a_name_draws_patients():
    """A hospital that seems more capable than it is gets more of them, at every age."""
    _, plain = wishes(world(SPEC))
    place = world(SPEC)
    place.facilities["fame"] = np.where(place.facilities["tier"] > CENTRE, behaviour.row()["fame_most"][0], 0.0)
    _, famous = wishes(place)
    assert (famous > CENTRE).sum() > (plain > CENTRE).sum()


def test_what_a_family_can_raise():
    par = behaviour.row()[0]
    assert can_raise(30_000.0, 6_000_000, par)
    assert not can_raise(100_000.0, 6_000_000, par)
    assert can_raise(0.0, 0, par)
