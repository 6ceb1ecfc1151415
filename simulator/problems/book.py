"""The problem book: what sources say goes wrong, where it is to be seen, by which figure, and what is said to cure it.

A file of `scenarios/problems` describes one problem. Its `changes` make a scenario into the place where the problem
appears; from the first reported month on, one arm lives under the rules of `problem` and another under those of `cure`
laid over them. Direction and smallest difference that matters are fixed there, before anything is run.
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NamedTuple, Self

from pydantic import BeforeValidator, PrivateAttr, ValidationError, WithJsonSchema, model_validator

from simulator.core import units
from simulator.core.errors import UserError, UserErrors, near
from simulator.core.fields import Block, Both, one_of
from simulator.core.messages import say
from simulator.core.names import TIER_GROUPS, TIERS
from simulator.core.units import Count, Month, WholeMonths
from simulator.count.indicators.catalogue import INDICATORS
from simulator.count.indicators.parts import PARTS
from simulator.scenario.language.packaged import scenarios_folder, shown
from simulator.scenario.language.strict_yaml import Map, Node, Scalar, read_file
from simulator.scenario.schema.mistakes import located

FOLDER = "problems"
RUN = ("behavioural", "mechanical")
"""Kinds that are run: the difference follows from what people want and believe, or plainly from the rule."""
TOLD = ("waiting", "not_shown")
"""Kinds that are not: a service that it needs is not there yet, or a model of this kind cannot show it."""
CARRIERS = {"incentives": "off", "trust": "off", "capability": "equal", "supervision": "off", "habit": "off"}
"""Switches of the analysis without which a behavioural problem vanishes, and how each is turned off."""
GREATEST = 1e9
"""No difference that matters is larger, in any unit."""
NEEDED = ("scenario", "measure", "direction", "minimum")


class Minimum(NamedTuple):
    """The smallest difference that matters, in the unit of the indicator: `share`, `yuan`, `hours`, …, `number`."""

    value: float
    unit: str


def smallest(value: Any) -> Minimum:
    """A size with its unit and without a sign.

    >>> smallest("0.5 pp"), smallest("100 yuan"), smallest("0.02")
    (Minimum(value=0.005, unit='share'), Minimum(value=100.0, unit='yuan'), Minimum(value=0.02, unit='number'))
    """
    if isinstance(value, Minimum):
        return value
    m = re.fullmatch(rf"({units.NUMBER})(?: (pp|yuan|hours?|days?|months?|per year))?", str(value))
    if not m or not 0 < float(m[1]) <= (100 if m[2] == "pp" else GREATEST):
        raise ValueError(say("problem_minimum", text=value))
    if m[2] == "pp":
        return Minimum(float(m[1]) / 100, "share")
    word = {None: "number", "per year": "rate", "yuan": "yuan"}.get(m[2]) or m[2].rstrip("s") + "s"
    return Minimum(float(m[1]), word)


class Measure(Block):
    """The figure by which a problem is told: a series of the results."""

    indicator: one_of(*INDICATORS)
    """Indicator."""
    tier: one_of(*TIERS, *TIER_GROUPS) | None = None
    """Tier it is about; all together if left out."""
    plan: str | None = None
    """Plan it is about; all together if left out."""
    part: one_of(*PARTS) | None = None
    """Part of the indicator, such as a disease; the whole if left out."""
    alliance: str | None = None
    """Alliance it is about."""

    @property
    def series(self) -> tuple[str, str, str, str, str]:
        """As in the results: indicator, tier, plan, part, alliance."""
        return self.indicator, self.tier or "", self.plan or "", self.part or "", self.alliance or ""

    def __str__(self) -> str:
        return " ".join(word for word in self.series if word)


Patch = Annotated[dict[str, Any], WithJsonSchema({"type": "object"})]


class Problem(Block):
    """One problem of the book."""

    id: str
    """Its name in the evidence, and that of its file."""
    title: Both
    """Title."""
    description: Both
    """What is shown, where and why."""
    kind: one_of(*RUN, *TOLD)
    """Whether it comes from behaviour, follows plainly from a rule, waits for a service, or cannot be shown."""
    reason: Both | None = None
    """Why it waits or cannot be shown."""
    scenario: str | None = None
    """The file that the place comes from, below `scenarios`."""
    changes: Patch = {}
    """What makes it the place where the problem appears: a patch to the whole file, in force in both arms from the
    first month of the burn-in."""
    problem: Patch = {}
    """Rules of the arm without the cure from the first reported month on, where they differ from those before it."""
    cure: Patch = {}
    """Rules that are said to cure it, laid over those."""
    cure_in_place: Patch = {}
    """What is different where it is cured, where that is no rule, such as the number of beds: a patch to the whole
    file. The arm with the cure then has a burn-in of its own, with the same people and draws."""
    signal: Patch = {}
    """Rules whose effect is the figure compared: without the cure, and with it."""
    measure: Measure | None = None
    """The figure by which it is told."""
    direction: one_of("falls", "rises") | None = None
    """Where the cure moves that figure."""
    minimum: Annotated[Minimum | None, BeforeValidator(smallest), WithJsonSchema({"type": ["string", "number"]})] = None
    """The smallest difference that matters, in the unit of the indicator."""
    families: Count = 20_000
    """Families simulated."""
    start: Month = "2023-01"
    """First reported month, from which problem and cure are in force."""
    warm_up: WholeMonths = 18
    """Months of the burn-in."""
    months: WholeMonths = 12
    """Months under problem and cure."""
    measured: WholeMonths = 6
    """Last months of these, over which the figure is taken."""
    vanishes_with: one_of(*CARRIERS) | None = None
    """The switch of the analysis without which it is not there."""
    sources: dict[str, str] = {}
    """Citations by the names that values use."""
    revised: Both | None = None
    """What of this entry, or of the model for it, was changed after a run had missed it."""

    _tree: Map = PrivateAttr()
    _file: Path = PrivateAttr()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind in TOLD:
            if self.reason is None:
                raise ValueError(say("problem_reason", kind=self.kind))
            return self
        missing = [name for name in NEEDED if getattr(self, name) is None]
        if missing:
            raise ValueError(say("problem_needs", kind=self.kind, names=", ".join(missing)))
        if not (self.cure or self.cure_in_place):
            raise ValueError(say("problem_no_cure"))
        if (self.kind == "behavioural") != (self.vanishes_with is not None):
            raise ValueError(say("problem_carrier", kind=self.kind))
        if not 1 <= self.measured <= self.months:
            raise ValueError(say("problem_measured", measured=self.measured, months=self.months))
        return self

    @property
    def is_run(self) -> bool:
        """Whether there is anything to run."""
        return self.kind in RUN

    @property
    def sign(self) -> int:
        """1 where the cure raises the figure, -1 where it lowers it."""
        return 1 if self.direction == "rises" else -1


@cache
def book() -> dict[str, Problem]:
    """Every problem of the packaged book by its id, in the order of the ids. Raises UserErrors for its mistakes."""
    found, wrong = {}, []
    for file in sorted((scenarios_folder() / FOLDER).glob("*.yaml")):
        try:
            found[file.stem] = read_problem(file)
        except UserError as error:
            wrong.append(error)
    if wrong:
        raise UserErrors(wrong)
    return found


def chosen(ids: Sequence[str]) -> list[Problem]:
    """Problems by id or by its number, such as `P01`; all of them by default. Raises UserError for an unknown one."""
    known = book()
    by_number = {name.partition("_")[0]: name for name in known}
    for name in ids:
        if name not in known and name.upper() not in by_number:
            raise UserError(say("problem_none", name=name) + near(name, [*known, *by_number]))
    names = {by_number.get(name.upper(), name) for name in ids} if ids else known
    return [problem for name, problem in known.items() if name in names]


def read_problem(file: Path) -> Problem:
    """The problem in a file. Raises UserError, each mistake with its place."""
    tree = read_file(file, shown(file))
    try:
        problem = Problem.model_validate(said(tree))
    except ValidationError as error:
        raise located(error, tree, Problem) from None
    if problem.id != file.stem:
        raise UserError.at(tree.items["id"].place, "id", say("problem_id", name=problem.id, file=file.stem))
    problem._tree, problem._file = tree, file
    return problem


def said(node: Node) -> Any:
    """A tree without its places."""
    if isinstance(node, Map):
        return {key: said(below) for key, below in node.items.items()}
    return node.text if isinstance(node, Scalar) else [said(below) for below in node.items]
