"""What a month costs, phase by phase: the base, in which no optional rule is on, or with many of them on."""

import time
from typing import Any

RULES = {
    "off": (),
    "on": (
        "population.floating=20%",
        "baseline.plans.resident.enrolment=voluntary",
        "baseline.adjustments={"
        "contract: {for: {tiers: primary}, when: signed, fund_pays: +15 pp, waives: 10 yuan}, "
        "straight: {for: {tiers: hospital}, when: direct, fund_pays: -10 pp}, "
        "one_stay: {for: {care: inpatient}, deductible: once_per_episode}}",
        "baseline.benefit.resident.medical_aid={above: 200 yuan/year, pays: 70%, ceiling: 5 万元/year}",
        "baseline.benefit.resident.chronic_outpatient={fund_pays: {primary: 70%, secondary: 50%}, "
        "ceiling: 2000 yuan/year}",
        "baseline.benefit.employee.personal_account={credit: 300 yuan/year, used_for: family}",
        "baseline.settlements.contract={for: {tiers: primary}, rule: contract_fee, fee: 120 yuan/year, "
        "sources: {insurance: 50%, public_health: 30%, self_pay: 20%}, to_doctors: 70%}",
        "baseline.settlements.outreach={for: {tiers: hospital}, rule: outreach_fee, per_hour: 200 yuan, "
        "paid_by: government, to_doctors: 60%}",
        "baseline.settlements.remote={for: all, rule: telemedicine_fee, fee: {station: 40 yuan, centre: 60 yuan}, "
        "fund_pays: 70%, reader_share: 60%}",
        "baseline.services.health_points={per_contact: 10 yuan, redeem: 50%}",
    ),
}
"""Changes to the base."""
PARTS = {
    "reforms": "rest", "supply": "rest", "financing": "rest", "terms_of_trade": "trade", "conduct": "rest",
    "life": "life", "care": "choose", "contention": "see and contend", "pay": "receive", "settle": "settle",
    "learning": "rest", "siphoning": "rest", "observe": "rest",
}  # fmt: skip
"""Phase of the month -> what it is counted under."""


def measure_phases(families: int, rules: str, months: int = 12) -> dict[str, float]:
    """Milliseconds of processor time that a month takes, all of it and by phase, and each phase's share: the lowest of
    ``months`` months of the burn-in, on one thread. ``rules`` is a key of `RULES`."""
    from simulator import HealthSystem, load
    from simulator.engine.month import PHASES

    scenario: Any = load("base", changes=list(RULES[rules]), families=families)
    model = HealthSystem(scenario, engine="fast", threads=1, seed=1)
    model.step()
    taken: list[dict[str, float]] = []
    for _ in range(months):
        month = dict.fromkeys(PARTS.values(), 0.0)
        for phase in PHASES:
            start = time.thread_time()
            phase(model.world, model.engine)
            month[PARTS[phase.__name__]] += 1000 * (time.thread_time() - start)
        taken.append(month)
    lowest = {part: min(month[part] for month in taken) for part in taken[0]}
    whole = min(sum(month.values()) for month in taken)
    shares = {f"share of {part}": lowest[part] / sum(lowest.values()) for part in lowest}
    return {"milliseconds": whole} | {f"milliseconds of {part}": ms for part, ms in lowest.items()} | shares
