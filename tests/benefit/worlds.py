"""A scenario that uses everything that families pay by."""

EVERYTHING = (
    "baseline.adjustments={"
    "contract: {for: {tiers: primary}, when: signed, fund_pays: +15 pp, waives: 10 yuan}, "
    "sent: {for: {tiers: hospital, care: inpatient}, when: referred, fund_pays: +5 pp, deductible: half}, "
    "straight: {for: {tiers: hospital}, when: direct, fund_pays: -10 pp}, "
    "one_stay: {for: {care: inpatient}, deductible: once_per_episode}, "
    "aid: {for: {care: inpatient}, when: poor, fund_pays: +5 pp, deductible: waived, ceiling: 30 万元/year}}",
    "baseline.benefit.resident.medical_aid={above: 200 yuan/year, pays: 70%, ceiling: 5 万元/year}",
    "baseline.benefit.resident.chronic_outpatient={fund_pays: {primary: 70%, secondary: 50%}, ceiling: 2000 yuan/year}",
    "baseline.benefit.employee.personal_account={credit: 300 yuan/year, used_for: family}",
    "baseline.benefit.resident.cross_region={areas: [outside], fund_pays: -10 pp, unfiled: -20 pp, filed: 70%, "
    "settled: pay_first}",
    "baseline.benefit.employee.cross_region={areas: [outside], fund_pays: -5 pp, settled: direct}",
    "baseline.benefit.resident.inpatient.tertiary.repeat={second: 50%, later: 0%}",
    "baseline.benefit.employee.large_bill={above: 100 yuan, fund_pays: 30%}",
    "baseline.services.health_points={per_contact: 10 yuan, redeem: 50%}",
)
"""Changes to a county: adjustments, medical aid, chronic benefit, personal accounts, care away, repeats, a top-up,
points."""

ANYWHERE = tuple(change for change in EVERYTHING if "outside" not in change)
"""Those that need no area outside."""
