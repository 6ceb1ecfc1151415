"""Write every figure of a run: SVG and PNG in each language, and the data behind it as CSV."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.core.messages import language, use
from simulator.report.figures.draw import figures
from simulator.report.figures.fonts import family_of

if TYPE_CHECKING:
    from simulator.study.results import Results

DOTS = 200
"""Dots per inch of the PNG files."""


def write_figures(results: "Results", folder: Path, languages: Iterable[str]) -> Iterator[Path]:
    """Write the figures that the run has data for; each file as soon as it is there.

    Args:
        results: of a run.
        folder: made if it is not there.
        languages: those whose characters can be drawn here, see ``fonts.family_of``.
    """
    import matplotlib

    folder.mkdir(parents=True, exist_ok=True)
    spoken = language()
    try:
        for name, (data, draw) in figures().items():
            table = data(results)
            if table.empty:
                continue
            file = folder / f"{name}.csv"
            table.to_csv(file, index=False, float_format="%.10g")
            yield file
            for tongue in languages:
                use(tongue)
                settings: Any = {
                    "font.family": family_of(tongue) or [],
                    "axes.unicode_minus": False,
                    "svg.fonttype": "path",
                    "svg.hashsalt": "tiercare",
                }
                with matplotlib.rc_context(settings):
                    drawn = draw(table)
                    vector, pixels = (folder / f"{name}.{tongue}.{kind}" for kind in ("svg", "png"))
                    drawn.savefig(vector, metadata={"Date": None})
                    yield vector
                    drawn.savefig(pixels, dpi=DOTS)
                    yield pixels
    finally:
        use(spoken)
