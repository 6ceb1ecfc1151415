"""Write every figure of a run: SVG and PNG in each language, the data behind it as CSV, and what it says."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.core.errors import UserError, near
from simulator.core.messages import language, say, use
from simulator.report.display import titles
from simulator.report.figures import of_report
from simulator.report.figures.declared import Declared, declared
from simulator.report.figures.draw import figures
from simulator.report.figures.sentences import said
from simulator.report.figures.style import saved

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from simulator.report.figures.draw import Data, Draw
    from simulator.study.results import Results


type Sentences = Callable[["pd.DataFrame"], list[str]]


def write_figures(results: "Results", folder: Path, languages: Iterable[str]) -> Iterator[Path]:
    """Write the figures that the run has data for; each file as soon as it is there.

    Args:
        results: of a run.
        folder: made if it is not there.
        languages: those whose characters can be drawn here, see ``fonts.family_of``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tongues = list(languages)
    spoken = language()
    for name, (data, draw, sentences) in _every(results).items():
        table = data(results)
        if table.empty:
            continue
        file = folder / f"{name}.csv"
        table.to_csv(file, index=False, float_format="%.10g")
        yield file
        yield from saved(_with_titles(draw, results), table, folder, name, tongues)
        for tongue in tongues:
            use(tongue)
            with titles(results.manifest["scenario"]["resolved"], short=True):
                text = "".join(f"{sentence}\n" for sentence in sentences(table))
            use(spoken)
            file = folder / f"{name}.{tongue}.txt"
            file.write_text(text, encoding="utf-8")
            yield file


def _every(results: "Results") -> "dict[str, tuple[Data, Draw, Sentences]]":
    """Every figure by name: what makes its data, draws it, and says what it supports."""
    made: dict[str, tuple[Data, Draw, Sentences]] = {}
    for name, (data, draw) in figures().items():
        made[name] = data, draw, partial(_said, results, declared()[name])
    made["payers"] = of_report.payers, partial(of_report.bars, name="payers"), of_report.payers_said
    made["moves"] = of_report.moves, partial(of_report.bars, name="moves"), of_report.moves_said
    return made


def _said(results: "Results", figure: Declared, table: "pd.DataFrame") -> list[str]:
    return said(results, figure)


def _with_titles(draw: "Draw", results: "Results") -> "Draw":
    """Draw with the titles of arms, plans and alliances in the language spoken then."""

    def drawn(table: "pd.DataFrame") -> "Figure":
        with titles(results.manifest["scenario"]["resolved"], short=True):
            return draw(table)

    return drawn


def plot(results: "Results", name: str = "differences") -> "Figure":
    """One figure of a run, as ``tiercare figures`` draws it, in the language spoken now.

    Args:
        results: of a run.
        name: such as `over_months`, `by_tier`, `differences`, `reserves`, `margins`, `gaming`.

    Raises:
        UserError: there is no such figure.
    """
    known = figures()
    if name not in known:
        raise UserError(say("figures.unknown", name=name, known=", ".join(known)) + near(name, known))
    data, draw = known[name]
    with titles(results.manifest["scenario"]["resolved"], short=True):
        return draw(data(results))
