"""What is recorded of a family: plain values, facilities and groups as rows of their tables, money in fen."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Option:
    """A place that a family weighed for a visit or a stay."""

    place: int  # row of the table of facilities
    tier: int
    minutes: float  # travel, one way
    wait: float  # hours
    price: float  # yuan, as felt by the family
    chance: float | None  # perceived chance of cure; of a stay it is not kept apart
    utility: float
    drawn: float  # chance of being drawn among the options
    terms: dict[str, float]  # parts of the utility, which they sum to


@dataclass(slots=True)
class Bill:
    """One place's bills of an episode in one setting, fen."""

    place: int
    care: int
    bills: int  # how many
    charge: int
    family: int  # in cash
    fund: int  # as the benefit table has it, catastrophic cover included
    others: dict[str, int]  # supplementary payers, personal account and points included


@dataclass(slots=True)
class Episode:
    """One illness, prescription, return or wait of a member in a month."""

    member: int  # number within the family, from 0
    number: int
    kind: int
    group: int
    severity: float
    day: int
    options: list[Option] = field(default_factory=list)
    first: int = -1  # option drawn first, its tier or place in `options`; -1 where nothing was chosen
    felt: float = 0.0  # severity that the family took it for
    worried: float = 0.0  # severity that it decided by whether to go
    going: float = 1.0  # chance of going there at its price
    wanted: int = -1  # facility asked for, -1 for staying home
    seen_to: bool = False  # in place of a visit, where the patient is
    second: int = -1  # facility that would be asked next
    seen: int = -1
    cured: bool = False
    sent_to: int = -1  # hospital that the doctor referred up to, -1 for none
    asked: bool = False  # because the patient asked for it
    handed: bool = False  # because an internet hospital could not treat without examining
    consulted: int = -1
    read: bool = False
    referred: int = -1  # hospital that saw the referred patient
    needs_bed: bool = False
    beds: list[Option] = field(default_factory=list)
    takes_bed: bool = False
    bed_wanted: int = -1
    refused: bool = False
    admitted: int = -1
    days: int = 0
    stage: int = 0  # of the step down
    moved_to: int = -1
    tail: int = 0
    ends: int = 0
    outcome: int = 0
    bills: list[Bill] = field(default_factory=list)
    trust: tuple[float, float] = (0.0, 0.0)  # before and after
    habit: tuple[tuple[float, ...], tuple[float, ...]] = ((), ())  # by tier, before and after


@dataclass(slots=True)
class Member:
    """A member as at one moment."""

    id: int
    age: int
    sex: int
    plan: int
    hypertension: int
    diabetes: int
    managed: int
    signed: int
    served: int
    enrolled: int
    policies: int
    return_in: int


@dataclass(slots=True)
class FamilyMonth:
    """A month of a family."""

    month: str  # YYYY-MM
    before: list[Member]  # when the month began
    after: list[Member]  # after insurance and life took their course, before care
    trust_before: float  # when the month began
    trust_neighbours: float  # after life: neighbours, and service under a contract
    trust_after: float
    habit: tuple[float, ...]  # by tier, at the end
    paid_year: int  # fen since January, at the end
    account: int
    episodes: list[Episode] = field(default_factory=list)


@dataclass(slots=True)
class Family:
    """Who the family is, when the reported months begin."""

    number: int
    urban: bool
    area: str
    income: int  # fen a year
    poor: bool
    members: list[Member]
    places: list[tuple[int, float]]  # row and minutes


@dataclass(slots=True)
class Story:
    """A family in one arm, with the names behind codes."""

    arm: str
    family: Family
    months: list[FamilyMonth]
    facilities: tuple[str, ...]
    tiers: tuple[int, ...]  # of each facility
    groups: tuple[str, ...]
    plans: tuple[str, ...]
