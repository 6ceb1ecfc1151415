"""Insurance plans of every kind (基本医保、相互保险、商业健康险、慈善基金): who is in them, and what they live on."""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from simulator.benefit.layers import Product
from simulator.core.messages import say
from simulator.core.units import Count, Months, PerYear, Share, Times
from simulator.fund.form import found
from simulator.scenario.words import Block, Names, one_of

TOLERANCE = 1e-6
EMPLOYEE = "employee"
"""The plan of this name is for employees unless it says otherwise."""


def whole(shares: dict[str, float]) -> dict[str, float]:
    """Shares that sum to one. Raises ValueError for others."""
    total = sum(shares.values())
    if abs(total - 1) > TOLERANCE:
        raise ValueError(say("check_parts_sum", total=f"{100 * total:g}%"))
    return shares


AnyForm = Annotated[reduce(or_, found().values()), Field(discriminator="form")]
"""A form in which insurer and providers work together, by the name of its file."""


class ReservePolicy(Block):
    """What a fund does every January to keep its reserve (基金结余管理): below the corridor it asks for more, above it
    for less."""

    low: Months
    """Months of spending below which it asks for more."""
    high: Months
    """Months of spending above which it asks for less."""
    step: Share
    """Share by which it raises or lowers what it asks for, once a year."""
    acts_on: one_of("premium", "subsidy")
    """What is raised or lowered."""
    least: Times = 0.5
    """It never falls below so many times what the scenario says."""
    most: Times = 2.0
    """It never rises above so many times what the scenario says."""


class Basic(Block):
    """A basic insurance plan (基本医疗保险); everybody has exactly one."""

    kind: Literal["basic"]
    """Kind of plan."""
    covers: Share
    """Share of the people of the place, or of the plan's areas, who have it."""
    areas: Names | None = None
    """Areas of the network that are its pooling area (统筹区): its people live there. Everywhere if left out."""
    people: one_of("families", "employees") | None = None
    """Whom it is for: `employees`, adults with a job or retired from one, or `families`, all who are left in one. If
    left out, the plan called `employee` is for employees, others are for families."""
    premium: PerYear = 0
    """What the insured pays."""
    subsidy: PerYear = 0
    """What the government adds."""
    employer: PerYear = 0
    """What the employer pays into the pooled fund."""
    reserve: Months
    """Reserve at the start, in months of spending."""
    reserve_policy: ReservePolicy | None = None
    """How it keeps its reserve; it does nothing about it if left out."""
    enrolment: one_of("compulsory", "voluntary", "voluntary_by_family") = "compulsory"
    """Whether people must have it (自愿参保): everybody, each person by choice, or each family by choice. Who has not
    enrolled pays no premium, brings no subsidy, and pays for care in full. Decided every January."""
    merged_into: str | None = None
    """Plan into which it is merged (统筹层次提升): from then on its people have that plan's benefit and premium, and
    that plan's fund gets its reserve and pays its bills. In scopes, they are that plan's people."""

    @property
    def income(self) -> int:
        """Yearly income of the fund per insured, fen."""
        return self.premium + self.subsidy + self.employer

    def is_for_employees(self, name: str) -> bool:
        """Whether it comes with a job."""
        return self.people == "employees" if self.people else name == EMPLOYEE


class Eligible(Block):
    """Who may join."""

    ages_from: Count = 0
    """Youngest age at which one may join, years."""
    ages_below: Count = 200
    """Age from which one no longer may, years."""
    plans: Names | None = None
    """Basic plans whose people may join; all if left out."""
    alliances: Names | None = None
    """Alliances whose people may join; everybody if left out."""
    areas: Names | None = None
    """Areas of the network whose people may join; all if left out."""


class Compact(Block):
    """The compact between the members of a mutual plan and providers (会员公约): who signs it shares the surplus."""

    alliances: Names | None = None
    """Alliances whose members have signed."""
    facilities: Names | None = None
    """Facilities that have signed; `centre_1 to centre_8` is a range."""


class Mutual(Block):
    """A mutual plan (相互保险): not for profit, on top of the basic plan. Members pay one flat premium; a fixed
    operating fee is all that the insurer takes, no commission; what claims leave in December goes to the providers of
    the compact."""

    kind: Literal["mutual"]
    """Kind of plan."""
    eligible: Eligible | None = Field(None, alias="for")
    """Who may join; everybody if left out."""
    premium: PerYear
    """What each member pays, once, on joining and every January."""
    operating_fee: PerYear = 0
    """Of every premium, what the insurer keeps for its work, for each member."""
    operating_cost: PerYear = 0
    """What the insurer keeps for its work, for the whole plan, however many join; for the whole place."""
    cover: dict[str, Product] = {}
    """What it pays of what basic cover leaves to the family: products by name."""
    compact: Compact | None = None
    """Who has signed the compact; without one, the surplus stays in the plan."""
    surplus_to: Annotated[
        dict[Literal["doctors", "training", "research", "hospital"], Share], AfterValidator(whole)
    ] = {"doctors": 0.5, "training": 0.3, "research": 0.2}
    """What a year's surplus is for: doctors' pay, or training, research or better conditions at their facility."""


class Commercial(Block):
    """A commercial policy (商业健康险): voluntary third-party indemnity, priced by risk, for a profit."""

    kind: Literal["commercial"]
    """Kind of plan."""
    eligible: Eligible | None = Field(None, alias="for")
    """Who may buy it; everybody if left out."""
    premium: PerYear
    """What it costs at the start, on average over all who may buy it; each pays by age class and diagnosed chronic
    disease. Later years' premiums follow the claims."""
    cover: dict[str, Product] = {}
    """What it pays of what all others leave to the family: products by name."""
    loading: Share
    """What the premium adds to expected claims, for administration and profit."""
    administration: Share
    """Share of premiums that administration costs."""
    declines: Share = 0.0
    """Share of applicants with a diagnosed chronic disease whom underwriting turns away (核保拒保)."""
    compact: Compact | None = None
    """Providers that work with the insurer; all if left out. A product with `at_compact` is for them alone."""
    providers: AnyForm | None = None
    """How insurer and providers work together: `designated_provider`, `equity_stake`, `onsite_clinic` or
    `intermediary`, with its parameters; bills are paid as they come if left out."""
    follows_claims: Share = 0.5
    """How far each year's premiums move toward what last year's claims ask for."""


class Charity(Block):
    """A charity or mutual-aid fund (慈善救助、医疗互助): donations pay part of what ruins a family, while they last."""

    kind: Literal["charity"]
    """Kind of plan."""
    donations: PerYear
    """Donations for each head of the population of the place."""
    pays: Share
    """Share that it pays of a family's payments beyond the threshold at which they are catastrophic in a year; less in
    a month in which its money would not do, the same share for all."""


class Adjustment(Block):
    """An adjustment fund between basic funds (基金调剂金、统筹调剂), such as one of a province between its
    pooling areas: each fund keeps its own books and rates, pays in a share of its income and draws when it ends a year
    short.

    paid in by a fund in a month = floor(pays in × premiums, contributions and subsidies of the month)
    gap of a fund = spent − (income − paid in) of the calendar year, if positive
    drawn in January = floor(share × gap); share = covers, or, where it does not hold enough, held / all gaps

    What is not drawn stays in it; if it ends, that returns to the funds in proportion to what they paid in.
    """

    source: ClassVar[str] = (
        "CPC Central Committee and State Council 2020 no. 5: province-level pooling by pooled adjustment (统筹调剂)"
    )

    kind: Literal["adjustment_fund"]
    """Kind of plan."""
    plans: Names | None = None
    """Basic plans whose funds take part; all if left out."""
    pays_in: Share
    """Share of its income that each fund pays in, every month (上解比例)."""
    covers: Share
    """Share of a fund's gap of the year that it makes up."""
    below: Months | None = None
    """A fund draws only if its reserve is below so many months of its spending; whatever its reserve if left out."""


Plan = Annotated[Basic | Mutual | Commercial | Charity | Adjustment, Field(discriminator="kind")]
"""A plan of any kind."""


def heads(plans: Mapping[str, Basic]) -> dict[str, str]:
    """The plan whose fund and benefit each basic plan's people have: its own, or that into which it was merged."""
    found = {}
    for name in plans:
        head = name
        while (other := plans[head].merged_into) is not None:
            head = other
        found[name] = head
    return found
