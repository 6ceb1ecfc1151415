"""Who plays: the agents of a model, in the classes that the user gives."""

from collections.abc import Callable
from typing import Any, TypedDict
from typing import cast as typed

from simulator.agents.family import Families, Family
from simulator.agents.framework import mesa
from simulator.agents.insurers import Alliance, Fund, Insurer
from simulator.agents.places import CLASSES, Facility, FamilyDoctor
from simulator.core.errors import near
from simulator.core.garbage import uncollected
from simulator.scenario.compile.insurers import policy_names

type Own[A] = type[A] | Callable[[Any, Any], A | None]
"""A class of agents, or a function of the model and of what the agent stands for that returns one, or None for a usual
one: a row of the tables (families, facilities), a facility (doctors), the number of a plan (funds), a name (insurers,
alliances)."""


class Cast(TypedDict, total=False):
    """Agents of one's own, by kind. A class of facilities takes the place of those it derives from: one derived from
    `CountyHospital` is every county hospital, one derived from `Facility` is every place."""

    family: Own[Family] | None
    facility: Own[Facility] | None
    doctor: Own[FamilyDoctor] | None
    fund: Own[Fund] | None
    insurer: Own[Insurer] | None
    alliance: Own[Alliance] | None


KINDS: dict[str, type[mesa.Agent]] = {
    "family": Family,
    "facility": Facility,
    "doctor": FamilyDoctor,
    "fund": Fund,
    "insurer": Insurer,
    "alliance": Alliance,
}


def cast(model: Any, own: Cast) -> None:
    """Make the facilities, doctors, funds, insurers and alliances of a model, in the order of their rows, and the
    families that are of a class of one's own. Raises TypeError for what is no agent of the kind."""
    for name, given in own.items():
        if name not in KINDS:
            raise TypeError(f"HealthSystem has no `{name}`{near(name, KINDS)}")
        if isinstance(given, type) and not issubclass(given, KINDS[name]):
            raise TypeError(f"{name}={given.__name__}: a class derived from {KINDS[name].__name__} is expected")
    world, words = model.world, model.world.words
    model.families = Families(model)
    model.facilities = [
        _make(model, own, "facility", row, CLASSES.get(int(tier), Facility))
        for row, tier in enumerate(world.facilities["tier"])
    ]
    model.doctors = [_make(model, own, "doctor", facility) for facility in model.facilities]
    model.funds = [_make(model, own, "fund", plan) for plan in range(len(words.plans))]
    model.insurers = [_make(model, own, "insurer", name) for name in policy_names(model.plan)]
    model.alliances = [_make(model, own, "alliance", name) for name in words.holders[1:]]
    given = own.get("family")
    if given is None or given is Family:
        return
    with uncollected():
        for row in range(len(model.families)):
            family = given(model, row)
            if family is not None and not (isinstance(family, Family) and family.index == row):
                raise TypeError(f"family={given!r}: family {row} or None is expected for {row}, not {family!r}")


def _make(model: Any, own: Cast, name: str, what: Any, usual: type | None = None) -> Any:
    """One agent, of the class given or, where that is for others or says None, of the usual one."""
    usual = usual or KINDS[name]
    given = typed(dict, own).get(name)
    if isinstance(given, type):
        fits = issubclass(given, usual) or not issubclass(given, tuple(CLASSES.values()))
        return (given if fits else usual)(model, what)
    agent = given(model, what) if given else None
    if agent is not None and not isinstance(agent, KINDS[name]):
        raise TypeError(f"{name}={given!r}: an agent of {KINDS[name].__name__} or None is expected, not {agent!r}")
    return agent or usual(model, what)
