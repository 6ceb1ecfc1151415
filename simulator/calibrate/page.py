"""The page of an ensemble, from the tables of its folder."""

from pathlib import Path


def write_page(folder: Path) -> None:
    """Write ``ensemble.md`` beside the tables."""
