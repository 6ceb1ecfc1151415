"""Habit: the share of recent visits at each tier, which draws the next visit there (state dependence, B4)."""

from simulator.core.jit import compiled


@compiled
def after_visit(share, visited, par):
    """Share of recent visits at a tier after one more visit, there (``visited``) or elsewhere."""
    return share + par.habit_visit * ((1.0 if visited else 0.0) - share)
