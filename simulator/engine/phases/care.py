"""Phase 7, care: who is ill and wants to go where."""

from simulator.engine.engine import Engine
from simulator.engine.state.world import World


def care(world: World, engine: Engine) -> None:
    """7. Families, member by member: who is ill, how badly, where they want to go, and whether."""
    engine.choose(world)
