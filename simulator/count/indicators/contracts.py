"""Who is signed and who is served, where contracts are offered; specialists' hours and remote consultations, where they
are paid or happen."""

from collections.abc import Iterator

import numpy as np

from simulator.core.messages import Text
from simulator.count.indicators.indicator import Figure, Figures, Indicator, Subject, by_tier
from simulator.count.indicators.month import HOSPITAL, PRIMARY, Month


def under_contract(top: str, bottom: str) -> Figures:
    """People counted in the census by plan as ``top``, of those as ``bottom``: all and by plan."""

    def figures(month: Month) -> Iterator[Figure]:
        if not (month.world.facilities["contract"] == 1).any():
            return
        up, down = getattr(month.census, top), getattr(month.census, bottom)
        yield Figure(float(up.sum()), float(down.sum()))
        for p, plan in enumerate(month.world.words.plans):
            yield Figure(float(up[p]), float(down[p]), plan=plan)

    return figures


def is_there(month: Month, act: str) -> bool:
    """Whether an act is done or paid anywhere."""
    return bool((month.world.facilities[act] > 0).any() or (month.world.beliefs[act] > 0).any())


def outreach(month: Month) -> Iterator[Figure]:
    """Hours of specialists by tier."""
    if is_there(month, "outreach"):
        fac = month.world.facilities
        hospital = np.isin(fac["tier"], HOSPITAL)
        columns = (month.of_facilities(np.where(hospital, fac[name], 0.0)) for name in ("outreach", "doctors"))
        hours, doctors = columns
        yield from by_tier(lambda _: (hours, doctors))(month)


def consultations(month: Month) -> Iterator[Figure]:
    """Answered and asked, per visit at primary."""
    if is_there(month, "consult"):
        visits = float(month.visits.sum(1)[PRIMARY].sum())
        for part, event in (("", "read"), ("asked", "consulted")):
            yield Figure(float(month.events(event).sum()), visits, part=part)


contract_share = Indicator(
    "contract_share",
    "share",
    "plan; only where contracts are offered",
    "persons under contract with a family doctor",
    "persons",
    Text("people signed with a family doctor", "家庭医生签约率"),
    under_contract("signed", "by_plan"),
)
served_share = Indicator(
    "served_share",
    "share",
    "plan; only where contracts are offered",
    "persons under contract who are really served",
    "persons under contract",
    Text("signed people really served", "签约居民实际服务率"),
    under_contract("served", "signed"),
    better=1,
)
outreach_hours = Indicator(
    "outreach_hours",
    "hours",
    "hospital tiers; only where paid or done",
    "hours that specialists spend at the centres below",
    "doctors of hospitals",
    Text("outreach, hours a month per hospital doctor", "医院医师人均每月下沉服务时长（小时）"),
    outreach,
)
consultations_per_visit = Indicator(
    "consultations_per_visit",
    "share",
    "–; part `asked`; only where paid or done",
    "remote consultations answered (part: asked)",
    "visits at primary",
    Text("remote consultations per visit at primary care", "基层每诊次远程会诊数"),
    consultations,
)
CONTRACTS = Subject(
    "Contracts, outreach, consultation", contract_share, served_share, outreach_hours, consultations_per_visit
)
