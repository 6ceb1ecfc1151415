"""Up, down, back."""

import numpy as np

from simulator.core.messages import Text
from simulator.count.indicators.month import PRIMARY, Month
from simulator.declare.indicator import HOSPITAL_SCOPES, Indicator, Ratio, Subject, by_tier, whole


def up(month: Month) -> np.ndarray:
    """Patients sent up from primary and seen at a hospital."""
    return month.events("went_up")[PRIMARY].sum()


def moved(month: Month) -> np.ndarray:
    """Patients stepped down."""
    return month.events("moved").sum()


def false_down(month: Month) -> np.ndarray:
    """Steps down on record whose patient did not move."""
    return month.events("false_down").sum()


def due_or_made(month: Month) -> np.ndarray:
    """Episodes at primary that belong to a hospital or went there, and stays fit to be stepped down."""
    needless = month.events("needless_up")[PRIMARY].sum()
    return month.people("appropriate_up").sum() + needless + month.events("fit").sum()


def came_to(stage: str) -> Ratio:
    """Stays of which the step down came so far."""
    return lambda month: (month.events(stage), month.events("fit"))


up_referral_rate = Indicator(
    "up_referral_rate",
    "share",
    "–",
    "patients sent up from primary and seen at a hospital",
    "visits at primary",
    Text("referred up from primary", "基层上转率"),
    whole(lambda m: (up(m), m.visits[PRIMARY].sum())),
    events=True,
)
asked_referral_share = Indicator(
    "asked_referral_share",
    "share",
    "–",
    "patients sent up because they asked, whom the doctor would have kept",
    "patients sent up from primary",
    Text("referrals that patients asked for", "应患者要求的上转占比"),
    whole(lambda m: (m.events("asked_up").sum(), (m.events("asked_up") + m.events("sent_up")).sum())),
)
down_referral_rate = Indicator(
    "down_referral_rate",
    "share",
    "hospital tiers; part `offered`, `accepted`, `consented`",
    "stays stepped down (part: that came so far)",
    "stays at hospitals fit to be stepped down",
    Text("stepped down, of those fit", "适宜下转患者的下转率"),
    by_tier(
        came_to("offered"),
        came_to("accepted"),
        came_to("consented"),
        came_to("moved"),
        parts=("offered", "accepted", "consented", ""),
        scopes=HOSPITAL_SCOPES,
    ),
    better=1,
    events=True,
)
two_way_referral_rate = Indicator(
    "two_way_referral_rate",
    "share",
    "–",
    "referred up and seen, plus stepped down",
    (
        "episodes at primary whose chance of cure is more than 0.2 higher at the hospital or that were referred up "
        "and seen, plus stays fit to be stepped down"
    ),
    Text("two-way referral", "双向转诊率"),
    whole(lambda m: (up(m) + moved(m), due_or_made(m))),
    better=1,
    events=True,
)
referrals_per_visit = Indicator(
    "referrals_per_visit",
    "share",
    "–",
    "referred up and seen, plus steps down on record",
    "visits",
    Text("recorded referrals per visit", "每诊疗人次登记转诊数"),
    whole(lambda m: (up(m) + moved(m) + false_down(m), m.visits.sum())),
    events=True,
)
return_flow = Indicator(
    "return_flow",
    "share",
    "part `expected`",
    (
        "of those, with the patient back in hospital within 90 days; `expected`: sum of the chances of it with which "
        "they were stepped down"
    ),
    "stays stepped down this month",
    Text("stepped-down patients back within 90 days", "下转后 90 日内返院率"),
    whole(
        lambda m: (m.events("will_return").sum(), moved(m)),
        lambda m: (m.events("return_chance").sum() / 1e6, moved(m)),
        parts=("", "expected"),
    ),
    better=-1,
    events=True,
)
readmission_15d = Indicator(
    "readmission_15d",
    "share",
    "tier",
    (
        "admissions within 15 days of the person's last discharge, whatever the cause, second halves of "
        "split stays among them"
    ),
    "admissions",
    Text("readmitted within 15 days", "15 日内再入院率"),
    by_tier(lambda m: (m.events("readmitted"), m.events("admissions"))),
    better=-1,
    events=True,
)
REFERRAL = Subject(
    "Referral",
    up_referral_rate,
    asked_referral_share,
    down_referral_rate,
    two_way_referral_rate,
    referrals_per_visit,
    return_flow,
    readmission_15d,
)
