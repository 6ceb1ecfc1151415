"""Figures of the evidence by id, for those that are held against a result."""

from functools import cache
from typing import Any

from simulator.calibrate.evidence import evidence
from simulator.scenario.language.packaged import scenarios_folder


def figure_of(name: str, path: str) -> Any:
    """What stands at a dotted path in the value of an entry, or the whole of it; None where nothing does.

    >>> figure_of("zero_markup_25_counties", "outpatient.total"), figure_of("zero_markup_drug_expense", "")
    (-0.2366, -0.47)
    """
    found = evidence()[name]["value"]
    for key in filter(None, path.split(".")):
        found = found.get(key) if isinstance(found, dict) else None
    return found


@cache
def programmes() -> dict[str, dict[str, Any]]:
    """Every programme of the evidence, by its id."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = (scenarios_folder() / "evidence" / "systems.yaml").read_text(encoding="utf-8")
    return {entry["id"]: entry for entry in yaml.load(text, loader)["systems"]}
