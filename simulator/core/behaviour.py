"""The set of behavioural parameters: a folder of `simulator/behaviour/` becomes one row that rules read by name.

A file of the folder is a section, named after the act, service or matter that its parameters belong to. Each entry has
value, unit, meaning, and a source where it is not the one that gave the set its name. The one set for every place,
``prototype``, was fitted on a prototype to the national levels of 2023 (docs/science.md, section 5), not on this model;
calibration will replace its values.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import yaml

FOLDER = Path(__file__).resolve().parents[1] / "behaviour"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


BOUNDED = ("share", "0 to 1", "probability", "severity")
"""Units of parameters from 0 to 1."""
SIGNED = ("1", "logit", "utility", "1/severity", "yuan")
"""Units of parameters of either sign, and how those of weights begin; all others are zero or more."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One behavioural parameter."""

    name: str
    section: str
    value: float
    unit: str
    meaning: str
    source: str

    @property
    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value that its unit allows."""
        if self.unit in BOUNDED:
            return 0.0, 1.0
        signed = self.unit in SIGNED or self.unit.startswith(("logit ", "utility ", "per unit ", "per log "))
        return (-math.inf if signed else 0.0), math.inf

    @property
    def of_money(self) -> int:
        """Power of money in its unit: 1 for an amount, -1 for a weight on one, 0 where a ratio or a log leaves none.

        >>> of = {each.name: each.of_money for each in parameters()}
        >>> of["refer_money"], of["price"], of["go_price"], of["retest_margin"]
        (1, -1, 0, 0)
        """
        over, _, under = self.unit.replace("yuan/yuan", "1").replace("log yuan", "1").partition("per ")
        return ("yuan" in over) - ("yuan" in under)


@cache
def parameters(name: str = "prototype") -> tuple[Parameter, ...]:
    """Every parameter of a set, section by section.

    Raises ValueError for an unknown set and for an entry without value, unit or meaning.
    """
    if name not in sets():
        raise ValueError(f"behaviour/{name}: no such set")
    found: dict[str, Parameter] = {}
    for file in sorted((FOLDER / name).glob("*.yaml")):
        for key, entry in yaml.load(file.read_text(encoding="utf-8"), LOADER).items():
            unknown = set(entry) - {"value", "unit", "meaning", "source"}
            if unknown or not {"value", "unit", "meaning"} <= set(entry) or key in found:
                raise ValueError(f"behaviour/{name}/{file.name}: {key} needs value, unit, meaning, once")
            found[key] = Parameter(
                key, file.stem, float(entry["value"]), entry["unit"], entry["meaning"], entry.get("source", name)
            )
    return tuple(found.values())


def sets() -> list[str]:
    """Names of the sets that exist."""
    return sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir())


@cache
def names() -> tuple[str, ...]:
    """Names of the parameters of all sets."""
    return tuple(dict.fromkeys(each.name for name in sets() for each in parameters(name)))


def row(name: str = "prototype", changed: Mapping[str, float] | None = None, worth: float = 1.0) -> np.ndarray:
    """The set as a table of one row, one float64 column per parameter; ``changed`` has other values for some.

    ``worth`` is what is paid for a yuan of the set in the money of the place: amounts are multiplied by it.
    """
    entries = parameters(name)
    table = np.zeros(1, np.dtype((np.record, [(t.name, "f8") for t in entries])))
    for t in entries:
        table[t.name] = t.value
    for key, value in (changed or {}).items():
        table[key] = value
    for t in entries:
        table[t.name] *= worth**t.of_money
    return table
