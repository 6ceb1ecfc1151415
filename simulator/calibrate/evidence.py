"""What a figure of the evidence may be used for: only a target may be fitted to, a validation never."""

from functools import cache
from typing import Any

from simulator.core.errors import near
from simulator.core.messages import say
from simulator.scenario.language.packaged import scenarios_folder

FIGURES = ("parameters.yaml", "levels.yaml", "experiments.yaml")
"""Files of the evidence that hold figures."""
JUDGEMENT = "judgement"
"""What a target is called that no figure stands behind."""
FINDING = "finding"
"""What a target is called that the scenario itself holds among its findings."""


@cache
def evidence() -> dict[str, dict[str, Any]]:
    """Every entry of the files of figures, by its id."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    texts = ((scenarios_folder() / "evidence" / file).read_text(encoding="utf-8") for file in FIGURES)
    return {entry["id"]: entry for text in texts for part in yaml.load(text, loader).values() for entry in part}


def uses() -> dict[str, str]:
    """What each figure of the evidence may be used for."""
    return {name: entry["use"] for name, entry in evidence().items()}


def may_be_fitted(figure: str) -> str:
    """The figure, where it may be fitted to. Raises ValueError where there is none, or where it has another use."""
    if figure in (JUDGEMENT, FINDING):
        return figure
    if figure not in uses():
        raise ValueError(say("calibrate.no_figure", id=figure) + near(figure, uses()))
    if (use := uses()[figure]) != "target":
        raise ValueError(say("calibrate.no_target", id=figure, use=use))
    return figure
