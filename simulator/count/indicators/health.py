"""What care comes to: who dies, what health is lost, who is back in hospital, who gets none, and what it costs."""

from collections.abc import Iterator

import numpy as np

from simulator.core.messages import Text
from simulator.core.money import FEN
from simulator.core.names import CONTROLLED, UNDIAGNOSED
from simulator.count.indicators.month import MONTHS, Month
from simulator.declare.indicator import Figure, Indicator, Subject, by_tier, whole

THOUSAND = 1000.0
HYPERTENSION = 0
"""Row of hypertension in the states of the census."""


def received(month: Month) -> float:
    """What facilities and their doctors got from all others, less what they gave back, yuan; what they buy is no part
    of it."""
    accounts, rows = month.world.accounts, month.world.tally.ledger.postings
    inside = np.zeros(len(month.world.ledger.accounts), bool)
    inside[accounts.facility] = inside[accounts.doctors] = True
    outside = ~inside
    outside[accounts.suppliers] = False
    paid = rows["fen"][outside[rows["payer"]] & inside[rows["payee"]]].sum()
    back = rows["fen"][inside[rows["payer"]] & outside[rows["payee"]]].sum()
    return float(paid - back) / FEN


def lost(month: Month) -> float:
    """Years of life lost to deaths."""
    return month.events("years_lost").sum() / THOUSAND


def unwell(month: Month) -> float:
    """Years of health lost by being unwell."""
    return month.events("years_unwell").sum() / 1e6


def thousands(month: Month) -> float:
    """Thousands of person-years in a month."""
    return month.world.people / MONTHS / THOUSAND


def of_patients(month: Month) -> Iterator[Figure]:
    """Complications of all with hypertension, and of those whose disease is controlled and is not."""
    states = month.census.states[HYPERTENSION]
    every, good = (month.events(name).sum() for name in ("complications", "complications_controlled"))
    ill, controlled = states[UNDIAGNOSED:].sum(), states[CONTROLLED]
    for part, top, bottom in (
        ("", every, ill),
        ("controlled", good, controlled),
        ("uncontrolled", every - good, ill - controlled),
    ):
        yield Figure(float(top), float(bottom) / MONTHS, part=part)


health_loss = Indicator(
    "health_loss",
    "years",
    "part `death`, `illness`",
    (
        "healthy years lost (DALYs): for each death the years that a person of that age has before him by the life "
        "table of 2020 to 2025, undiscounted; for each month unwell a twelfth of the disability of its severity"
    ),
    "1,000 persons / 12",
    Text("healthy years lost per 1,000 people", "每千人健康寿命损失年"),
    whole(
        lambda m: (lost(m) + unwell(m), thousands(m)),
        lambda m: (lost(m), thousands(m)),
        lambda m: (unwell(m), thousands(m)),
        parts=("", "death", "illness"),
    ),
    better=-1,
)
deaths_per_1000 = Indicator(
    "deaths_per_1000",
    "number",
    "part `illness`: of an illness that was not cured the month before",
    "deaths",
    "1,000 persons / 12",
    Text("deaths per 1,000 people and year", "每千人年死亡数"),
    whole(
        lambda m: (m.events("deaths").sum(), thousands(m)),
        lambda m: (m.events("deaths_of_illness").sum(), thousands(m)),
        parts=("", "illness"),
    ),
    better=-1,
    events=True,
)
unwell_share = Indicator(
    "unwell_share",
    "share",
    "–",
    "illnesses neither cured nor gone by themselves",
    "illnesses of the month, those that wait for a visit or a bed left out",
    Text("illnesses not cured", "未治愈疾病占比"),
    whole(lambda m: ((m.events("ill") - m.events("well")).sum(), m.events("ill").sum())),
    better=-1,
    events=True,
)
untreated_share = Indicator(
    "untreated_share",
    "share",
    "–",
    "of those, seen by nobody, or without the bed that was needed",
    "moderate and severe illnesses of the month, those that wait for a visit or a bed left out",
    Text("serious illnesses untreated", "较重疾病未获治疗占比"),
    whole(lambda m: (m.events("untreated").sum(), m.events("serious").sum())),
    better=-1,
    events=True,
)
readmission_30d = Indicator(
    "readmission_30d",
    "share",
    "tier; part `expected`",
    (
        "admissions within 30 days of the person's last discharge, whatever the cause, second halves of split stays "
        "left out; `expected`: sum of the chances of being back for the same illness with which patients went home"
    ),
    "admissions, none billed as two",
    Text("readmitted within 30 days", "30 日内再入院率"),
    by_tier(
        lambda m: (m.events("readmitted_30"), m.events("real_admissions")),
        lambda m: (m.events("sent_home_chance") / 1e6, m.events("real_admissions")),
        parts=("", "expected"),
    ),
    better=-1,
    events=True,
)
complications = Indicator(
    "complications",
    "rate",
    "part `controlled`, `uncontrolled`",
    "strokes, heart attacks and heart failure of persons with hypertension, known or not",
    "such persons / 12",
    Text("complications per patient-year of hypertension", "高血压患者年人均并发症次数"),
    of_patients,
    better=-1,
    events=True,
)
spending_per_person = Indicator(
    "spending_per_person",
    "yuan",
    "–",
    (
        "what facilities and their doctors got from families, funds, other payers and the government, less what was "
        "taken back"
    ),
    "persons / 12",
    Text("spending on care per person", "人均医疗卫生支出"),
    whole(lambda m: (received(m), m.world.people / MONTHS)),
)
HEALTH = Subject(
    "Health",
    health_loss,
    deaths_per_1000,
    unwell_share,
    untreated_share,
    readmission_30d,
    complications,
    spending_per_person,
)
