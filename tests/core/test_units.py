"""Values with units: what is accepted, to the fen, and what is refused because it could be mistaken."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from simulator.core import units

ACCEPTED = [
    (units.Share, "65%", 0.65),
    (units.Share, "0.65", 0.65),
    (units.Share, "100%", 1.0),
    (units.Share, "0", 0.0),
    (units.Points, "+5 pp", 0.05),
    (units.Points, "-2.5 pp", -0.025),
    (units.Change, "-12%", -0.12),
    (units.Change, "140%", 1.4),
    (units.Factor, "118%", 1.18),
    (units.Factor, "1.9", 1.9),
    (units.Money, "500", 50_000),
    (units.Money, "500 yuan", 50_000),
    (units.Money, "84.7元", 8_470),
    (units.Money, "1.2 万元", 1_200_000),
    (units.Money, "2.4 亿元", 24_000_000_000),
    (units.Money, "0.29", 29),
    (units.PerYear, "380 yuan/year", 38_000),
    (units.PerYear, "30 yuan/month", 36_000),
    (units.PerYear, "20 万元/year", 20_000_000),
    (units.Flow, "3.06 per year", 3.06),
    (units.Flow, "306 per 1000 per year", 0.306),
    (units.Stock, "1.40 per 1000", 0.0014),
    (units.Stock, "14 per 10000", 0.0014),
    (units.Risk, "7.87 per 1000", 0.00787),
    (units.Risk, "7.87 per 1000 per year", 0.00787),
    (units.Risk, "0.787% per year", 0.00787),
    (units.Factor, "9700%", 97.0),
    (units.Budget, "2.4 亿元/year", 24_000_000_000),
    (units.Minutes, "30 minutes", 30.0),
    (units.Minutes, "1.5 hours", 90.0),
    (units.Days, "8.8 days", 8.8),
    (units.Months, "8.5 months", 8.5),
    (units.WholeMonths, "3 years", 36),
    (units.Times, "5 times", 5.0),
    (units.Month, "2018-01", "2018-01"),
    (units.Count, "1500000", 1_500_000),
    (units.Scale, "0.515", 0.515),
]
REFUSED = [
    (units.Share, ["65", "1", "140%", "-3%", "half", "0,5", ""]),
    (units.Points, ["5%", "5", "5 pp", "+5", "+pp"]),
    (units.Change, ["-12", "5 pp", "x%"]),
    (units.Factor, ["-1", "one", "97", "10", "10001%"]),
    (
        units.Money,
        [
            "1,200",
            "1_200",
            "1e6",
            "0.001",
            "500 yuan/year",
            "-5",
            "5 dollars",
            "101 亿元",
            "9" * 60,
            "9" * 5000,
            "5万元人民币",
        ],
    ),
    (units.PerYear, ["380", "380 yuan", "380 yuan/week", "0.001 yuan/year"]),
    (units.Flow, ["3", "5%", "18 per 100", "-1 per year", "2.8 per 1000", "5% per year", "1001 per year"]),
    (units.Stock, ["3", "2.8 per year", "2.8 per 1000 per year", "-1 per 1000", "1001 per 1000"]),
    (units.Risk, ["7.87", "7.87 per year", "-1 per 1000", "1001 per 1000", "101% per year"]),
    (units.Budget, ["380 yuan", "1001 亿元/year"]),
    (units.Minutes, ["30", "-5 minutes", "3 months"]),
    (units.Months, ["8", "30 minutes", "1001 years"]),
    (units.WholeMonths, ["8.5 months"]),
    (units.Month, ["2018", "2018-13", "2018-01-01"]),
    (units.Count, ["1.5", "-1", "1e3", "many", "2000000001", "9" * 60, "9" * 5000]),
    (units.Scale, ["1.1", "-0.1", "50%"]),
]


@pytest.mark.parametrize(("kind", "text", "value"), ACCEPTED, ids=lambda v: str(v) if isinstance(v, str) else None)
def test_accepted(kind: object, text: str, value: object) -> None:
    assert TypeAdapter(kind).validate_python(text) == value


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in REFUSED for text in texts])
def test_refused(kind: object, text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(text)


@given(st.integers(0, 10**13))
def test_money_is_exact_to_the_fen(fen: int) -> None:
    assert units.money(f"{Decimal(fen) / 100:f} yuan") == fen
    assert units.money(f"{Decimal(fen) / 1_000_000:f} 万元") == fen


def test_numbers_are_taken_as_already_in_the_unit_kept() -> None:
    assert TypeAdapter(units.Money).validate_python(870_000) == 870_000
    assert TypeAdapter(units.Share).validate_python(1.0) == 1.0
    for kind, value in ((units.Money, -1), (units.Share, 1.5), (units.Factor, float("nan")), (units.Money, True)):
        with pytest.raises(ValidationError):
            TypeAdapter(kind).validate_python(value)
