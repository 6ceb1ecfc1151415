"""Charges, who paid them, stays, drugs, coding."""

from simulator.core.messages import Text
from simulator.core.money import FEN
from simulator.core.names import CARE, INPATIENT, OUTPATIENT
from simulator.declare.indicator import Indicator, Ratio, Subject, by_tier, by_tier_and_plan

SETTINGS = (OUTPATIENT, INPATIENT)


def drugs(care: int) -> Ratio:
    """Charges for drugs in those of a setting."""
    return lambda month: (month.books(care, "drugs").sum(1), month.charged(care).sum(1))


charge_per_visit = Indicator(
    "charge_per_visit",
    "yuan",
    "tier × plan",
    "listed charges of visits",
    "visits",
    Text("charge per visit, yuan", "次均门诊费用（元）"),
    by_tier_and_plan(lambda m: (m.charged(OUTPATIENT), m.visits), 1 / FEN),
    better=-1,
)
charge_per_admission = Indicator(
    "charge_per_admission",
    "yuan",
    "tier × plan",
    "listed charges of admissions, without what a centre charges for a continued stay",
    "admissions",
    Text("charge per admission, yuan", "次均住院费用（元）"),
    by_tier_and_plan(lambda m: (m.charged(INPATIENT), m.admissions), 1 / FEN),
    better=-1,
)
fund_paid_per_admission = Indicator(
    "fund_paid_per_admission",
    "yuan",
    "tier × plan",
    "fund's part and catastrophic cover, before caps and audits",
    "admissions",
    Text("paid by the fund per admission, yuan", "次均住院基金支付（元）"),
    by_tier_and_plan(lambda m: (m.fund(INPATIENT), m.admissions), 1 / FEN),
)
patient_paid_per_admission = Indicator(
    "patient_paid_per_admission",
    "yuan",
    "tier × plan",
    "patient's part and what lies outside the catalogue, less catastrophic cover",
    "admissions",
    Text("paid by patients per admission, yuan", "次均住院个人支付（元）"),
    by_tier_and_plan(lambda m: (m.patient(INPATIENT), m.admissions), 1 / FEN),
    better=-1,
)
length_of_stay = Indicator(
    "length_of_stay",
    "days",
    "tier × plan",
    "days at the admitting facility",
    "admissions",
    Text("length of stay, days", "平均住院日（天）"),
    by_tier_and_plan(lambda m: (m.books(INPATIENT, "days"), m.admissions)),
    better=-1,
)
case_mix_index = Indicator(
    "case_mix_index",
    "number",
    "tier",
    "relative weights of admissions, true and not as coded",
    "admissions, second halves of split stays left out",
    Text("case-mix index", "病例组合指数（CMI）"),
    by_tier(lambda m: (m.stays("weight") / 1000.0, m.stays("cases") - m.stays("split"))),
)
drug_share = Indicator(
    "drug_share",
    "share",
    "tier; part `outpatient`, `inpatient`",
    "charges for drugs",
    "charges",
    Text("drugs in charges", "药占比"),
    by_tier(*map(drugs, SETTINGS), parts=tuple(CARE[care] for care in SETTINGS)),
)
out_of_pocket_share = Indicator(
    "out_of_pocket_share",
    "share",
    "tier × plan",
    "paid by patients, net, all settings",
    "charges, all settings",
    Text("paid out of pocket, of bills", "个人支付占医疗费用比重"),
    by_tier_and_plan(lambda m: (sum(map(m.patient, range(3))), sum(map(m.charged, range(3))))),
    better=-1,
)
effective_reimbursement = Indicator(
    "effective_reimbursement",
    "share",
    "tier × plan",
    "fund's part and catastrophic cover, inpatient, as the benefit table has it",
    "inpatient charges inside the catalogue",
    Text("effective reimbursement", "目录内基金支付比例（住院）"),
    by_tier_and_plan(
        lambda m: (
            m.books(INPATIENT, "covered", "catastrophic") - m.books(INPATIENT, "self"),
            m.books(INPATIENT, "covered"),
        )
    ),
    better=1,
)
upcoded_share = Indicator(
    "upcoded_share",
    "share",
    "tier",
    "admissions coded one level too high",
    "admissions",
    Text("cases coded too high", "高编高套病例占比"),
    by_tier(lambda m: (m.stays("upcoded"), m.stays("cases"))),
    better=-1,
    short=Text("coded too high", "高编高套"),
    events=True,
)
BILLS = Subject(
    "Bills",
    charge_per_visit,
    charge_per_admission,
    fund_paid_per_admission,
    patient_paid_per_admission,
    length_of_stay,
    case_mix_index,
    drug_share,
    out_of_pocket_share,
    effective_reimbursement,
    upcoded_share,
)
