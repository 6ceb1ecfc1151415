"""What is false in the books, who is refused, what is done twice or moved to the patient.

Those of records that nobody keeps and of tests that nobody repeats are zero, not left out.
"""

from simulator.core.messages import Text
from simulator.core.names import INPATIENT, OUTPATIENT
from simulator.count.indicators.referral import due_or_made, false_down, moved, up
from simulator.declare.indicator import Indicator, Ratio, Subject, by_tier, whole


def outside(care: int) -> Ratio:
    """Charges outside the catalogue in those of a setting."""
    return lambda month: (month.books(care, "outside").sum(1), month.charged(care).sum(1))


split_share = Indicator(
    "split_share",
    "share",
    "tier",
    "second halves of stays billed as two",
    "admissions as billed",
    Text("admissions split", "分解住院占比"),
    by_tier(lambda m: (m.stays("split"), m.stays("cases"))),
    better=-1,
    short=Text("split stays", "分解住院"),
    events=True,
)
idle_days_share = Indicator(
    "idle_days_share",
    "share",
    "tier",
    "days billed without a patient in the bed",
    "days at the admitting facility",
    Text("days billed without a patient in the bed", "挂床住院日占比"),
    by_tier(lambda m: (m.stays("idle"), m.stays("days"))),
    better=-1,
    short=Text("empty bed-days", "挂床住院"),
)
dumped_share = Indicator(
    "dumped_share",
    "share",
    "tier",
    "of those, refused a bed because of their cost",
    "patients dear for their weight who asked for a bed",
    Text("admissions of costly patients refused", "推诿重症占比"),
    by_tier(lambda m: (m.events("turned_away"), m.events("dear"))),
    better=-1,
    short=Text("costly refused", "推诿重症"),
    events=True,
)
repeat_test_share = Indicator(
    "repeat_test_share",
    "share",
    "tier",
    "transferred patients, up and down, whose tests were repeated",
    "patients received from another tier",
    Text("transfers with repeated tests", "转诊重复检查占比"),
    by_tier(lambda m: (m.events("repeated"), m.events("received_up") + m.events("taken_over"))),
    better=-1,
    short=Text("tests repeated", "重复检查"),
    events=True,
)
off_catalogue_share = Indicator(
    "off_catalogue_share",
    "share",
    "tier; part `outpatient`, `inpatient`",
    "charges outside the catalogue",
    "charges",
    Text("charges outside the catalogue", "目录外费用占比"),
    by_tier(outside(OUTPATIENT), outside(INPATIENT), parts=("outpatient", "inpatient")),
    better=-1,
    short=Text("off catalogue", "目录外费用"),
)
false_referral_share = Indicator(
    "false_referral_share",
    "share",
    "–",
    "steps down on record whose patient did not move",
    "steps down on record",
    Text("referrals that did not happen", "虚假下转占比"),
    whole(lambda m: (false_down(m), moved(m) + false_down(m))),
    better=-1,
    short=Text("false referrals", "虚假转诊"),
    events=True,
)
recorded_two_way_referral_rate = Indicator(
    "recorded_two_way_referral_rate",
    "share",
    "–",
    "the same, plus steps down that are only on record",
    "the same",
    Text("two-way referral, as recorded", "双向转诊率（登记）"),
    whole(lambda m: (up(m) + moved(m) + false_down(m), due_or_made(m))),
    events=True,
)
true_two_way_referral_rate = Indicator(
    "true_two_way_referral_rate",
    "share",
    "–",
    "the same",
    "the same",
    Text("two-way referral, as it happened", "双向转诊率（真实）"),
    whole(lambda m: (up(m) + moved(m), due_or_made(m))),
    events=True,
)
INTEGRITY = Subject(
    "Honesty of the books, refusals, repeats",
    split_share,
    idle_days_share,
    dumped_share,
    repeat_test_share,
    off_catalogue_share,
    false_referral_share,
    recorded_two_way_referral_rate,
    true_two_way_referral_rate,
)
