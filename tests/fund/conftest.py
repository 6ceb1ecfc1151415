"""The world of the payment tests."""

import runpy
from pathlib import Path

world = runpy.run_path(str(Path(__file__).parents[1] / "payment" / "conftest.py"))["world"]
