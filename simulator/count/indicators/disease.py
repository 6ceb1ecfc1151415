"""The cascades of care, and admissions of the chronically ill."""

from collections.abc import Iterator

from simulator.core.messages import Text
from simulator.core.names import CONTROLLED, DIAGNOSED, DISEASES, TREATED, UNDIAGNOSED
from simulator.count.indicators.month import MONTHS, Month
from simulator.declare.indicator import Figure, Figures, Indicator, Subject, in_turns, whole


def cascade(since: int, of_all: bool = False) -> Figures:
    """People who have come to a state or further, of the ill or of all."""

    def figures(month: Month) -> Iterator[Figure]:
        for name, states in zip(DISEASES, month.census.states, strict=True):
            bottom = month.world.people if of_all else states[UNDIAGNOSED:].sum()
            yield Figure(float(states[since:].sum()), float(bottom), part=name)

    return figures


def registered(month: Month) -> Iterator[Figure]:
    """Where people are floating."""
    if month.census.floating:
        yield Figure(float(month.census.registered), diagnosed(month))


def diagnosed(month: Month) -> float:
    """People with a diagnosed disease."""
    return float(month.census.known)


prevalence = Indicator(
    "prevalence",
    "share",
    "part `hypertension`, `diabetes`",
    "persons with the disease, known or not",
    "persons of all ages",
    Text("prevalence", "患病率"),
    cascade(UNDIAGNOSED, of_all=True),
)
aware_share = Indicator(
    "aware_share",
    "share",
    "part",
    "diagnosed, treated or controlled",
    "persons with the disease",
    Text("patients who know of their disease", "知晓率"),
    cascade(DIAGNOSED),
    better=1,
)
treated_share = Indicator(
    "treated_share",
    "share",
    "part",
    "treated or controlled",
    "persons with the disease",
    Text("patients treated", "治疗率"),
    cascade(TREATED),
    better=1,
)
control_share = Indicator(
    "control_share",
    "share",
    "part",
    "controlled",
    "persons with the disease",
    Text("disease controlled", "控制率"),
    cascade(CONTROLLED),
    better=1,
)
registered_share = Indicator(
    "registered_share",
    "share",
    "–; only where people are floating",
    "persons with a diagnosed disease who are registered here",
    "persons with a diagnosed disease",
    Text("diagnosed patients registered", "建档率"),
    registered,
)
managed_share = Indicator(
    "managed_share",
    "share",
    "–",
    "known patients under standard follow-up",
    "persons with a diagnosed disease",
    Text("registered patients under standard follow-up", "规范管理率"),
    whole(lambda m: (float(m.census.managed), diagnosed(m))),
    better=1,
)
admissions_chronic = Indicator(
    "admissions_chronic",
    "rate",
    "–",
    "admissions, of any cause, of persons with a diagnosed disease",
    "such persons / 12",
    Text("admissions per patient-year", "已诊断患者年人均住院次数"),
    whole(lambda m: (m.people("chronic_admissions").sum(), diagnosed(m) / MONTHS)),
    events=True,
)
DISEASE = Subject(
    "Chronic disease",
    prevalence,
    aware_share,
    treated_share,
    control_share,
    registered_share,
    managed_share,
    admissions_chronic,
    rows=(
        in_turns(prevalence, aware_share, treated_share, control_share),
        registered_share,
        managed_share,
        admissions_chronic,
    ),
)
