"""What the variables and outcomes of a study are called, in the language spoken now."""

from collections.abc import Mapping
from typing import Any

from simulator.core.messages import language, say
from simulator.report.display import SCALE, unit_of


def title(spec: Any, name: str) -> str:
    """The title of a variable or outcome of a study, its name where it has none."""
    known = {**spec.levers, **spec.uncertainties, **spec.outcomes}
    each = known.get(name)
    return getattr(each.title, language()) if each is not None and each.title else name


def policy(spec: Any, values: Mapping[str, Any]) -> str:
    """A combination of levers in words."""
    return ", ".join(f"{title(spec, name)} {value}" for name, value in values.items() if value)


def scale(spec: Any, outcome: str) -> float:
    """What an outcome is multiplied with where it is drawn: shares are drawn in per cent."""
    return SCALE.get(unit_of(spec.outcomes[outcome].indicator), 1.0)


def axis(spec: Any, outcome: str) -> str:
    """The label of an axis of an outcome."""
    mark = say("figures.percent") if scale(spec, outcome) == 100.0 else ""
    return title(spec, outcome) + mark
