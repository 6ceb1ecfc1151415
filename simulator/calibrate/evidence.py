"""What a figure of the evidence may be used for: only a target may be fitted to, a validation never."""

from functools import cache

from simulator.core.errors import near
from simulator.core.messages import say
from simulator.scenario.language.packaged import scenarios_folder

FIGURES = ("parameters.yaml", "levels.yaml")
JUDGEMENT = "judgement"
"""What a target is called that no figure stands behind."""
FINDING = "finding"
"""What a target is called that the scenario itself holds among its findings."""


@cache
def uses() -> dict[str, str]:
    """What each figure of the evidence may be used for."""
    import yaml

    folder = scenarios_folder() / "evidence"
    parts = [yaml.safe_load((folder / file).read_text(encoding="utf-8")) for file in FIGURES]
    return {entry["id"]: entry["use"] for part in parts for entries in part.values() for entry in entries}


def may_be_fitted(figure: str) -> str:
    """The figure, where it may be fitted to. Raises ValueError where there is none, or where it has another use."""
    if figure in (JUDGEMENT, FINDING):
        return figure
    if figure not in uses():
        raise ValueError(say("calibrate.no_figure", id=figure) + near(figure, uses()))
    if (use := uses()[figure]) != "target":
        raise ValueError(say("calibrate.no_target", id=figure, use=use))
    return figure
