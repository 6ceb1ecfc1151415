"""``tiercare rules``: every rule, benefit rule, kind of plan and form that a scenario can name, and the page of one."""

import inspect
import re
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from simulator.benefit.rule import found as benefit_rules
from simulator.core import units
from simulator.core.errors import UserError, near
from simulator.core.meanings import meaning
from simulator.core.messages import say
from simulator.fund.form import found as forms
from simulator.fund.plan import found as kinds
from simulator.payment.rule import Rule, TariffRule, found
from simulator.scenario.schema.rules import SECTIONS, Payment, Settlement

if TYPE_CHECKING:
    from rich.table import Table

    from simulator.scenario.schema.scenario import Scenario

UNITS = (
    "Money",
    "PerYear",
    "Budget",
    "Share",
    "Points",
    "Change",
    "Factor",
    "Times",
    "Stock",
    "Flow",
    "Risk",
    "Minutes",
    "HoursAWeek",
)
UNITS += ("Days", "Months", "WholeMonths", "Count", "Number", "Positive", "Scale", "Month")
READERS = {id(getattr(units, name).__metadata__[0]): name for name in UNITS}
ALLIANCE = "{form: county_community, lead: county_1, members: {below: county_1}, tightness: 0.5}"
"""An alliance for examples of rules that are for one."""
WRAPPED = 100
"""Length from which on a line of a rule's text may go on in the next."""

type Said = list[Table | str]
type Row = tuple[str, str, str, str]


class Page(NamedTuple):
    """A rule: its section in a scenario, its name, its text and source, a file that uses it, its parameters, and what
    shows what it does, from the base scenario and the example."""

    section: str
    name: str
    text: str
    source: str
    example: str
    rows: list[Row]
    shows: "Callable[[Scenario, Scenario], Said]"


def pages() -> list[Page]:
    """Every payment rule, settlement, benefit rule, kind of plan and form of insurer and providers."""
    made = []
    for section, folder in SECTIONS.items():
        for name, rule in found(folder).items():
            made.append(
                Page(section, name, _text(rule), rule.source, whole(section, rule), parameters(rule), _earns(rule))
            )
    return made + _benefit() + _insurers()


def whole(section: str, rule: type[Rule]) -> str:
    """The file of a rule's example, which is one block of a section, and the alliance that it is for."""
    block = textwrap.indent(rule.example.strip("\n"), "    ")
    scope = example_of(rule).scope
    named = getattr(scope, "alliances", None) or ()
    alliances = "".join(f"    {name}: {ALLIANCE}\n" for name in named)
    return "baseline:\n" + ("  alliances:\n" + alliances if named else "") + f"  {section}:\n{block}\n"


def _earns(rule: type[Rule]) -> "Callable[[Scenario, Scenario], Said]":
    def show(base: "Scenario", after: "Scenario") -> Said:
        """What one more of each thing earns under the rule of the example."""
        from simulator.report.rule_earns import earns_table

        block = example_of(rule)
        table = earns_table(block.rule, base, block.scope)
        return [table if table is not None else say("report.earns_nothing")]

    return show


def _insurers() -> list[Page]:
    """Kinds of plan, and forms in which an insurer works with providers."""
    made = []
    for name, kind in kinds().items():

        def show(base: "Scenario", after: "Scenario", kind: Any = kind, name: str = name) -> Said:
            from simulator.report.plan_brings import brings_table, plan_pays

            plan = next(plan for plan in after.baseline.plans.values() if plan.kind == name)
            return [brings_table(plan), "", *plan_pays(base, after, plan)]

        made.append(Page("plans", name, _text(kind), kind.source, kind.example.lstrip(), parameters(kind), show))
    for name, form in forms().items():

        def show(base: "Scenario", after: "Scenario") -> Said:
            from simulator.report.plan_brings import form_table

            return [form_table(next(p.providers for p in after.baseline.plans.values() if hasattr(p, "providers")))]

        made.append(Page("providers", name, _text(form), form.source, form.example.lstrip(), parameters(form), show))
    return made


def _benefit() -> list[Page]:
    """Benefit rules are steps of one bill; parameters that are not their own are those that the example writes."""
    made = []
    for name, room in benefit_rules().items():

        def show(base: "Scenario", after: "Scenario", bill: Any = room.bill) -> Said:
            from simulator.report.family_pays import bill_in_words, pays_table

            return [bill_in_words(bill), pays_table(base, after, bill)]

        rows = parameters(room.model) if room.model else written(room.example)
        made.append(Page("benefit", name, room.text, room.source, room.example.lstrip(), rows, show))
    return made


def _text(model: type[BaseModel]) -> str:
    head = _sentence(inspect.getdoc(inspect.getmodule(model)) or "")
    return f"{head}\n\n{inspect.getdoc(model) or ''}"


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
    """Text, formula, parameters with their units and defaults, source, example of the rules of that name, and what they
    pay.

    Raises UserError for an unknown one.
    """
    from simulator.scenario.load import load

    wanted = [page for page in pages() if page.name == name]
    if not wanted:
        raise UserError(say("rule_unknown", rule=name) + near(name, [page.name for page in pages()]))
    shown: Said = []
    for page in wanted:
        shown += [f"{page.section}: {page.name}", page.text, ""]
        shown += [_table(page.rows), "", say("report.source_is", source=page.source)]
        shown += ["", say("report.example"), *page.example.splitlines(), ""]
        shown += page.shows(load("base"), loaded(page.example))
    return shown


def loaded(example: str) -> "Scenario":
    """The scenario of an example."""
    from simulator.scenario.language.packaged import scenarios_folder
    from simulator.scenario.language.strict_yaml import Map, read
    from simulator.scenario.load import load_tree

    both = "{en: Example, zh: 示例}"
    text = f"format: 1\nextends: base.yaml\ntitle: {both}\ndescription: {both}\n{example}"
    tree = read(text, say("report.example"))
    assert isinstance(tree, Map)
    return load_tree(tree, scenarios_folder() / "example.yaml")


def example_of(model: type[Rule]) -> Payment | Settlement:
    """The rule's example, which is one named block of a scenario."""
    (block,) = _plain(model.example).values()
    return (Payment if issubclass(model, TariffRule) else Settlement).model_validate(block)


def _plain(text: str) -> dict[str, Any]:
    from simulator.scenario.language.merge import plain
    from simulator.scenario.language.strict_yaml import Map, read

    tree = read(text, say("report.example"))
    assert isinstance(tree, Map)
    return plain(tree)


def _table(rows: list[Row]) -> "Table":
    from rich.table import Table

    made = Table(box=None, pad_edge=False)
    for column in ("parameter", "written", "default", "meaning"):
        made.add_column(say(f"report.{column}"), overflow="fold")
    for row in rows:
        made.add_row(*row)
    return made


def parameters(model: type[BaseModel], inside: str = "") -> list[Row]:
    """(path, unit, default, meaning) of every parameter, those of blocks inside after the block."""
    rows = []
    for name, field in model.model_fields.items():
        path = f"{inside}{field.alias or name}"
        rows.append(_row(path, model, name))
        for block in _models(field.annotation):
            rows += parameters(block, f"{path}.")
    return rows


def written(example: str) -> list[Row]:
    """The same of every parameter that a file writes."""
    from simulator.scenario.schema.scenario import Scenario

    def below(model: type[BaseModel], block: dict[str, Any], path: str) -> list[Row]:
        rows = []
        for name, field in model.model_fields.items():
            key = field.alias or name
            if key not in block:
                continue
            inner, models = block[key], _models(field.annotation)
            if not isinstance(inner, dict) or not models:
                rows.append(_row(f"{path}{key}", model, name))
            elif key in NAMED:
                for own, each in inner.items():
                    rows += below(models[0], each, f"{path}{key}.{own}.")
            else:
                rows += below(models[0], inner, f"{path}{key}.")
        return rows

    return below(Scenario, _expanded(_plain(example)), "")


NAMED = ("benefit", "adjustments")
"""Blocks that hold blocks by name."""


def _expanded(block: Any) -> Any:
    """``primary`` and ``hospital`` as the first of their tiers."""
    from simulator.core.names import TIER_GROUPS

    if not isinstance(block, dict):
        return block
    return {TIER_GROUPS[key][0] if key in TIER_GROUPS else key: _expanded(inner) for key, inner in block.items()}


def _row(path: str, model: type[BaseModel], name: str) -> Row:
    field, text = model.model_fields[name], " ".join(meaning(model, name).split())
    return path, _unit(field.annotation, tuple(field.metadata)), _default(field), text


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


def formula(rule: type[BaseModel]) -> str:
    """The formulas of a rule, a line each: the paragraph of its text that follows the first sentence."""
    paragraphs = (inspect.getdoc(rule) or "").split("\n\n")
    lines: list[str] = []
    before = ""
    for line in paragraphs[1].splitlines() if len(paragraphs) > 1 else ():
        if len(before) >= WRAPPED and not re.match(r"[^;=:]+( =|:)", line):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
        before = line
    return "\n".join(lines)
