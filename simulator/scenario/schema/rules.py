"""The rules in force: plans, benefit tables, payment, settlements, alliances, services, objectives. What holds in one
arm of a scenario at one time is one `Rules`."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SerializeAsAny, TypeAdapter, model_validator

from simulator.benefit.status import WHEN
from simulator.benefit.terms import Benefit
from simulator.core.errors import near
from simulator.core.fields import Block, Both, Names, Selection, Tiers, not_one_of, one_of, selection_or, some_of
from simulator.core.messages import say
from simulator.core.units import Money, PerYear, Points, Scale, Share
from simulator.fund.plan import Whole
from simulator.fund.plans.basic import Basic
from simulator.payment.rule import Rule, found
from simulator.scenario.schema.objectives import Objective
from simulator.scenario.schema.plans import Plan
from simulator.services import services

TARIFFS, SETTLEMENTS = "simulator.payment.rules", "simulator.payment.settlements"
SECTIONS = {"payment": TARIFFS, "settlements": SETTLEMENTS}
"""Sections that hold rules, and the folder of each."""
ALL = "all"


class Scope(Selection):
    """Whom a rule is for: between dimensions *and*, within a list *or*; what is left out means all."""

    tiers: Tiers | None = None
    """Tiers, or `primary` or `hospital`."""
    facilities: Names | None = None
    """Facilities by name; `centre_1 to centre_8` is a range."""
    alliances: Names | None = None
    """Alliances whose members they are."""
    groups: Names | None = None
    """Case groups."""
    care: some_of("outpatient", "inpatient") | None = None
    """Setting of care; the rest of a stay at another place is inpatient care."""
    plans: Names | None = None
    """Basic insurance plans."""
    areas: Names | None = None
    """Areas of the network in which the facilities lie."""


class BillScope(Selection):
    """Whose bills an adjustment is for: between dimensions *and*, within a list *or*; what is left out means all."""

    tiers: Tiers | None = None
    """Tiers of the facility, or `primary` or `hospital`."""
    care: some_of("outpatient", "inpatient") | None = None
    """Setting of care; the rest of a stay at another place is inpatient care."""
    plans: Names | None = None
    """Insurance plans."""


DEDUCTIBLES = ("half", "waived", "once_per_episode")
"""Words for a deductible that an adjustment changes."""


def _deductible(value: Any) -> Any:
    if value in DEDUCTIBLES:
        return value
    if isinstance(value, str) and not any(c.isdigit() for c in value):
        raise ValueError(not_one_of(value, DEDUCTIBLES))
    return TypeAdapter(Money).validate_python(value)


class Adjustment(Block):
    """What contract, referral, poverty, disease or place changes in the benefit table. Adjustments may overlap: points
    add up and are cut at 0 and 100 %; of deductibles the lowest holds, of ceilings and waived fees the highest."""

    scope: selection_or(BillScope, ALL) = Field(ALL, alias="for")
    """Whose bills: a scope of tiers, care and plans, or `all`."""
    when: some_of(*WHEN) = ()
    """Status of the bill, all of which must hold: `signed` or `unsigned`, `referred` or `direct`, `poor`, `away` or
    `home`, `filed` or `unfiled` (both away), `chronic`, `retired` or `working_age`; any if left out."""
    fund_pays: Points = 0.0
    """Change of the fund's share in percentage points."""
    deductible: Annotated[Money | Literal[DEDUCTIBLES] | None, BeforeValidator(_deductible)] = None
    """Another deductible: an amount, `half`, `waived`, or `once_per_episode`: what was paid under deductibles earlier
    in the stay counts."""
    ceiling: PerYear | None = None
    """Another yearly ceiling of what the fund pays, where it is the higher one."""
    waives: Money = 0
    """What the fund pays of every bill in the patient's place, such as a registration fee."""
    title: Both | None = None
    """Name in tables and figures."""


def _rule_of(folder: str) -> Any:
    """The type of a field that holds a rule of ``folder``, chosen by its name under `rule`."""

    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        rules = found(folder)
        name = value.get("rule")
        if name not in rules:
            elsewhere = next((section for section, other in SECTIONS.items() if name in found(other)), None)
            if elsewhere:
                raise ValueError(say("rule_elsewhere", rule=name, section=elsewhere))
            raise ValueError(
                say("rule_unknown", rule=name) + (near(name, rules) or say("rule_known", rules=", ".join(rules)))
            )
        return rules[name].model_validate({k: v for k, v in value.items() if k != "rule"})

    return Annotated[SerializeAsAny[Rule], BeforeValidator(read), Field(json_schema_extra={"rules": folder})]


class Ruled(Block):
    """A block with a scope, and one rule with its parameters beside it."""

    @model_validator(mode="before")
    @classmethod
    def _gather_parameters(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("rule"), str):
            return data
        own = {field.alias or name for name, field in cls.model_fields.items()} - {"rule"}
        kept = {key: value for key, value in data.items() if key in own}
        return kept | {"rule": {key: value for key, value in data.items() if key not in own}}


class Payment(Ruled):
    """A tariff and the bills that it is for; every bill has exactly one."""

    scope: selection_or(Scope, "rest") = Field(alias="for")
    """Whose bills: a scope, or `rest` for all that no other rule pays."""
    except_: Scope | None = Field(None, alias="except")
    """Bills of the scope that it is not for."""
    takes_from: Names = ()
    """Rules whose bills it takes over where both would pay, or `all`."""
    title: Both | None = None
    """Name in tables and figures."""
    rule: _rule_of(TARIFFS)
    """The rule; its parameters stand beside it."""


class Settlement(Ruled):
    """Something paid above the tariffs; several may hold for one facility, in the order of the file."""

    scope: selection_or(Scope, ALL) = Field(alias="for")
    """Which facilities: a scope, or `all`."""
    except_: Scope | None = Field(None, alias="except")
    """Facilities of the scope that it is not for."""
    title: Both | None = None
    """Name in tables and figures."""
    rule: _rule_of(SETTLEMENTS)
    """The rule; its parameters stand beside it."""


class Membership(Block):
    """Facilities: what any of these words names."""

    below: Names | None = None
    """Facilities by name, each with all that refer up to it, directly or through others; ranges as in a scope."""
    tiers: Tiers | None = None
    """All facilities of tiers."""
    facilities: Names | None = None
    """Facilities by name; `centre_1 to centre_8` is a range."""

    @model_validator(mode="after")
    def _says_something(self) -> "Membership":
        if not self.model_fields_set:
            raise ValueError(say("alliance_members"))
        return self


class Members(Membership):
    """Who belongs to an alliance; its lead does in any case."""

    except_: Membership | None = Field(None, alias="except")
    """Facilities of these that do not belong."""


class Allocation(Block):
    """How the members divide what the alliance earns (三级分配: county hospital, township, village)."""

    by: Annotated[dict[Literal["volume", "quality"], Share], Whole] = {"volume": 0.6, "quality": 0.4}
    """What a member's part is measured by."""
    surplus_to: Annotated[dict[Literal["equipment", "training", "bonuses"], Share], Whole] = {
        "equipment": 0.4,
        "training": 0.2,
        "bonuses": 0.4,
    }
    """What the surplus is spent on."""


class Alliance(Block):
    """Facilities that work together (医联体). Its budget is a settlement with the scope `for: {alliances: NAME}`."""

    form: one_of("county_community", "city_group", "specialty", "telemedicine", "internet_alliance")
    """Form."""
    title: Both | None = None
    """Name in tables and figures; that of its form if left out."""
    lead: str
    """The facility that leads it."""
    members: Members
    """Who belongs to it."""
    tightness: Scale
    """How much a member weighs what the group earns against what it earns itself: 0 in name only, 1 one employer."""
    unified: some_of("staff", "money", "operations", "performance", "drugs", least=0) = ()
    """What is managed as one."""
    allocation: Allocation = Allocation()
    """How its surplus is divided."""


class Services(services.keys(Block)):
    """What is done besides treating and paying."""


class Rules(Block):
    """All rules in force in one arm at one time. Names stand in an order that does not depend on that of the file, but
    for settlements, which act in listed order."""

    plans: dict[str, Plan]
    """Insurance plans by name."""
    benefit: dict[str, Benefit]
    """What the family pays of a bill, by plan."""
    adjustments: dict[str, Adjustment] = {}
    """What contract, referral, poverty, disease or place changes in it, by name."""
    payment: dict[str, Payment]
    """What the provider is allowed, by name."""
    settlements: dict[str, Settlement] = {}
    """What is paid above the tariffs, in the order in which it is settled."""
    alliances: dict[str, Alliance] = {}
    """Alliances by name; a facility belongs to one at most."""
    services: Services = Services()
    """Services by kind."""
    objectives: dict[str, Objective] = {}
    """What providers want, by name; everywhere the usual if left out."""

    @property
    def basic(self) -> dict[str, Basic]:
        """The basic plans: everybody has one, and books and funds are kept by them."""
        return {name: plan for name, plan in self.plans.items() if isinstance(plan, Basic)}

    def scopes(self) -> Iterator[tuple[str, Scope]]:
        """Dotted path below the rules, and scope, of every `for` and `except`, those of services among them."""
        for section in ("payment", "settlements"):
            for name, block in getattr(self, section).items():
                for word, scope in (("for", block.scope), ("except", block.except_)):
                    if isinstance(scope, Scope):
                        yield f"{section}.{name}.{word}", scope
        for name, where in services.placed(self.services):
            yield f"services.{name}.for", Scope.model_validate(where.model_dump(exclude_unset=True))
