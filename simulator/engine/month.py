"""The month, written once: thirteen phases in order, each in its file of `phases/`. Every engine runs this list."""

from collections.abc import Callable

from simulator.engine.engine import Engine
from simulator.engine.phases.care import care
from simulator.engine.phases.conduct import conduct
from simulator.engine.phases.contention import contention
from simulator.engine.phases.financing import financing
from simulator.engine.phases.learning import learning
from simulator.engine.phases.life import life
from simulator.engine.phases.pay import pay
from simulator.engine.phases.reforms import reforms
from simulator.engine.phases.settle import settle
from simulator.engine.phases.siphoning import siphoning
from simulator.engine.phases.supply import supply
from simulator.engine.phases.terms_of_trade import terms_of_trade
from simulator.engine.state.world import World


def observe(world: World, engine: Engine) -> None:
    """13. The month is over; whoever watches reads `world.tally`."""
    world.month += 1


PHASES = (
    reforms,
    supply,
    financing,
    terms_of_trade,
    conduct,
    life,
    care,
    contention,
    pay,
    settle,
    learning,
    siphoning,
    observe,
)


def run_month(world: World, engine: Engine, watch: Callable[[World], None] = lambda world: None) -> None:
    """One month; ``watch`` is called when everything has happened and the month is not yet over."""
    for phase in PHASES:
        if phase is observe:
            watch(world)
        phase(world, engine)
