"""Phase 5, conduct: doctors and facilities choose their practice."""

from simulator.alliance import channels
from simulator.engine.engine import Engine
from simulator.engine.state.world import World
from simulator.engine.terms.unified import share_beds
from simulator.practice.conduct import levels
from simulator.practice.quality import quality
from simulator.services import services


def conduct(world: World, engine: Engine) -> None:
    """5. Doctors and facilities choose this month's practice from last month's books."""
    share_beds(world)
    if world.month:
        engine.decide(world)
        fac, par = world.facilities, world.behaviour[0]
        channels.look(fac, services.presence(fac, par), services.informs(fac, par), par)
        levels(world.facilities, float(world.behaviour[0]["stay_part"]))
    quality(world.facilities, world.behaviour)
