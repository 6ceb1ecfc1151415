"""Money that hospitals invest of their margin, in postings."""

import numpy as np

from simulator.engine.state.world import World


def invest_margins(world: World) -> None:
    """Post what hospitals decided to invest this month; `Settled.paid` gets the kinds of `INVESTMENT`."""
    fac, settled = world.facilities, world.tally.settled
    seller = np.array(world.ledger.index["suppliers:tests"])
    for kind, column in (("investment", "invests"), ("investment_beds", "invests_beds")):
        fen = fac[column].copy()
        if fen.any():
            world.ledger.post_many(world.accounts.facility, seller, kind, fen)
            settled.paid[kind] = fen
