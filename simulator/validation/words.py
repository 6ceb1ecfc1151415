"""The tables of a validation in words, for the screen and for pages."""

from collections.abc import Iterator, Sequence

from simulator.core.messages import language, say
from simulator.report.by_channel import channel_word
from simulator.report.display import figure, unit_of, word
from simulator.validation.levels import targets
from simulator.validation.register import Experiment, register
from simulator.validation.robust import headlines
from simulator.validation.tables import NONE, WHOLE

COLUMNS = {
    "levels": ("figure", "target", "tolerance", "simulated", "interval", "inside"),
    "history": ("experiment", "figure", "published", "simulated", "interval", "sign_agrees", "inside", "used_before"),
    "claims": ("scenario", "figure", "claimed", "simulated", "interval", "verdict"),
    "conditions": ("scenario", "figure", "claimed", "simulated", "nearest", "reached", "changes"),
    "robust": ("headline", "share", "sets", "turned_by"),
    "channels": ("headline", "channel", "adds", "interval", "carries", "interval"),
    "recovery": ("parameter", "held", "trials"),
}
RIGHT = {
    "target", "tolerance", "published", "claimed", "simulated", "interval", "nearest", "share", "sets", "adds",
    "carries", "held", "trials",
}  # fmt: skip
POINTS = "points"
type Row = dict[str, str]


def lines_of(name: str, rows: Sequence[Row]) -> list[list[str]]:
    """A table in words, in the order of its columns; trials of recovery are counted by parameter."""
    if name == "recovery":
        names = dict.fromkeys(row["parameter"] for row in rows)
        mine = ((each, [row for row in rows if row["parameter"] == each]) for each in names)
        return [[f"`{each}`", str(count(found, "held")), str(len(found))] for each, found in mine]
    return [cells(name, row) for row in rows]


def cells(name: str, row: Row) -> list[str]:
    """A row of a table in words, in the order of its columns."""
    words = {
        "levels": _level, "history": _told, "claims": _claim, "conditions": _condition, "robust": _sign,
        "channels": _channel,
    }  # fmt: skip
    return list(words[name](row))


def _level(row: Row) -> Iterator[str]:
    unit = "number" if row["name"] in _ratios() else unit_of(row["indicator"])
    target = targets().targets.get(row["name"])
    over = "".join(f" ÷ {' '.join(_where(each.model_dump())) or '…'}" for each in (target.over[:1] if target else ()))
    yield f"{_named(row)}{over} ({row['at'].removeprefix('y')})"
    yield _figure(row["target"], unit)
    yield "± " + _figure(row["tolerance"], unit)
    yield _figure(row["simulated"], unit)
    yield _ends(row, unit)
    yield say(f"validation.{row['inside']}")


def _ratios() -> set[str]:
    """Targets that are figures over others."""
    return {name for name, each in targets().targets.items() if each.over}


def _told(row: Row) -> Iterator[str]:
    experiment = register()[row["id"]]
    prediction = experiment.predictions[row["measure"]]
    unit, signed = _form(row["change"], prediction.measure.indicator)
    unit = POINTS if prediction.change == "absolute" and prediction.measure.per is not None else unit
    yield getattr(experiment.title, language())
    yield _measure(experiment, row["measure"])
    yield _published(row, unit)
    yield _figure(row["simulated"], unit, signed)
    yield _ends(row, unit, signed)
    for name in ("sign_agrees", "inside", "used_before"):
        yield say(f"validation.{row[name]}") if row[name] else "–"


def _measure(experiment: Experiment, name: str) -> str:
    """The figure of a prediction in words."""
    prediction = experiment.predictions[name]
    measure = prediction.measure
    said = " ".join([word("indicator", measure.indicator), *_where(measure.model_dump())])
    if measure.times is not None:
        said += " " + say(
            "validation.without" if measure.rest else "validation.part", of=word("indicator", measure.times.indicator)
        )
    if measure.per is not None:
        said += " ÷ " + word("indicator", measure.per.indicator)
    if measure.total:
        said += " " + say("validation.total")
    if prediction.first is not None:
        said += f" ({prediction.first} – {prediction.last})"
    elif prediction.scenario is not None:
        said += f" ({prediction.scenario.rpartition('/')[2]})"
    return said


def _published(row: Row, unit: str) -> str:
    """The published number with its interval; its direction where only that is told."""
    arrow = say(f"validation.{row['direction']}")
    if row["kind"] == "sign" or not row["published"]:
        return arrow
    said = _figure(row["published"], unit, True)
    if row["published_low"]:
        said += f" ({_figure(row['published_low'], unit, True)} … {_figure(row['published_high'], unit, True)})"
    return said


def _form(change: str, indicator: str) -> tuple[str, bool]:
    """The unit of a change, and that it has a sign."""
    return ("share" if change == "relative" else _change(indicator)), True


def _change(indicator: str) -> str:
    """The unit of a change of an indicator: of shares it is points."""
    return POINTS if unit_of(indicator) == "share" else unit_of(indicator)


def _claim_form(row: Row) -> tuple[str, bool]:
    """The unit of a claim, and whether it is a change."""
    if row["form"] == "level":
        return unit_of(row["indicator"]), False
    return ("share" if row["form"] == "share" else _change(row["indicator"])), True


def _claim(row: Row) -> Iterator[str]:
    unit, signed = _claim_form(row)
    yield row["scenario"].rpartition("/")[2]
    yield _named(row)
    yield _figure(row["claimed"], unit, signed) + (
        f" … {_figure(row['claimed_to'], unit)}" if row["claimed_to"] else ""
    )
    yield _figure(row["simulated"], unit, signed)
    yield _ends(row, unit, signed)
    yield say(f"validation.{row['verdict']}") if row["verdict"] else "–"


def _condition(row: Row) -> Iterator[str]:
    unit, signed = _claim_form(row)
    yield row["scenario"].rpartition("/")[2]
    yield _named(row)
    for name in ("claimed", "simulated", "nearest"):
        yield _figure(row[name], unit, signed)
    yield say(f"validation.{row['reached']}")
    yield ", ".join(f"`{change}`" for change in row["changes"].split("; ") if change) or say("validation.no_change")


def _sign(row: Row) -> Iterator[str]:
    yield getattr(headlines()[row["id"]].title, language())
    yield _figure(row["share"], "share")
    yield row["sets"]
    yield row["turned_by"] or "–"


def _channel(row: Row) -> Iterator[str]:
    """A part of a headline's difference: of shares in points, else as a share of the baseline."""
    headline = headlines()[row["id"]]
    points = unit_of(headline.measure.indicator) == "share"
    below = 1.0 if points else float(row["level"])

    def said(column: str) -> str:
        return _figure(str(float(row[column]) / below) if row[column] else "", POINTS if points else "share", True)

    yield getattr(headline.title, language())
    words = {NONE: say("channels.none"), WHOLE: say("channels.whole")}
    yield words.get(row["channel"]) or channel_word(row["channel"])
    for column in ("adds", "carries"):
        yield said(column)
        yield f"{said(f'{column}_low')} … {said(f'{column}_high')}" if row[f"{column}_low"] else "–"


def _named(row: Row) -> str:
    return " ".join([word("indicator", row["indicator"]), *_where(row)])


def _where(row: dict[str, str]) -> list[str]:
    return [word(kind, row[kind]) for kind in ("tier", "plan", "part") if row.get(kind)]


def _figure(text: str, unit: str, signed: bool = False) -> str:
    """A figure with its mark; `POINTS` is the unit of changes of a share."""
    if not text:
        return "–"
    mark = {"share": " %", POINTS: " pp"}.get(unit, "")
    return figure(float(text), "share" if unit == POINTS else unit, signed=signed, mark=False) + mark


def _ends(row: Row, unit: str, signed: bool = False) -> str:
    if not row["low"]:
        return "–"
    return f"{_figure(row['low'], unit, signed)} … {_figure(row['high'], unit, signed)}"


def count(rows: Sequence[Row], column: str) -> int:
    """In how many rows a column says yes."""
    return sum(row[column] == "yes" for row in rows)
