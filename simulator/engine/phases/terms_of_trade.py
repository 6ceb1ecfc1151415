"""Phase 4, terms of trade: what providers are allowed and believe to be."""

from simulator.engine.engine import Engine
from simulator.engine.state.world import World
from simulator.engine.terms.insurers import weigh_insurers
from simulator.engine.terms.trade import believe, market_of
from simulator.practice.conduct import levels


def terms_of_trade(world: World, engine: Engine) -> None:
    """4. What providers are allowed and believe to be, and what families pay."""
    world.market = market_of(world)
    believe(world)
    weigh_insurers(world)
    levels(world.facilities, float(world.behaviour[0]["stay_part"]))
