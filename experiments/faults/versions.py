"""Do other versions of Python and NumPy give the same results? Two small runs in each, their hashes side by side.

    python -m experiments.faults.versions /somewhere/bin/python /elsewhere/bin/python

Every interpreter needs the packages of requirements.lock, or versions of them that pyproject.toml allows; it runs this
checkout. Exit code 0: the same to the last bit. See question.md.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("numpy", "numba", "pandas", "pyarrow")


def here() -> dict[str, Any]:
    """Versions of this interpreter and its packages, and hashes of all that two runs leave behind: the county of
    tests/golden, and a place where slots and beds are few."""
    import importlib.metadata
    import platform

    from tests.small import COUNTY, GOLDEN, SCARCE, SHORT, Spec, answer

    crowded = Spec((SHORT, COUNTY, *SCARCE), families=120, months=6)
    versions = {"python": platform.python_version()} | {name: importlib.metadata.version(name) for name in PACKAGES}
    hashes = {f"{name} {key}": value for name, spec in (("golden", GOLDEN), ("crowded", crowded))
              for key, value in answer(spec).items()}  # fmt: skip
    return {"versions": versions, "hashes": hashes}


def asked(python: str) -> dict[str, Any]:
    """What an interpreter says of itself and its runs."""
    code = "import json; from experiments.faults.versions import here; print(json.dumps(here()))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [python, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout)


def compared(pythons: list[str]) -> bool:
    """Tell the versions of each, beside those of this interpreter, and whether all hashes are the same."""
    answers = [asked(python) for python in (sys.executable, *pythons)]
    mine = answers[0]["hashes"]
    for each in answers:
        differing = [name for name in mine if each["hashes"].get(name) != mine[name]]
        said = "the same" if not differing else "OTHER: " + ", ".join(differing)
        versions = ", ".join(f"{name} {version}" for name, version in each["versions"].items())
        print(f"{versions}: {len(mine)} hashes, {said}", flush=True)
    return all(each["hashes"] == mine for each in answers)


def main() -> None:
    """Compare interpreters with this one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pythons", nargs="+", metavar="PYTHON", help="other interpreters")
    sys.exit(0 if compared(parser.parse_args().pythons) else 1)


if __name__ == "__main__":
    main()
