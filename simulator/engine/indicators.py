"""Indicators of a month, from what the pass counted and the ledger moved: definitions as in `docs/indicators.md`.

Every indicator is a ratio, stored with numerator and denominator, so that any period is the ratio of sums. A zero
denominator gives no row.
"""

from collections.abc import Iterator

import numpy as np

from simulator.core.clock import DECEMBER
from simulator.core.names import (
    CARE,
    CENTRE,
    CONTROLLED,
    DIAGNOSED,
    INCOME_BINS,
    INPATIENT,
    OUTPATIENT,
    SECONDARY,
    STATION,
    TERTIARY,
    TIER_GROUPS,
    TIERS,
    TREATED,
    UNDIAGNOSED,
)
from simulator.count.events import EVENTS
from simulator.count.people import INCOMES, PLANS
from simulator.engine.census import DISEASES, Census, census
from simulator.engine.state.world import World
from simulator.payment.books import (
    CASES,
    CATASTROPHIC,
    CH_DRUGS,
    COVERED,
    DAYS,
    OUTSIDE,
    SELF,
    UPCODED,
)
from simulator.payment.price import charge

Row = tuple[str, str, str, str, float, float]
"""Indicator, tier, plan, part, numerator, denominator; numbers are of the sample."""

SCOPES: dict[str, tuple[int, ...]] = {
    "": (0, 1, 2, 3, 4),
    **{name: (code,) for code, name in enumerate(TIERS)},
    **{group: tuple(TIERS.index(tier) for tier in tiers) for group, tiers in TIER_GROUPS.items()},
}
"""Tiers behind each word of the column ``tier``; empty is all."""
PRIMARY = (STATION, CENTRE)
HOSPITAL = (SECONDARY, TERTIARY)
FEN = 100.0
MONTHS = 12.0


def indicators(world: World) -> Iterator[Row]:
    """Every indicator that this month's mechanisms feed."""
    people = census(world)
    yield from utilisation(world)
    yield from referrals(world)
    yield from bills(world)
    yield from trust_and_burden(world, people)
    yield from families(world)
    yield from funds(world)
    yield from disease(world, people)
    yield from providers(world)
    yield from contracts(world, people)
    yield from reach(world)
    yield from chosen(world, people)


def by_tier_plan(world: World, care: int, values: np.ndarray) -> np.ndarray:
    """Sums of int64 ``values`` (C,) over the cells of a setting, (tier, plan)."""
    inside = world.cells["care"] == care
    plans = len(world.words.plans)
    total = np.zeros(len(TIERS) * plans, np.int64)
    np.add.at(total, (world.cells["tier"] * plans + world.cells["plan"])[inside], values[inside])
    return total.reshape(len(TIERS), plans)


def by_plan(world: World) -> np.ndarray:
    """The month's events by plan, whosever people they are, (P, event)."""
    return world.tally.plans.reshape(len(world.words.plans), len(world.words.holders), -1).sum(axis=1)


def by_tier(world: World, values: np.ndarray) -> np.ndarray:
    """Sums of ``values`` (F,) by tier, (5,)."""
    total = np.zeros(len(TIERS), np.asarray(values).dtype)
    np.add.at(total, world.facilities["tier"], values)
    return total


def scoped(name: str, top: np.ndarray, bottom: np.ndarray, scale: float = 1.0, part: str = "") -> Iterator[Row]:
    """A ratio of sums for every tier and group of tiers, from arrays by tier."""
    for tier, codes in SCOPES.items():
        yield name, tier, "", part, float(top[list(codes)].sum()) * scale, float(bottom[list(codes)].sum())


def planned(world: World, name: str, top: np.ndarray, bottom: np.ndarray, scale: float = 1.0) -> Iterator[Row]:
    """The same, from arrays (tier, plan), for all plans together and each."""
    yield from scoped(name, top.sum(1), bottom.sum(1), scale)
    for p, plan in enumerate(world.words.plans):
        for tier, codes in SCOPES.items():
            rows = list(codes)
            yield name, tier, plan, "", float(top[rows, p].sum()) * scale, float(bottom[rows, p].sum())


def utilisation(world: World) -> Iterator[Row]:
    """Who went where, how often, and who went without."""
    counts, plans = world.tally.counts, by_plan(world)
    visits = by_tier_plan(world, OUTPATIENT, counts[:, CASES])
    admissions = by_tier_plan(world, INPATIENT, counts[:, CASES])
    persons = world.financing.persons
    people = np.array([persons.sum()])
    yield "primary_share_of_visits", "", "", "", float(visits[list(PRIMARY)].sum()), float(visits.sum())
    for name, seen in (("visit_share", visits), ("admission_share", admissions)):
        for tier, codes in SCOPES.items():
            if tier:
                yield name, tier, "", "", float(seen[list(codes)].sum()), float(seen.sum())
    for name, seen in (("visits_per_person", visits), ("admissions_per_person", admissions)):
        for tier, codes in SCOPES.items():
            yield name, tier, "", "", float(seen[list(codes)].sum()), float(people[0]) / MONTHS
        for p, plan in enumerate(world.words.plans):
            yield name, "", plan, "", float(seen[:, p].sum()), float(persons[p]) / MONTHS
    total = plans.sum(0)
    yield "first_contact_rate_primary", "", "", "", float(total[PLANS["sought_primary"]]), float(total[PLANS["sought"]])
    yield "forgone_care", "", "", "", float(total[PLANS["serious_forgone"]]), float(total[PLANS["serious"]])
    yield "forgone_care", "", "", "inpatient", float(total[PLANS["bed_forgone"]]), float(total[PLANS["bed_needed"]])
    for part, near, all_ in (
        ("visits", PLANS["area_visits"], PLANS["visits"]),
        ("admissions", PLANS["area_admitted"], PLANS["admitted"]),
        ("fund", PLANS["area_fund"], PLANS["fund"]),
    ):
        yield "in_area_share", "", "", part, float(total[near]), float(total[all_])
    for p, plan in enumerate(world.words.plans):
        yield "forgone_care", "", plan, "", float(plans[p, PLANS["serious_forgone"]]), float(plans[p, PLANS["serious"]])


def referrals(world: World) -> Iterator[Row]:
    """Up, down, back."""
    happened = {name: by_tier(world, world.tally.events[:, k]) for k, name in enumerate(EVENTS.names)}
    visits = by_tier_plan(world, OUTPATIENT, world.tally.counts[:, CASES]).sum(1)
    up = happened["went_up"][list(PRIMARY)].sum()
    yield "up_referral_rate", "", "", "", float(up), float(visits[list(PRIMARY)].sum())
    fit = happened["fit"]
    for stage in ("offered", "accepted", "consented", "moved"):
        part = "" if stage == "moved" else stage
        for tier in ("", "hospital", "secondary", "tertiary"):
            codes = list(SCOPES[tier])
            yield "down_referral_rate", tier, "", part, float(happened[stage][codes].sum()), float(fit[codes].sum())
    moved, false = happened["moved"].sum(), happened["false_down"].sum()
    appropriate = by_plan(world)[:, PLANS["appropriate_up"]].sum() + fit.sum()
    yield "two_way_referral_rate", "", "", "", float(up + moved), float(appropriate)
    yield "referrals_per_visit", "", "", "", float(up + moved + false), float(visits.sum())
    yield "return_flow", "", "", "", float(happened["returned"].sum()), float(moved)
    yield "return_flow", "", "", "expected", float(happened["return_chance"].sum()) / 1e6, float(moved)
    yield from scoped("readmission_15d", happened["readmitted"], happened["admissions"])


def bills(world: World) -> Iterator[Row]:
    """Charges, who paid them, stays, drugs, coding."""
    counts, tally = world.tally.counts, world.tally
    cases = {care: by_tier_plan(world, care, counts[:, CASES]) for care in (OUTPATIENT, INPATIENT)}
    charged = {care: by_tier_plan(world, care, charge(counts)) for care in range(3)}
    own = counts[:, SELF] + counts[:, OUTSIDE] - counts[:, CATASTROPHIC]
    others = np.zeros((len(TIERS), *tally.extras.shape[1:3]), np.int64)
    np.add.at(others, world.facilities["tier"], tally.extras.sum(axis=3))
    patient = {care: by_tier_plan(world, care, own) - others[:, :, care] for care in range(3)}
    fund = {care: by_tier_plan(world, care, tally.settled.fund_cells + counts[:, CATASTROPHIC]) for care in range(3)}
    yield from planned(world, "charge_per_visit", charged[OUTPATIENT], cases[OUTPATIENT], 1 / FEN)
    yield from planned(world, "charge_per_admission", charged[INPATIENT], cases[INPATIENT], 1 / FEN)
    yield from planned(world, "fund_paid_per_admission", fund[INPATIENT], cases[INPATIENT], 1 / FEN)
    yield from planned(world, "patient_paid_per_admission", patient[INPATIENT], cases[INPATIENT], 1 / FEN)
    yield from planned(world, "length_of_stay", by_tier_plan(world, INPATIENT, counts[:, DAYS]), cases[INPATIENT])
    for care in (OUTPATIENT, INPATIENT):
        drugs = by_tier_plan(world, care, counts[:, CH_DRUGS])
        yield from scoped("drug_share", drugs.sum(1), charged[care].sum(1), part=CARE[care])
    everything = sum(charged.values())
    yield from planned(world, "out_of_pocket_share", sum(patient.values()), everything)
    covered = by_tier_plan(world, INPATIENT, counts[:, COVERED])
    yield from planned(world, "effective_reimbursement", fund[INPATIENT], covered)
    upcoded = by_tier_plan(world, INPATIENT, counts[:, UPCODED]).sum(1)
    yield from scoped("upcoded_share", upcoded, cases[INPATIENT].sum(1))


def trust_and_burden(world: World, people: Census) -> Iterator[Row]:
    """How families are at the end of the month."""
    number = float(people.families)
    yield "trust_primary", "", "", "", people.trust, number
    yield "trust_primary_share", "", "", "", float(people.trusting), number
    if world.clock[0]["calendar"] == DECEMBER:
        yield "catastrophic_share", "", "", "", float(people.ruined), number


def families(world: World) -> Iterator[Row]:
    """What families say of what they got, and equity."""
    rated = by_plan(world).sum(0)
    yield "satisfaction", "", "", "", float(rated[PLANS["rating"]]) / 1000, float(rated[PLANS["rated"]])
    yield "satisfied_share", "", "", "", float(rated[PLANS["satisfied"]]), float(rated[PLANS["rated"]])
    rank = (np.arange(INCOME_BINS) + 0.5) / INCOME_BINS
    for part, column in (("visits", INCOMES["visits"]), ("paid", INCOMES["paid"])):
        used = world.tally.incomes[:, column].astype(float)
        yield "concentration_index", "", "", part, float(((2 * rank - 1) * used).sum()), float(used.sum())
        for fifth, of_it in enumerate(used.reshape(5, -1).sum(axis=1), 1):
            yield f"{part}_by_income", "", "", f"fifth_{fifth}", float(of_it), float(used.sum())


def funds(world: World) -> Iterator[Row]:
    """What the funds keep. Income and payments are the ledger's."""
    accounts, money = world.accounts, world.tally.ledger
    rows = money.postings
    kinds = world.ledger.kinds
    income = np.zeros(len(world.ledger.accounts), np.int64)
    financed = np.isin(rows["kind"], [kinds.index(k) for k in ("premium", "contribution", "subsidy") if k in kinds])
    np.add.at(income, rows["payee"][financed], rows["fen"][financed])
    public = rows["payer"] == accounts.government
    people = float(world.financing.persons.sum())
    yield "subsidy_need", "", "", "", float(rows["fen"][public].sum()) / FEN, people / MONTHS
    spent = np.sum(world.spent, axis=0)
    for p, plan in enumerate(world.words.plans):
        earned = float(income[accounts.fund[p]])
        yield "fund_surplus_rate", "", plan, "", earned - float(world.spent[-1][p]), earned
        reserve = float(money.closing[accounts.fund[p]])
        yield "reserve_months", "", plan, "", reserve * len(world.spent), float(spent[p])
        yield "ruin_probability", "", plan, "", float(reserve < 0), 1.0


def chosen(world: World, people: Census) -> Iterator[Row]:
    """Insurance that people choose: who takes part, and what claims come to."""
    for p, plan in enumerate(world.words.plans):
        if world.enrolment[p]:
            yield "participation", "", plan, "", float(world.financing.insured[p]), float(world.financing.persons[p])
    for k, insurer in enumerate(world.insurers):
        yield "participation", "", insurer.name, "", float(people.members[k]), float(people.may_join[k])
        yield "loss_ratio", "", insurer.name, "", float(insurer.last), insurer.monthly


def budgets(world: World) -> Iterator[tuple[str, str, float, float]]:
    """What each pool keeps: (indicator, alliance, numerator, denominator)."""
    for pool in world.pools:
        paid, spent = pool.last
        yield "budget_surplus_rate", pool.name, float(paid - spent), float(paid)


def disease(world: World, people: Census) -> Iterator[Row]:
    """The cascades of care, and admissions of the chronically ill."""
    for name, states in zip(DISEASES, people.states, strict=True):
        ill = float(states[UNDIAGNOSED:].sum())
        yield "prevalence", "", "", name, ill, float(world.people)
        yield "aware_share", "", "", name, float(states[DIAGNOSED:].sum()), ill
        yield "treated_share", "", "", name, float(states[TREATED:].sum()), ill
        yield "control_share", "", "", name, float(states[CONTROLLED]), ill
    diagnosed = float(people.known)
    if people.floating:
        yield "registered_share", "", "", "", float(people.registered), diagnosed
    yield "managed_share", "", "", "", float(people.managed), diagnosed
    admitted = float(by_plan(world)[:, PLANS["chronic_admissions"]].sum())
    yield "admissions_chronic", "", "", "", admitted, diagnosed / MONTHS


def providers(world: World) -> Iterator[Row]:
    """Waits, beds, skill, margins."""
    fac, happened, settled = world.facilities, world.tally.events, world.tally.settled
    first = by_tier(world, happened[:, EVENTS["first_contacts"]])
    yield from scoped("wait_outpatient", by_tier(world, happened[:, EVENTS["minutes_waited"]]) / 60.0, first)
    admissions = by_tier(world, happened[:, EVENTS["admissions"]])
    yield from scoped("wait_admission", by_tier(world, happened[:, EVENTS["waited_days"]]), admissions)
    yield from scoped("bed_use", by_tier(world, happened[:, EVENTS["bed_days"]]), by_tier(world, fac["bed_days"]))
    yield from scoped("capability", by_tier(world, fac["capability"]), by_tier(world, np.ones(len(fac))))
    yield from scoped("provider_margin", by_tier(world, settled.margin), by_tier(world, settled.income))
    surplus = settled.paid.get("surplus_bonus", np.zeros_like(settled.salary))
    pay = by_tier(world, settled.salary + settled.bonus + surplus) * MONTHS / FEN
    yield from scoped("doctor_income", pay, by_tier(world, fac["doctors"]))


def contracts(world: World, people: Census) -> Iterator[Row]:
    """Who is signed and who is served, where contracts are offered."""
    if not (world.facilities["contract"] == 1).any():
        return
    signed, served = people.signed, people.served
    for name, top, bottom in (("contract_share", signed, people.by_plan), ("served_share", served, signed)):
        yield name, "", "", "", float(top.sum()), float(bottom.sum())
        for p, plan in enumerate(world.words.plans):
            yield name, "", plan, "", float(top[p]), float(bottom[p])


def reach(world: World) -> Iterator[Row]:
    """Specialists' hours and remote consultations, where they are paid or happen."""
    fac, happened = world.facilities, world.tally.events
    if (fac["outreach"] > 0).any() or (world.beliefs["outreach"] > 0).any():
        hospital = np.isin(fac["tier"], HOSPITAL)
        hours, doctors = (by_tier(world, np.where(hospital, fac[column], 0.0)) for column in ("outreach", "doctors"))
        yield from scoped("outreach_hours", hours, doctors)
    if (fac["consult"] > 0).any() or (world.beliefs["consult"] > 0).any():
        visits = by_tier_plan(world, OUTPATIENT, world.tally.counts[:, CASES]).sum(1)[list(PRIMARY)].sum()
        for part, event in (("", EVENTS["read"]), ("asked", EVENTS["consulted"])):
            yield "consultations_per_visit", "", "", part, float(happened[:, event].sum()), float(visits)
