"""What a scenario may say and hardly means: told where it stands, in both languages, and run all the same."""

import re

import pytest

from simulator.core.messages import use
from simulator.scenario import load
from simulator.scenario.resolve.sense import conditions
from simulator.study.manifest import scenario_of
from tests.small import COUNTY, SHORT

BENEFIT = "baseline.benefit.resident"
SUPPLY = "baseline.settlements.more={for: {tiers: hospital}, rule: supply_programme"
SETTLED = "baseline.settlements.fee={for: all, rule"
CONSULTATION = "fee: {centre: 60 yuan}, fund_pays: 70%, reader_share: 60%"
NO_HOSPITAL = "network={form: city, tertiary: 0, secondary: 0, centres: 1, stations: 2}"
NOTHING_PASSED_ON = ("baseline.settlements.doctor_pay.pass_through=0%",)
SERVICES = "baseline.services"
ODD: dict[str, tuple[str, ...]] = {
    "long_warm_up": ("time.warm_up=400 months",),
    "short_warm_up": ("time.warm_up=2 months",),
    "deaths_too_many": ("population.deaths=40 per 1000",),
    "nobody_dies": ("population.deaths=0 per 1000",),
    "countryside_richer": ("population.income_rural=90000 yuan/year",),
    "no_income": ("population.income_rural=1000 yuan/year",),
    "prevalence_falls": ("illness.diseases.diabetes.by_age.95=5%",),
    "tertiary_cheaper": ("facilities.tertiary.outpatient_price=0.5",),
    "stays_cheaper_upstairs": ("facilities.tertiary.inpatient_price=3000 yuan",),
    "capability_inverted": ("facilities.tertiary.capability=0.5",),
    "nobody_can_do_anything": tuple(
        f"facilities.{tier}.capability=0.1" for tier in ("station", "centre", "secondary", "tertiary")
    ),
    "no_slots": ("facilities.centre.clinic_hours=0 hours/week",),
    "many_slots": ("facilities.centre.consultation=0.5 minutes",),
    "long_clinics": ("facilities.tertiary.clinic_hours=60 hours/week",),
    "hasty": ("facilities.tertiary.consultation=2 minutes",),
    "many_beds": ("facilities.secondary.beds=40 per 1000",),
    "many_doctors": ("facilities.secondary.doctors=40 per 1000",),
    "beds_without_price": ("facilities.centre.inpatient_price=0 yuan",),
    "sells_below_half_of_cost": ("facilities.centre.cost={drugs: 250%, tests: 250%, labour: 250%}",),
    "cost_next_to_nothing": ("facilities.centre.cost={drugs: 5%, tests: 5%, labour: 5%}",),
    "mostly_outside": ("facilities.tertiary.outside_catalogue=80%",),
    "far_away": ("facilities.tertiary.travel_rural=1000 minutes",),
    "deductible_above_ceiling": (f"{BENEFIT}.inpatient.ceiling=500 yuan/year",),
    "ceiling_of_zero": (f"{BENEFIT}.inpatient.ceiling=0 yuan/year",),
    "better_upstairs": (f"{BENEFIT}.inpatient.tertiary.fund_pays=95%",),
    "lower_deductible_upstairs": (f"{BENEFIT}.inpatient.tertiary.deductible=10 yuan",),
    "fund_without_income": (
        "baseline.plans.resident.premium=0 yuan/year",
        "baseline.plans.resident.subsidy=0 yuan/year",
    ),
    "premium_above_income": ("baseline.plans.resident.premium=20000 yuan/year",),
    "reserve_of_years": ("baseline.plans.resident.reserve=200 months",),
    "in_name_only": (
        "baseline.alliances.group={form: county_community, lead: county_1, members: {facilities: [centre_1]}, "
        "tightness: 0, unified: [staff]}",
    ),
    "fine_out_of_reach": ("baseline.services.supervision={audited: 5%, detects: 50%, fine: 1000 times}",),
    "supply_multiplied": (f"{SUPPLY}, doctors: 5 times}}",),
    "supply_taken_away": (f"{SUPPLY}, beds: 0 times}}",),
    "supply_of_masters": (f"{SUPPLY}, capability: 0.5}}",),
    "supply_cheap_doctors": (f"{SUPPLY}, per_head: 10 yuan/year, wage: 1000 yuan/year}}",),
    "supply_of_riches": (f"{SUPPLY}, per_head: 9000 yuan/year, wage: 100000 yuan/year}}",),
    "supply_at_a_stroke": (f"{SUPPLY}, doctors: 1.5 times, months: 2 months}}",),
    "growth_fast": ("growth.money=20%",),
    "growth_technology": ("growth.technology=8%",),
    "growth_apart": ("growth.wages=12%",),
    "growth_and_premiums": ("growth.money=2%", "baseline.timeline.2023-06.plans.resident.premium=400 yuan/year"),
    "online_terms": ("baseline.benefit.resident.online={as_at: centre}",),
    "online_pays_nothing": (
        "network.facilities.web={tier: online, area: county_1}",
        "baseline.benefit.resident.online={first_visits: paid}",
    ),
    "online_benefit": (f"{BENEFIT}.outpatient.online={{deductible: 0 yuan, fund_pays: 50%}}",),
    "signed_without_contracts": ("baseline.adjustments.signed={for: all, when: [signed], fund_pays: +5 pp}",),
    "teaching_without_lead": ("baseline.services.skill_transfer={days: 10 days}",),
    "rapid_for_the_signed": ("baseline.services.rapid_appointment={passes: 80%, signed: true}",),
    "conference_of_nothing": ("baseline.services.joint_conference={sooner: 6 months}",),
    "consultation_without_hospital": (NO_HOSPITAL, f"{SETTLED}: telemedicine_fee, {CONSULTATION}}}"),
    "consultation_for_nothing": (
        f"{SETTLED}: telemedicine_fee, fee: {{centre: 0 yuan}}, fund_pays: 70%, reader_share: 60%}}",
    ),
    "outreach_without_hospital": (NO_HOSPITAL, f"{SETTLED}: outreach_fee, per_hour: 100 yuan, paid_by: government}}"),
    "bonus_reaches_no_doctor": (
        f"{SETTLED}: referral_bonus, per_referral: 200 yuan, paid_by: government}}",
        *NOTHING_PASSED_ON,
    ),
    "online_paid_by_no_plan": ("network.facilities.web={tier: online, area: county_1}",),
    "schools_without_doctor": (
        f"{SERVICES}.school_doctor={{schools: 10, pupils: 500, trained: 0, per_school: 9 yuan/year}}",
    ),
    "training_of_nobody": (f"{SERVICES}.training={{for: {{tiers: hospital}}, certified: 30%, cost: 9 yuan/year}}",),
    "lectures_to_nobody": (f"{SERVICES}.health_lectures={{lectures: 10, audience: 0, per_lecture: 9 yuan}}",),
    "delivery_of_nothing": (f"{SERVICES}.drug_delivery={{lacks: 0%, fee: 8 yuan}}",),
    "points_for_nothing": (f"{SERVICES}.health_points={{per_contact: 0 yuan, redeem: 50%, per_prevention: 9 yuan}}",),
    "points_pay_nothing": (f"{SERVICES}.health_points={{per_contact: 9 yuan, redeem: 0%, redeem_prevention: 50%}}",),
    "rapid_for_nobody": (f"{SERVICES}.rapid_appointment={{passes: 80%, urgent: false}}",),
    "records_unread": (f"{SERVICES}.shared_records={{level: 0}}",),
    "readings_without_hospital": (NO_HOSPITAL, f"{SERVICES}.remote_reading={{price: 60 yuan, fund_pays: 70%}}"),
    "recognition_without_hospital": (NO_HOSPITAL, f"{SERVICES}.mutual_recognition=60%"),
    "clinics_of_nobody": (f"{SERVICES}.workplace_clinic={{employees: 0, doctors: 1, salary: 9 yuan/year}}",),
    "policy_pays_nothing": (
        "baseline.plans.firm={kind: commercial, premium: 600 yuan/year, loading: 35%, administration: 15%}",
    ),
    "supervision_of_nothing": ("baseline.services.supervision={audited: 5%, detects: 0%, fine: 2 times}",),
}
"""Changes of the base for which each condition holds."""


def told(changes: tuple[str, ...]) -> list[str]:
    return [doubt.condition for doubt in load("base", changes=(COUNTY, *changes), families=60, months=12).doubts]


def test_the_base_is_not_doubted():
    assert load("base").doubts == ()


def test_every_condition_has_its_example():
    assert set(ODD) == {condition.name for condition, _ in conditions()}


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_is_told(name: str):
    assert name in told(ODD[name])


@pytest.mark.usefixtures("english")
def test_it_is_told_with_its_place_once_in_both_languages():
    changes = (SHORT, "reforms.dear={title: {en: A, zh: 甲}, timeline: {2023-03: {benefit: {resident: {inpatient: "
               "{tertiary: {fund_pays: 95%}}}}}}}")  # fmt: skip
    place = load("base", changes=(COUNTY, *changes), families=60, months=12)
    warm_up, upstairs = map(str, place.doubts)
    assert warm_up.startswith("warning: ")
    assert "time.warm_up" in warm_up
    assert re.search(r"benefit\.resident\.inpatient\.tertiary\.fund_pays \(dear, 2023-03\): the fund pays", upstairs)
    use("zh")
    assert "三级医院的报销比例高于基层中心" in str(place.doubts[1])
    again = scenario_of({"scenario": {"name": "base", "resolved": place.resolved()}})
    assert [doubt.condition for doubt in again.doubts] == [doubt.condition for doubt in place.doubts]
