"""The clock of a run: one row that every pass reads."""

from simulator.core.table import Column, Columns

JANUARY, DECEMBER = 1, 12
"""Months of the calendar."""
DAYS_A_MONTH = 30.4
"""Days that a bed can be filled in a month: 365 / 12, rounded."""

CLOCK = Columns(
    "clock",
    Column("key0", "i8", "word", "low word of the key of all draws"),
    Column("key1", "i8", "word", "high word of the key of all draws"),
    Column("month", "i8", "months", "months since the first month of the burn-in"),
    Column("calendar", "i8", "month", "month of the year, 1 to 12", 1),
    Column("days", "i8", "days", "days of this month", 31),
    Column("first_day", "i8", "day", "first day of this month, counted from the first day of the run"),
    Column("income", "f8", "fen/year", "mean income per head of the population in the first year", 1),
    Column("retires", "i8", "years", "age at which employees retire, men and women", 60, 2),
    Column("ageing", "i8", "0 or 1", "people grow older (live) or the age structure is held"),
)
