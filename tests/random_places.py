"""Random small places with random rules, for laws that hold everywhere."""

from hypothesis import strategies as st

from tests.benefit.worlds import ANYWHERE
from tests.small import TIERS, Spec

NETWORKS = {
    "{form: county, townships: 1, villages: 1, tertiary_outside: 0}": "county_1",
    "{form: county, townships: 2, villages: 2, tertiary_outside: 2, private: 50%}": "county_1",
    "{form: city, centres: 2, stations: 2, secondary: 1, tertiary: 2}": "city_secondary_1",
    "{form: city, centres: 1, stations: 3, secondary: 0, tertiary: 1}": "tertiary_1",
    "{form: prefecture, counties: 2, townships: 1, villages: 2, centres: 2, stations: 1, secondary: 1, tertiary: 1}": (
        "county_2"
    ),
    "{form: list, facilities: {clinics: {tier: station, count: 3, under: centres}, centres: {tier: centre, count: 2}, "
    "people: {tier: secondary}, big: {tier: tertiary}}}": "people",
    "{form: list, facilities: {lonely: {tier: centre}, county: {tier: secondary, area: east}}}": "county",
}
"""Networks, and a hospital of each that can lead an alliance."""
ALLIANCE = (
    "{{group: {{form: county_community, lead: {lead}, members: {{below: {lead}}}, tightness: {tightness}, "
    "unified: [{unified}]}}}}"
)
BUDGET = (
    "{{for: {{alliances: group}}, rule: global_budget, amount: last_year_spending, growth: {growth}%, "
    "budget_is_for: {whose}, surplus_kept: 100%, overspend_borne: {borne}%}}"
)
GROWTHS = (
    "{}", "{money: 4%}", "{money: 3%, prices: 2%, incomes: 6%, wages: 5%, premiums: 7%, technology: 2%}",
    "{prices: -3%, incomes: -1%}",
)  # fmt: skip
CAPS = ("", ", cap: {growth: -40%, borne: 100%}", ", cap: {growth: 5%, borne: 30%}")
GROUPS = (
    "child_cold", "bronchitis", "stomach", "skin_allergy", "injury_minor", "back_joint", "eye_ear_teeth",
    "urinary_gynae", "headache_dizzy", "child_gut", "child_pneumonia", "copd", "digestive_acute",
    "hernia_appendix_gall", "fracture_trauma", "hip_fracture", "cataract", "caesarean", "kidney_liver_other",
    "rehabilitation", "other_medical", "coronary_failure",
)  # fmt: skip
"""Case groups that a place can do without."""


def slots() -> st.SearchStrategy[list[str]]:
    """Clinic slots from far too few to plenty."""
    hours = st.sampled_from(["0", "2", "6", "20", "168"])
    return st.tuples(*[hours] * 4).map(
        lambda every: [f"facilities.{t}.clinic_hours={some} hours/week" for t, some in zip(TIERS, every, strict=True)]
    )


def beds() -> st.SearchStrategy[list[str]]:
    """Beds from few to plenty, at centres from none. Five families have a bed-day a month at four beds per 1,000."""
    per_1000 = st.sampled_from(["4", "8", "40"])
    return st.tuples(st.sampled_from(["0", "0.8", "2", "40"]), per_1000, per_1000).map(
        lambda rates: [f"facilities.{t}.beds={rate} per 1000" for t, rate in zip(TIERS[1:], rates, strict=True)]
    )


@st.composite
def online(draw: st.DrawFn) -> list[str]:
    """An internet hospital that many or few turn to, with its own terms for each plan; or none."""
    if draw(st.booleans()):
        return []
    delivery = draw(st.sampled_from(["", ", delivery: {fee: 8 yuan, days: 2 days}"]))
    found = [
        f"network.facilities.web={{tier: online, urban: true{delivery}}}",
        f"facilities.online.doctors={draw(st.sampled_from(['0', '0.04', '4']))} per 1000",
        f"behaviour.parameters.online_accept={draw(st.sampled_from(['-3', '4']))}",
    ]
    for plan in ("resident", "employee"):
        every = ("", "as_at: centre", "as_at: tertiary, first_visits: paid", "first_visits: refused")
        terms = draw(st.sampled_from(every))
        found += [f"baseline.benefit.{plan}.online={{{terms}}}"] if terms else []
    return found


@st.composite
def rules(draw: st.DrawFn) -> list[str]:
    """Changes to the rules of payment and benefit."""
    found = []
    service = st.sampled_from([f"{{rule: fee_for_service{cap}}}" for cap in CAPS])
    drg = st.integers(500, 20_000).map(lambda rate: f"{{rule: drg, base_rate: {rate} yuan}}")
    found.append(f"baseline.payment.inpatients={draw(service | drg)}")
    found.append(f"baseline.payment.outpatients={draw(service)}")
    for plan in ("resident", "employee"):
        benefit = f"baseline.benefit.{plan}"
        for care in ("outpatient", "inpatient"):
            for tier in draw(st.lists(st.sampled_from(TIERS), max_size=2, unique=True)):
                found.append(f"{benefit}.{care}.{tier}.fund_pays={draw(st.integers(0, 100))}%")
                found.append(f"{benefit}.{care}.{tier}.deductible={draw(st.integers(0, 3000))} yuan")
            found.append(f"{benefit}.{care}.deductible_is={draw(st.sampled_from(['per_year', 'per_admission']))}")
            found.append(f"{benefit}.{care}.ceiling={draw(st.sampled_from([0, 150, 9000]))} yuan/year")
            found.append(f"{benefit}.{care}.first_self_pay={draw(st.sampled_from([0, 12]))}%")
    above, share = draw(st.integers(0, 8000)), draw(st.integers(0, 100))
    found.append(f"baseline.benefit.employee.catastrophic={{above: {above} yuan/year, fund_pays: {share}%}}")
    if draw(st.booleans()):
        found.append("baseline.services.supervision=remove")
    share = draw(st.sampled_from([0, 5, 40]))
    if share:
        found.append(f"baseline.settlements.follows={{for: all, rule: follows_patient, share: {share}%}}")
    pay = draw(st.sampled_from(["remove", "0%", "100%"]))
    found.append(
        "baseline.settlements.doctor_pay=remove"
        if pay == "remove"
        else f"baseline.settlements.doctor_pay.pass_through={pay}"
    )
    found += draw(st.lists(st.sampled_from(ANYWHERE), unique=True))
    return found


@st.composite
def alliances(draw: st.DrawFn, lead: str, start: str) -> tuple[str, list[str]]:
    """An arm, and the changes that make it: no alliance, one from the beginning, or one that a reform brings."""
    group = ALLIANCE.format(
        lead=lead, tightness=draw(st.sampled_from(["0", "0.5", "1"])),
        unified=draw(st.sampled_from(["", "staff", "staff, drugs"])),
    )  # fmt: skip
    budget = BUDGET.format(
        growth=draw(st.sampled_from(["-20", "0", "+5"])), whose=draw(st.sampled_from(["residents", "members"])),
        borne=draw(st.sampled_from([0, 100])),
    )  # fmt: skip
    kind = draw(st.sampled_from(["none", "always", "reform"]))
    if kind == "none":
        return "baseline", []
    if kind == "always":
        return "baseline", [f"baseline.alliances={group}", f"baseline.settlements.budget={budget}"]
    title = "{en: An alliance, zh: 医联体}"
    timeline = f"{{{start}: {{alliances: {group}, settlements: {{budget: {budget}}}}}}}"
    return "change", [f"reforms={{change: {{title: {title}, timeline: {timeline}}}}}"]


@st.composite
def specs(draw: st.DrawFn, families: int = 60, months: int = 6, groups: int = 30) -> Spec:
    """A place of 5 to ``families`` families, 2 to ``months`` months, reported ones among them, and at most so many
    case ``groups``. Months are chosen around the turn of a year, when deductibles begin anew."""
    total = draw(st.integers(2, months))
    reported = draw(st.integers(1, total))
    start = draw(st.sampled_from(["2022-11", "2022-12", "2023-01", "2023-02", "2023-06"]))
    network, lead = draw(st.sampled_from(sorted(NETWORKS.items())))
    arm, reform = draw(alliances(lead, start))
    gone = draw(st.lists(st.sampled_from(GROUPS), unique=True, min_size=max(0, 30 - groups)))
    changes = [
        f"growth={draw(st.sampled_from(GROWTHS))}",
        f"time={{start: {start}, warm_up: {total - reported} months}}",
        f"network={network}",
        f"population.ageing={draw(st.sampled_from(['held', 'live']))}",
        f"population.deaths={draw(st.sampled_from(['7.87', '150']))} per 1000",
        *draw(online()),
        *draw(slots()),
        *draw(beds()),
        *draw(rules()),
        *reform,
        *(f"illness.case_groups.{group}=remove" for group in gone),
    ]  # fmt: skip
    return Spec(
        tuple(changes),
        draw(st.integers(5, families)),
        reported,
        draw(st.integers(0, 2**31)),
        draw(st.integers(0, 3)),
        arm,
    )
