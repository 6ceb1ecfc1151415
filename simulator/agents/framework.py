"""Mesa, without what this program does not use of it: spaces, data frames and batch runs load when somebody looks."""

from simulator.core.later import later

with later(
    "pandas", "mesa.discrete_space", "mesa.space", "mesa.experimental.continuous_space", "mesa.experimental.devs",
    "mesa.experimental.meta_agents",
):  # fmt: skip
    import mesa

__all__ = ["mesa"]
