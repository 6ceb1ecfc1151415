"""The set of behavioural parameters: a file of `simulator/behaviour/` becomes one row that rules read by name."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

FOLDER = Path(__file__).resolve().parents[1] / "behaviour"


@dataclass(frozen=True, slots=True)
class Taste:
    """One behavioural parameter."""

    name: str
    section: str
    value: float
    unit: str
    meaning: str
    source: str


def tastes(name: str = "prototype") -> list[Taste]:
    """Every parameter of a set, in the order of its file.

    Raises FileNotFoundError for an unknown set and ValueError for an entry without value, unit or meaning.
    """
    content = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    source = content.pop("source")
    found: dict[str, Taste] = {}
    for section, entries in content.items():
        for key, entry in entries.items():
            unknown = set(entry) - {"value", "unit", "meaning", "source"}
            if unknown or not {"value", "unit", "meaning"} <= set(entry) or key in found:
                raise ValueError(f"behaviour/{name}.yaml: {section}.{key} needs value, unit, meaning, once")
            found[key] = Taste(
                key, section, float(entry["value"]), entry["unit"], entry["meaning"], entry.get("source", source)
            )
    return list(found.values())


def sets() -> list[str]:
    """Names of the sets that exist."""
    return sorted(file.stem for file in FOLDER.glob("*.yaml"))


def row(name: str = "prototype") -> np.ndarray:
    """The set as a table of one row, one float64 column per parameter."""
    entries = tastes(name)
    table = np.zeros(1, np.dtype((np.record, [(t.name, "f8") for t in entries])))
    for t in entries:
        table[t.name] = t.value
    return table
