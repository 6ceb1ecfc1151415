import math

import pandas as pd
import pytest

from simulator.count.indicators.catalogue import INDICATORS
from simulator.study.intervals import garwood
from simulator.study.summary import last_months, over, over_period, summarise

NAN = math.nan
COLUMNS = ["arm", "replication", "month", "indicator", "tier", "plan", "part", "alliance"]


def monthly(*rows):
    """Rows of (arm, replication, month, indicator, tier, numerator, denominator, value where it is no ratio)."""
    made = []
    for arm, replication, month, indicator, tier, numerator, denominator, *value in rows:
        what = value[0] if value else numerator / denominator
        made.append([arm, replication, month, indicator, tier, "", "", "", what, numerator, denominator])
    return pd.DataFrame(made, columns=[*COLUMNS, "value", "numerator", "denominator"])


def test_a_ratio_over_a_period_is_the_ratio_of_sums():
    table = monthly(
        ("baseline", 0, "2023-01", "drug_share", "", 1.0, 10.0),
        ("baseline", 0, "2023-02", "drug_share", "", 9.0, 30.0),
        ("baseline", 0, "2023-03", "drug_share", "", 500.0, 1.0),
    )
    assert over_period(table, "2023-01", "2023-02")["value"].tolist() == [10 / 40]


def test_no_denominator_gives_no_row_and_what_is_no_ratio_is_averaged():
    table = monthly(
        ("baseline", 0, "2023-01", "capability", "centre", NAN, NAN, 0.5),
        ("baseline", 0, "2023-02", "capability", "centre", NAN, NAN, 0.6),
        ("baseline", 0, "2023-01", "fund_surplus_rate", "", 4.0, 2.0),
        ("baseline", 0, "2023-02", "fund_surplus_rate", "", -4.0, -2.0),
    )
    found = over_period(table, "2023-01", "2023-02")
    assert found["indicator"].tolist() == ["capability"]
    assert found["value"].tolist() == pytest.approx([0.55])


def test_ruin_is_the_share_of_replications_in_which_it_happened():
    # in replication 0 once, in 1 never, in 2 always; a mean over months would say 5/12
    ruined = {0: (0.0, 1.0, 0.0, 0.0), 1: (0.0,) * 4, 2: (1.0,) * 4}
    rows = [
        ("baseline", replication, f"2023-{month:02d}", "ruin_probability", "", value, 1.0)
        for replication, values in ruined.items()
        for month, value in enumerate(values, 1)
    ]
    assert over_period(monthly(*rows), "2023-01", "2023-04")["value"].tolist() == [1, 0, 1]
    assert over_period(monthly(*rows), "2023-03", "2023-04")["value"].tolist() == [0, 0, 1]
    assert summarise(monthly(*rows), ["baseline"], "2023-01", "2023-04")["mean"].tolist() == pytest.approx([2 / 3])


def test_a_reserve_is_that_of_the_last_month():
    rows = [
        ("baseline", 0, f"2023-{month:02d}", name, "", top, bottom)
        for month, top, bottom in ((1, 6.0, 1.0), (2, 8.0, 2.0), (3, 9.0, 3.0))
        for name in ("reserve_months", "drug_share")
    ]
    found = over_period(monthly(*rows), "2023-01", "2023-03").set_index("indicator")["value"]
    assert found["reserve_months"] == 3
    assert found["drug_share"] == pytest.approx(23 / 6)
    assert over_period(monthly(*rows), "2023-01", "2023-02").set_index("indicator")["value"]["reserve_months"] == 4


def test_every_rule_for_periods_is_of_an_indicator_and_known():
    assert set(over()) <= set(INDICATORS)
    assert set(over().values()) <= {"max", "last"}


def test_the_period_is_the_last_twelve_months_or_all_there_are():
    months = [f"{2023 + m // 12}-{m % 12 + 1:02}" for m in range(20)]
    rows = [("baseline", 0, month, "bed_use", "", 1.0, 2.0) for month in months]
    assert last_months(monthly(*rows)) == ("2023-09", "2024-08")
    assert last_months(monthly(*rows[:5])) == ("2023-01", "2023-05")


def test_differences_are_paired_by_replication():
    # replications differ by far more than arms; only pairs show that the reform adds 1, 1 and 4
    rows = []
    for replication, (before, after) in enumerate([(10, 11), (50, 51), (90, 94)]):
        rows.append(("baseline", replication, "2023-01", "length_of_stay", "tertiary", float(before), 1.0))
        rows.append(("reform", replication, "2023-01", "length_of_stay", "tertiary", float(after), 1.0))
    rows.append(("reform", 3, "2023-01", "length_of_stay", "tertiary", 1000.0, 1.0))  # has no partner
    found = summarise(monthly(*rows), ["baseline", "reform"], "2023-01", "2023-01").set_index("arm")
    base, reform = found.loc["baseline"], found.loc["reform"]
    assert (base["mean"], base["replications"]) == (50, 3)
    assert math.isnan(base["difference"])
    assert reform["replications"] == 4
    assert reform["mean"] == pytest.approx((11 + 51 + 94 + 1000) / 4)
    half = 4.302653 * math.sqrt(3 / 3)  # variance of 1, 1, 4 is 3
    assert (reform["difference"], reform["diff_low"], reform["diff_high"]) == pytest.approx((2, 2 - half, 2 + half))
    assert (reform["tier"], reform["period"]) == ("tertiary", "2023-01/2023-01")


def test_few_events_are_counted_and_their_intervals_say_so():
    rows = [
        (arm, replication, "2023-01", name, "", top, 40.0)
        for arm in ("baseline", "reform")
        for replication in range(10)
        for name, top in (("readmission_15d", 0.0), ("up_referral_rate", 7.0), ("bed_use", 0.0))
    ]
    found = summarise(monthly(*rows), ["baseline", "reform"], "2023-01", "2023-01").set_index(["arm", "indicator"])
    rare, common, days = (found.loc["reform", name] for name in ("readmission_15d", "up_referral_rate", "bed_use"))
    assert (rare["few_events"], rare["low"], rare["high"]) == (0, 0, pytest.approx(garwood(0)[1] / 400))
    assert (rare["diff_low"], rare["diff_high"]) == pytest.approx((-garwood(0)[1] / 400, garwood(0)[1] / 400))
    for row in (common, days):
        assert math.isnan(row["few_events"])
        assert row["diff_low"] == row["diff_high"] == 0


def test_events_are_those_of_the_sample_and_not_of_the_place():
    # one sampled person stands for 250 people: 500 readmissions of the place are two
    rows = [
        ("baseline", replication, "2023-01", name, "", top, bottom)
        for replication in range(4)
        for name, top, bottom in (
            ("readmission_15d", 500.0, 10_000.0), ("people_per_sampled_person", 250.0 * 250_000, 250_000.0)
        )
    ]  # fmt: skip
    found = summarise(monthly(*rows), ["baseline"], "2023-01", "2023-01").set_index("indicator")
    assert found.loc["readmission_15d", "few_events"] == 8
    assert found.loc["readmission_15d", "high"] == pytest.approx(garwood(8)[1] / 160)


def test_arms_without_the_baseline_have_no_differences():
    rows = [(arm, 0, "2023-01", "bed_use", "", 1.0, 2.0) for arm in ("a", "b")]
    found = summarise(monthly(*rows), ["b", "a"], "2023-01", "2023-01")
    assert found["arm"].tolist() == ["b", "a"]
    assert found["difference"].isna().all()
