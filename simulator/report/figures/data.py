"""The data behind each figure: tidy frames, one row per mark that is drawn."""

from typing import TYPE_CHECKING

from simulator.report.results_table import SHAPE
from simulator.study.summary import BASELINE

if TYPE_CHECKING:
    import pandas as pd

    from simulator.study.results import Results

SERIES = (
    ("primary_share_of_visits", "", "", ""),
    ("visits_per_person", "", "", ""),
    ("admissions_per_person", "", "", ""),
    ("charge_per_admission", "", "", ""),
    ("out_of_pocket_share", "", "", ""),
    ("down_referral_rate", "", "", ""),
)
"""Drawn over months: indicator, tier, plan, part."""
TIERS = ("station", "centre", "secondary", "tertiary")
GAMING = ("upcoded_share", "split_share", "idle_days_share", "dumped_share", "false_referral_share",
          "off_catalogue_share", "repeat_test_share")  # fmt: skip
BANDS = ["arm", "indicator", *SHAPE, "month", "mean", "low", "high"]
NUMBERS = ["mean", "low", "high", "difference", "diff_low", "diff_high"]


def bands(results: "Results", wanted: list[tuple[str, str, str, str]]) -> "pd.DataFrame":
    """Means and 95 % intervals over replications by arm and month; columns of `BANDS`, without alliances."""
    import pandas as pd

    keys = ["indicator", "tier", "plan", "part"]
    monthly = results.monthly
    monthly = monthly[monthly["alliance"] == ""]
    mine = monthly.set_index(keys).loc[lambda table: table.index.isin(wanted)].reset_index()
    rows = []
    for key, group in mine.groupby(["arm", *keys, "month"], sort=False):
        arm, indicator, tier, plan, part, month = key
        rows.append((arm, indicator, tier, plan, part, "", month, *results.ends(group["value"].tolist())))
    order = {arm: n for n, arm in enumerate(results.arms)}
    table = pd.DataFrame(rows, columns=BANDS)
    return table.sort_values("arm", key=lambda arm: arm.map(order), kind="stable", ignore_index=True)


def over_months(results: "Results") -> "pd.DataFrame":
    """The most telling indicators by month."""
    return bands(results, list(SERIES))


def reserves(results: "Results") -> "pd.DataFrame":
    """Months of reserve of every fund, by month, and the share of replications in which it has run dry."""
    monthly = results.monthly
    plans = sorted(set(monthly.loc[monthly["indicator"] == "reserve_months", "plan"]))
    found = bands(results, [("reserve_months", "", plan, "") for plan in plans])
    ruin = bands(results, [("ruin_probability", "", plan, "") for plan in plans])
    return found.merge(ruin[["arm", "plan", "month", "mean"]].rename(columns={"mean": "ruin"}), how="left")


def _summary(results: "Results", indicators: tuple[str, ...]) -> "pd.DataFrame":
    summary = results.summary
    keep = ["arm", "indicator", *SHAPE, "period", "replications", *NUMBERS]
    return summary.loc[summary["indicator"].isin(indicators) & (summary["alliance"] == ""), keep]


def by_tier(results: "Results") -> "pd.DataFrame":
    """Shares of visits and admissions by tier in the last months."""
    found = _summary(results, ("visit_share", "admission_share"))
    return found[found["tier"].isin(TIERS)].reset_index(drop=True)


def margins(results: "Results") -> "pd.DataFrame":
    """Margins of providers by tier in the last months."""
    found = _summary(results, ("provider_margin",))
    return found[found["tier"].isin(TIERS)].reset_index(drop=True)


def gaming(results: "Results") -> "pd.DataFrame":
    """What is false in the books, refused, shifted or repeated."""
    found = _summary(results, GAMING)
    return found[(found["tier"] == "") & (found["part"] == "")].reset_index(drop=True)


def differences(results: "Results") -> "pd.DataFrame":
    """Differences from the baseline of the headline indicators, in per cent of its level; empty without a baseline."""
    from simulator.report.display import headline

    names = tuple(dict.fromkeys(entry["indicator"] for entry in headline()))
    found = _summary(results, names)
    found = found[(found[["tier", "plan", "part"]] == "").all(axis=1)]
    base = found[found["arm"] == BASELINE].set_index("indicator")["mean"]
    found = found[(found["arm"] != BASELINE) & found["difference"].notna()].reset_index(drop=True)
    level = found["indicator"].map(base).abs()
    for column in NUMBERS[3:]:
        found[f"{column}_percent"] = 100 * found[column] / level.where(level > 0)
    return found[found["difference_percent"].notna()].reset_index(drop=True)
