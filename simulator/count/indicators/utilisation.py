"""Who went where, how often, and who went without."""

from collections.abc import Iterator

from simulator.core.messages import Text
from simulator.count.indicators.month import MONTHS, PRIMARY, Month
from simulator.declare.indicator import SCOPES, Figure, Figures, Indicator, Subject, of_scopes, whole


def shares(of) -> Figures:
    """Of each tier and group of tiers in what ``of`` counts at all tiers."""

    def figures(month: Month) -> Iterator[Figure]:
        seen = of_scopes(of(month).sum(1))
        for tier in SCOPES:
            if tier:
                yield Figure(seen[tier], seen[""], tier)

    return figures


def per_person(of) -> Figures:
    """What ``of`` counts by tier per person, and by plan per person of the plan."""

    def figures(month: Month) -> Iterator[Figure]:
        seen, persons = of(month), month.world.financing.persons
        for tier, number in of_scopes(seen.sum(1)).items():
            yield Figure(number, float(persons.sum()) / MONTHS, tier)
        for p, plan in enumerate(month.world.words.plans):
            yield Figure(float(seen[:, p].sum()), float(persons[p]) / MONTHS, plan=plan)

    return figures


def of_people(top: str, bottom: str):
    """Two things counted of all people."""
    return lambda month: (month.people(top).sum(), month.people(bottom).sum())


def forgone(month: Month) -> Iterator[Figure]:
    """Episodes for all and for each plan; admissions for all. What is waited for has not ended, and counts when it
    has."""
    top = month.people("serious_forgone")
    bottom = top + month.people("serious_seen")
    yield Figure(float(top.sum()), float(bottom.sum()))
    admitted, beds = month.stays("cases").sum() - month.stays("split").sum(), month.people("bed_forgone").sum()
    yield Figure(float(beds), float(admitted + beds), part="inpatient")
    for p, plan in enumerate(month.world.words.plans):
        yield Figure(float(top[p]), float(bottom[p]), plan=plan)


primary_share_of_visits = Indicator(
    "primary_share_of_visits",
    "share",
    "–",
    "outpatient visits at stations and centres",
    "outpatient visits",
    Text("visits at primary care", "基层诊疗量占比"),
    whole(lambda m: (m.visits[PRIMARY].sum(), m.visits.sum())),
    better=1,
    events=True,
)
visit_share = Indicator(
    "visit_share",
    "share",
    "tier",
    "visits at the tier",
    "visits",
    Text("share of visits", "门诊人次占比"),
    shares(lambda m: m.visits),
    events=True,
)
admission_share = Indicator(
    "admission_share",
    "share",
    "tier",
    "admissions at the tier",
    "admissions",
    Text("share of admissions", "住院人次占比"),
    shares(lambda m: m.admissions),
    events=True,
)
visits_per_person = Indicator(
    "visits_per_person",
    "rate",
    "tier; plan",
    "visits",
    "persons / 12",
    Text("visits per person-year", "年人均就诊次数"),
    per_person(lambda m: m.visits),
    events=True,
)
admissions_per_person = Indicator(
    "admissions_per_person",
    "rate",
    "tier; plan",
    "admissions; a stay continued after a step-down is no second one",
    "persons / 12",
    Text("admissions per person-year", "年人均住院次数"),
    per_person(lambda m: m.admissions),
    events=True,
)
first_contact_rate_primary = Indicator(
    "first_contact_rate_primary",
    "share",
    "–",
    "episodes seen first at primary",
    "episodes seen (new illness, prescription, waited visit)",
    Text("first contact at primary", "基层首诊率"),
    whole(of_people("sought_primary", "sought")),
    better=1,
    events=True,
)
forgone_care = Indicator(
    "forgone_care",
    "share",
    "plan; part `inpatient`",
    (
        "episodes of severity 0.3 and more that ended unseen; `inpatient`: needed admissions that did not "
        "happen and are not waited for"
    ),
    "such episodes that ended, seen or not; `inpatient`: needed admissions that happened or did not",
    Text("care forgone", "中重度病例未就诊率"),
    forgone,
    better=-1,
    events=True,
)
in_area_share = Indicator(
    "in_area_share",
    "share",
    "part `visits`, `admissions`, `fund`",
    "of the denominator, in the county or city of the patient's home",
    "visits; admissions; fund's part of all bills, as the benefit table has it",
    Text("care inside the area", "区域内就诊率"),
    whole(
        of_people("area_visits", "visits"),
        of_people("area_admitted", "admitted"),
        of_people("area_fund", "fund"),
        parts=("visits", "admissions", "fund"),
    ),
    better=1,
)
UTILISATION = Subject(
    "Use of care",
    primary_share_of_visits,
    visit_share,
    admission_share,
    visits_per_person,
    admissions_per_person,
    first_contact_rate_primary,
    forgone_care,
    in_area_share,
    rows=(
        primary_share_of_visits,
        visit_share,
        admission_share,
        visits_per_person,
        admissions_per_person,
        first_contact_rate_primary,
        forgone_care.only(lambda figure: not figure.plan),
        in_area_share,
        forgone_care.only(lambda figure: figure.plan != ""),
    ),
)
