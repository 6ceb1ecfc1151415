"""``tiercare rules``: every rule that a scenario can name, and the page of one."""

import importlib
import inspect
import pkgutil
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from simulator.core import units
from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.fund.form import found as forms
from simulator.payment.rule import Rule, TariffRule, found
from simulator.scenario.plans import Adjustment, Basic, Charity, Commercial, Mutual
from simulator.scenario.rules import SECTIONS, Payment, Settlement

if TYPE_CHECKING:
    from rich.table import Table

BENEFIT = "simulator.benefit.rules"
UNITS = ("Money", "PerYear", "Share", "Points", "Change", "Factor", "Times", "Rate", "Minutes", "Days", "Months")
UNITS += ("WholeMonths", "Count", "Number", "Positive", "Scale", "Month")
READERS = {id(getattr(units, name).__metadata__[0]): name for name in UNITS}


class Page(NamedTuple):
    """A rule: its section in a scenario, its name, its text and source, and its parameters if it is a model."""

    section: str
    name: str
    text: str
    source: str
    model: type[BaseModel] | None


def pages() -> list[Page]:
    """Every payment rule, settlement and benefit rule."""
    made = []
    for section, folder in SECTIONS.items():
        for name, rule in found(folder).items():
            module = inspect.getmodule(rule)
            head = _sentence(inspect.getdoc(module) or "")
            text = f"{head}\n\n{inspect.getdoc(rule) or ''}"
            made.append(Page(section, name, text, rule.source, rule))
    return made + _benefit() + _insurers()


def _insurers() -> list[Page]:
    """Kinds of plan, and forms in which an insurer works with providers."""
    made = []
    for kind in (Basic, Mutual, Commercial, Charity, Adjustment):
        name = get_args(kind.model_fields["kind"].annotation)[0]
        made.append(Page("plans", name, inspect.getdoc(kind) or "", getattr(kind, "source", ""), kind))
    for name, form in forms().items():
        module = inspect.getmodule(form)
        text = f"{_sentence(inspect.getdoc(module) or '')}\n\n{inspect.getdoc(form) or ''}"
        made.append(Page("providers", name, text, form.source, form))
    return made


def _benefit() -> list[Page]:
    """Benefit rules are steps of one bill: a module each, with a model only where it has parameters of its own."""
    package, made = importlib.import_module(BENEFIT), []
    for name in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
        module = importlib.import_module(f"{BENEFIT}.{name}")
        own = [o for o in vars(module).values() if getattr(o, "__module__", None) == module.__name__]
        model = next((o for o in own if isinstance(o, type) and issubclass(o, BaseModel)), None)
        texts = [inspect.getdoc(module) or "", *(inspect.getdoc(o) or "" for o in own if o is not model)]
        made.append(Page("benefit", name, "\n\n".join(t for t in texts if t), getattr(module, "SOURCE", ""), model))
    return made


def rules_table() -> "Table":
    """One line per rule."""
    from rich.table import Table

    made = Table(box=None, pad_edge=False)
    for column in ("section", "rule", "meaning"):
        made.add_column(say(f"report.{column}"))
    for page in pages():
        made.add_row(page.section, page.name, _sentence(page.text))
    return made


def rule_page(name: str) -> "list[Table | str]":
    """Text, formula, parameters with their units and defaults, and source of the rules of that name.

    Raises UserError for an unknown one.
    """
    wanted = [page for page in pages() if page.name == name]
    if not wanted:
        raise UserError(say("rule_unknown", rule=name) + near(name, [page.name for page in pages()]))
    said: list[Table | str] = []
    for page in wanted:
        said += [f"{page.section}: {page.name}", page.text, ""]
        if page.model is not None and page.model.model_fields:
            said.append(_parameters(page.model))
        if page.source:
            said += ["", say("report.source_is", source=page.source)]
        if page.model is not None and issubclass(page.model, Rule):
            said += ["", say("report.example"), *page.model.example.strip("\n").splitlines(), "", *_earns(page.model)]
    return said


def _earns(model: type[Rule]) -> "list[Table | str]":
    """What one more of each thing earns under the rule of the example."""
    from simulator.report.rule_earns import earns_table
    from simulator.scenario.load import load

    block = example_of(model)
    table = earns_table(block.rule, load("base"), block.scope)
    return [table if table is not None else say("report.earns_nothing")]


def example_of(model: type[Rule]) -> Payment | Settlement:
    """The rule's example, which is one named block of a scenario."""
    from simulator.scenario.merge import plain
    from simulator.scenario.strict_yaml import Map, read

    written = read(model.example, say("report.example"))
    assert isinstance(written, Map)
    (block,) = plain(written).values()
    return (Payment if issubclass(model, TariffRule) else Settlement).model_validate(block)


def _parameters(model: type[BaseModel]) -> "Table":
    from rich.table import Table

    made = Table(box=None, pad_edge=False)
    for column in ("parameter", "written", "default", "meaning"):
        made.add_column(say(f"report.{column}"), overflow="fold")
    for name, kind, default, meaning in parameters(model):
        made.add_row(name, kind, default, meaning)
    return made


def parameters(model: type[BaseModel], inside: str = "") -> list[tuple[str, str, str, str]]:
    """(path, unit, default, meaning) of every parameter, those of blocks inside after the block."""
    rows = []
    for name, field in model.model_fields.items():
        path = f"{inside}{field.alias or name}"
        meaning = " ".join((field.description or "").split())
        rows.append((path, _unit(field.annotation, tuple(field.metadata)), _default(field), meaning))
        for block in _models(field.annotation):
            rows += parameters(block, f"{path}.")
    return rows


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return say("report.needed")
    value = field.get_default(call_default_factory=True)
    return "–" if value in (None, {}, ()) else f"{value}"


def _unit(kind: Any, metadata: tuple[Any, ...] = ()) -> str:
    """How a parameter is written, by the type that reads it; parts of a type where it has none itself."""
    for item in (*metadata, *getattr(kind, "__metadata__", ())):
        if id(item) in READERS:
            return say(f"unit.{READERS[id(item)]}")
    if isinstance(kind, str):
        return kind
    parts = [_unit(part) for part in get_args(kind) if part is not type(None)]
    if parts:
        return ", ".join(dict.fromkeys(part for part in parts if part))
    return "" if _models(kind) else {str: say("unit.text"), bool: "true, false"}.get(kind, "")


def _models(kind: Any) -> list[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [kind]
    return [model for part in get_args(kind) for model in _models(part)]


def _sentence(text: str) -> str:
    """The first paragraph as one line."""
    return " ".join(text.partition("\n\n")[0].split())
