"""Follow one family through a run, in one arm or several at once."""

from collections.abc import Callable, Sequence
from typing import Any

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.engine.runners.fast import Fast
from simulator.engine.state.world import World
from simulator.simulation import Simulation
from simulator.study.trace.find import find
from simulator.study.trace.record import Family, Story
from simulator.study.trace.watched import Watched, members

Progress = Callable[[int, int], None]
"""Called with months lived and months to live."""


def started(
    scenario: Any, seed: int = 1, replication: int = 0, months: int = 0, progress: Progress | None = None
) -> Simulation:
    """A model of the baseline at the end of its burn-in; ``months`` will be lived from there, for ``progress``."""
    model = Simulation(scenario, "baseline", seed=seed, replication=replication)
    for _ in range(model.burn_in):
        model.step()
        if progress:
            progress(model.steps_done, model.burn_in + months)
    return model


def chosen(model: Simulation, family: int | None, query: str | None) -> tuple[int, list[int]]:
    """The family to follow, and all that fit: the one with that number, or the first that fits ``query``.

    Raises:
        UserError: there is no such family.
    """
    last = len(model.world.families) - 2
    if query is not None:
        fits = find(model.world, query)
        if not fits:
            raise UserError(say("trace.find_nobody", query=query, families=last + 1))
        return fits[0], fits
    number = family or 0
    if not 0 <= number <= last:
        raise UserError(say("trace.family_none", family=number, last=last))
    return number, [number]


def arms_of(scenario: Any, wanted: Sequence[str] | None) -> list[str]:
    """The arms to lay side by side: those asked for, else the baseline and the first reform.

    Raises:
        UserError: there is no arm of that name.
    """
    names = list(scenario.arms)
    for arm in wanted or ():
        if arm not in names:
            raise UserError(say("study.arm_unknown", arm=arm, arms=", ".join(names), near=near(arm, names)))
    others = [name for name in names if name != "baseline"]
    return list(dict.fromkeys(wanted)) if wanted else ["baseline", *others[:1]]


def follow(
    model: Simulation, arms: Sequence[str], family: int, months: int, progress: Progress | None = None
) -> list[Story]:
    """The family's life in each arm, for ``months`` reported months on from the end of the burn-in.

    Args:
        model: of the baseline, at the end of its burn-in; it stays there.
        arms: names of the scenario's arms.
        family: its number.
        months: at least one; at most the reported months of the scenario.
        progress: called after every month.
    """
    stories = []
    who = about(model.world, family)
    for n, arm in enumerate(arms):
        branch = model.branch(arm)
        assert isinstance(branch.engine, Fast)
        watched = Watched(branch.engine, branch.world, family)
        branch.engine = watched
        for month in range(months):
            branch.step()
            if progress:
                progress(model.burn_in + n * months + month + 1, model.burn_in + len(arms) * months)
        words, tiers = branch.world.words, branch.world.facilities["tier"]
        stories.append(
            Story(arm, who, watched.months, words.facilities, tuple(tiers.tolist()), words.groups, words.plans)
        )
    return stories


def about(world: World, family: int) -> Family:
    """Who a family is now."""
    row = world.families[family]
    places = [(int(p), float(m)) for p, m in zip(row.place, row.minutes, strict=True) if p >= 0]
    area = world.words.areas[row.area]
    return Family(family, bool(row.urban), area, int(row.income), bool(row.poor), members(world, family), places)
