"""The words that every floor shares: tiers, kinds, parts of a bill, settings of care.

The order of each tuple is the code stored in tables: ``TIERS[2] == "secondary"``.
"""

TIERS = ("station", "centre", "secondary", "tertiary", "online")
"""Tier of a facility: village clinic or community station; township or community centre; county or city
secondary hospital; tertiary hospital; internet hospital."""
STATION, CENTRE, SECONDARY, TERTIARY, ONLINE = range(5)

TIER_GROUPS = {"primary": ("station", "centre"), "hospital": ("secondary", "tertiary")}
"""Words that stand for two tiers at once."""

KINDS = ("general", "maternal_and_child", "private", "school", "workplace", "internet", "private_nonprofit")
"""Kind of a facility, independent of its tier. A word: what a place wants is said by objectives."""

PARTS = ("drugs", "tests", "labour")
"""Parts of a bill, as on a Chinese itemised account (药品, 检查检验, 劳务)."""
DRUGS, TESTS, LABOUR = range(3)

CARE = ("outpatient", "inpatient", "continued")
"""Setting of care. ``continued`` is the rest of a stay at the place that a patient was stepped down to."""
OUTPATIENT, INPATIENT, CONTINUED = range(3)

SEXES = ("male", "female")
MALE, FEMALE = range(2)

DISEASES = ("hypertension", "diabetes")
CASCADE = ("none", "undiagnosed", "diagnosed", "treated", "controlled")
"""State of a chronic disease. ``treated`` means treated and not controlled."""
NONE, UNDIAGNOSED, DIAGNOSED, TREATED, CONTROLLED = range(5)

OPTIONS = 8
"""Places that a family may choose between; unused ones hold facility -1."""

INCOME_BINS = 100
"""Fixed bins of family income per head, for concentration indices that do not depend on chunking."""
