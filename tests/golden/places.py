"""Two small places: a county as the base describes it, and a village where nearly everything that there is goes on."""

from tests.benefit.worlds import EVERYTHING
from tests.small import COUNTY, GOLDEN, SHORT, Spec

SERVICES = {
    "drug_delivery": "{lacks: 20%, fee: 8 yuan, days: 1 day}",
    "green_channel": "{for: all, office: 100000 yuan/year}",
    "health_lectures": "{lectures: 350, audience: 400, per_lecture: 3000 yuan}",
    "health_points": "{per_contact: 10 yuan, redeem: 50%, per_prevention: 20 yuan, redeem_prevention: 100%}",
    "joint_conference": "{sooner: 6 months, meetings: 4, meeting: 50000 yuan}",
    "mutual_recognition": "60%",
    "preventive_visits": "{from_age: 45, price: 60 yuan, fee: 40 yuan}",
    "rapid_appointment": "{passes: 80%, urgent: true, signed: true, platform: 20000 yuan/year}",
    "remote_reading": "{for: {tiers: primary}, price: 60 yuan, fund_pays: 70%}",
    "school_doctor": "{schools: 64, pupils: 900, trained: 166, per_school: 80000 yuan/year}",
    "shared_records": "{level: 0.8, cost: 1500 yuan/year}",
    "skill_transfer": "{for: {alliances: heart}, days: 10 days, share: 20%, fee: 500 yuan, paid_by: government}",
    "supervision": "{audited: 10%, detects: 50%, fine: 5 times, data: 50%, alerts: 60%, refusal: 2000 yuan}",
    "training": "{for: {tiers: primary}, certified: 30%, cost: 6000 yuan/year, reviews: 2, for_children: true}",
    "workplace_clinic": "{employees: 100000, doctors: 100, salary: 200000 yuan/year}",
}
SETTLEMENTS = {
    "contract": "{for: {tiers: primary}, rule: contract_fee, fee: 120 yuan/year, "
    "sources: {insurance: 50%, public_health: 30%, self_pay: 20%}, withheld: 60%, "
    "scaled_by: {served_share: {weight: 60%, none_at: 20%, full_at: 90%}, "
    "control_share: {weight: 40%, none_at: 8%, full_at: 30%}}, to_doctors: 70%}",
    "experts": "{for: {tiers: hospital}, rule: outreach_fee, per_hour: 300 yuan, paid_by: fund, to_doctors: 60%}",
    "down": "{for: all, rule: referral_bonus, per_referral: 200 yuan, paid_by: fund}",
    "both_ways": "{for: all, rule: coordination_fee, fee: {up: 30 yuan, down: 200 yuan, both_ways: 300 yuan}, "
    "sources: {insurance: 80%, public_health: 20%}, sender_share: 50%, to_doctors: 60%}",
    "read": "{for: all, rule: telemedicine_fee, fee: {station: 40 yuan, centre: 60 yuan}, fund_pays: 70%, "
    "reader_share: 60%}",
    "lower": "{for: {tiers: primary}, rule: drug_markup, markup: 15%}",
}
PLANS = {
    "help": "{kind: mutual, for: {ages_below: 18}, premium: 200 yuan/year, operating_fee: 20 yuan/year, "
    "cover: {visits: {care: outpatient, pays: 50%}}}",
    "firm": "{kind: commercial, premium: 500 yuan/year, loading: 30%, administration: 15%, declines: 50%, "
    "cover: {all: {pays: 40%}}, providers: {form: designated_provider, detects: 50%, half_at: 10%, scale: 2%}}",
    "love": "{kind: charity, donations: 20 yuan/year, pays: 60%}",
    "province": "{kind: adjustment_fund, pays_in: 5%, covers: 80%, below: 9 months}",
}
ALLIANCES = {
    "heart": "{form: specialty, lead: tertiary_1, members: {tiers: secondary}, tightness: 0}",
}
WEB = (
    "network.facilities.web={tier: online, urban: true, delivery: {fee: 8 yuan, days: 2 days}}",
    "facilities.online.doctors=4 per 1000",
    "behaviour.parameters.online_accept=4",
)
SICK = (
    *(f"facilities.{tier}.beds={n} per 1000" for tier, n in (("centre", 0.4), ("secondary", 0.8), ("tertiary", 0.5))),
)
VILLAGE = Spec(
    (
        SHORT, COUNTY, *EVERYTHING[:-1], *WEB, *SICK,
        "baseline.plans.resident.enrolment=voluntary",
        "baseline.payment.wards={for: {care: inpatient, tiers: hospital}, takes_from: all, rule: drg, "
        "base_rate: 6000 yuan, outlier: {high: 3 times, low: 0.4 times}}",
        *(f"baseline.{section}.{name}={said}"
          for section, said_by in (("alliances", ALLIANCES), ("services", SERVICES), ("settlements", SETTLEMENTS),
                                   ("plans", PLANS))
          for name, said in said_by.items()),
    ),
    families=80, months=4, seed=5,
)  # fmt: skip
PLACES = {"county": GOLDEN, "village": VILLAGE}
