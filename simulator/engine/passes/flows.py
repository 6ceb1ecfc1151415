"""Who really went from where to where."""

from simulator.core.jit import compiled
from simulator.engine.state.episodes import HANDED_OVER, RETURNING

UP, DOWN, ADMITTED, RETURNED, OVER = range(5)
STAGES = ("up", "down", "admitted", "returned", "handed_over")
"""Kinds of real flow between facilities."""


@compiled
def list_flows(rows, facilities, found):
    """List into ``found`` (at most three a row) what moved, as (kind · facilities + from) · facilities + to; how many.
    ``facilities`` is their number."""
    n = 0
    for r in range(len(rows)):
        e = rows[r]
        if e.referred >= 0:
            stage = OVER if e.sent == HANDED_OVER else UP
            found[n] = (stage * facilities + e.seen) * facilities + e.referred
            n += 1
        if e.admitted < 0:
            continue
        last = e.referred if e.referred >= 0 else e.seen
        if last >= 0 and last != e.admitted:
            found[n] = (ADMITTED * facilities + last) * facilities + e.admitted
            n += 1
        if e.moved_to >= 0:
            found[n] = (DOWN * facilities + e.admitted) * facilities + e.moved_to
            n += 1
        if e.kind == RETURNING:
            found[n] = (RETURNED * facilities + e.admitted) * facilities + e.admitted
            n += 1
    return n
