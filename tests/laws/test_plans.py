"""One history with every kind of insurer: people choose in two Januaries, plans are merged, change and end."""

from tests.laws.test_parity import same_history
from tests.small import Spec

PLANS = (
    "time={start: 2023-01, end: 2024-03, warm_up: 2 months}",
    "network={form: prefecture, counties: 2, townships: 1, villages: 2, centres: 2, stations: 1, secondary: 1, "
    "tertiary: 1}",
    "baseline.plans.resident.enrolment=voluntary_by_family",
    "baseline.plans.employee.enrolment=voluntary",
    "baseline.plans.employee.premium=100 yuan/year",
    "baseline.plans.resident.reserve_policy={low: 9 months, high: 10 months, step: 5%, acts_on: premium}",
    "baseline.plans.help={kind: mutual, for: {ages_below: 60}, premium: 365 yuan/year, operating_fee: 36 yuan/year, "
    "cover: {visits: {pays: 20%, at_compact: true}}, compact: {facilities: [centre_1, centre_2]}}",
    "baseline.plans.firm={kind: commercial, premium: 500 yuan/year, loading: 30%, administration: 15%, declines: 50%, "
    "cover: {all: {pays: 40%}}, providers: {form: equity_stake, stake: 30%}}",
    "baseline.plans.love={kind: charity, donations: 20 yuan/year, pays: 60%}",
    "baseline.plans.province={kind: adjustment_fund, pays_in: 5%, covers: 80%}",
    "baseline.timeline.2023-05.plans.help.premium=400 yuan/year",
    "baseline.timeline.2023-09.plans.employee.merged_into=resident",
    "baseline.timeline.2023-09.plans.province=remove",
    "baseline.timeline.2024-02.plans.firm=remove",
)


def test_a_year_of_every_kind_of_insurer():
    same_history(Spec(PLANS, families=60, months=14, seed=3), [{"threads": 3, "blocks": 5}])
