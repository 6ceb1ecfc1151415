"""Trust, burden, equity."""

from collections.abc import Iterator

import numpy as np

from simulator.core.clock import DECEMBER
from simulator.core.messages import Text
from simulator.core.names import INCOME_BINS
from simulator.count.indicators.month import Month
from simulator.count.people import INCOMES
from simulator.declare.indicator import Figure, Figures, Indicator, Subject, whole


def catastrophic(month: Month) -> Iterator[Figure]:
    """In December, when the year's payments are known."""
    if month.world.clock[0]["calendar"] == DECEMBER:
        yield Figure(float(month.census.ruined), float(month.census.families))


def used(month: Month, what: str) -> np.ndarray:
    """Use by income per head, from the poorest hundredth to the richest."""
    return INCOMES.of(month.world.tally.incomes, what).astype(float)


def concentration(month: Month) -> Iterator[Figure]:
    """Of visits and of what is paid."""
    rank = (np.arange(INCOME_BINS) + 0.5) / INCOME_BINS
    for part in ("visits", "paid"):
        use = used(month, part)
        yield Figure(float(((2 * rank - 1) * use).sum()), float(use.sum()), part=part)


def by_fifth(what: str) -> Figures:
    """Use of each fifth by income."""

    def figures(month: Month) -> Iterator[Figure]:
        use = used(month, what)
        for fifth, of_it in enumerate(use.reshape(5, -1).sum(axis=1), 1):
            yield Figure(float(of_it), float(use.sum()), part=f"fifth_{fifth}")

    return figures


trust_primary = Indicator(
    "trust_primary",
    "number",
    "–",
    "sum of families' trust, 0.05 to 1",
    "families",
    Text("trust in primary care", "对基层的信任度"),
    whole(lambda m: (m.census.trust, m.census.families)),
    better=1,
)
trust_primary_share = Indicator(
    "trust_primary_share",
    "share",
    "–",
    "families whose trust is above `trust_neutral`",
    "families",
    Text("families that trust primary care", "信任基层的家庭占比"),
    whole(lambda m: (m.census.trusting, m.census.families)),
    better=1,
)
catastrophic_share = Indicator(
    "catastrophic_share",
    "share",
    "–; December only",
    (
        "families whose payments of the year reach 40 % of their capacity to pay (income less 7,098 yuan × "
        "size^0.56, at least a fifth of income)"
    ),
    "families",
    Text("catastrophic payments", "灾难性卫生支出家庭占比"),
    catastrophic,
    better=-1,
    events=True,
)
satisfaction = Indicator(
    "satisfaction",
    "number",
    "–",
    (
        "sum of ratings of first visits, 0 to 1: outcome, wait, communication, price "
        "([model.md](model.md#77-bills-and-benefit-enginepassesreceivepy-enginepassesbillingpy-benefit-e7))"
    ),
    "first visits of episodes",
    Text("satisfaction", "满意度"),
    whole(lambda m: (m.people("rating").sum() / 1000, m.people("rated").sum())),
    better=1,
)
satisfied_share = Indicator(
    "satisfied_share",
    "share",
    "–",
    "first visits rated `rating_satisfied` or better",
    "first visits of episodes",
    Text("satisfied families", "满意家庭占比"),
    whole(lambda m: (m.people("satisfied").sum(), m.people("rated").sum())),
    better=1,
    events=True,
)
concentration_index = Indicator(
    "concentration_index",
    "number",
    "part `visits`, `paid`",
    "Σ (2·rank − 1) × use, rank of income per head in hundredths",
    "Σ use",
    Text("concentration over income", "集中指数"),
    concentration,
)
visits_by_income = Indicator(
    "visits_by_income",
    "share",
    "part `fifth_1`, `fifth_2`, `fifth_3`, `fifth_4`, `fifth_5`",
    "visits of the people in that fifth by income per head, the poorest first",
    "visits",
    Text("share of all visits", "占全部就诊的份额"),
    by_fifth("visits"),
)
paid_by_income = Indicator(
    "paid_by_income",
    "share",
    "part `fifth_1`, `fifth_2`, `fifth_3`, `fifth_4`, `fifth_5`",
    "what patients pay, of the same people",
    "what patients pay",
    Text("share of all that patients pay", "占全部个人支付的份额"),
    by_fifth("paid"),
)
FAMILIES = Subject(
    "Families",
    trust_primary,
    trust_primary_share,
    catastrophic_share,
    satisfaction,
    satisfied_share,
    concentration_index,
    visits_by_income,
    paid_by_income,
    rows=(
        trust_primary,
        trust_primary_share,
        catastrophic_share,
        satisfaction,
        satisfied_share,
        concentration_index.only(lambda figure: figure.part == "visits"),
        visits_by_income,
        concentration_index.only(lambda figure: figure.part == "paid"),
        paid_by_income,
    ),
)
