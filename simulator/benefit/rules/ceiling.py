"""The fund's yearly ceiling (封顶线): it pays no more for one person and setting in a calendar year."""

from simulator.core.jit import rule


@rule
def under_ceiling(fund, ceiling, paid):
    """Fen of the fund's part that are left under the ceiling, of which ``paid`` fen have been paid this year."""
    return min(fund, max(0, ceiling - paid))
