"""Words of the column ``part``: what a figure of an indicator can be about besides tier and plan."""

from simulator.core.names import DISEASES
from simulator.count.indicators.ages import OLD
from simulator.count.indicators.ages import PARTS as AGES

CARE = ("outpatient", "inpatient")
USE = ("visits", "admissions", "fund", "paid")
STAGES = ("offered", "accepted", "consented", "asked")
HEALTH = ("death", "illness", "controlled", "uncontrolled")
FIFTHS = tuple(f"fifth_{fifth}" for fifth in range(1, 6))
PARTS = (*DISEASES, *CARE, *USE, *STAGES, *HEALTH, *FIFTHS, *AGES, f"{OLD}_plus", "expected")
"""All of them; `expected` is the mean chance in the place of a count."""
