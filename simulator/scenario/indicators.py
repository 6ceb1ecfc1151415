"""The indicators that findings, studies and problems may speak of, each with its unit; their definitions are those of
the results."""

from pathlib import Path

import yaml

UNITS: dict[str, str] = yaml.safe_load(Path(__file__).with_name("indicators.yaml").read_text(encoding="utf-8"))
"""Unit by indicator: `share`, `yuan`, `days`, `hours`, `months`, `rate` (per person and year), `number`."""
INDICATORS = tuple(UNITS)
