"""Where the scenarios of the package lie."""

from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]


@cache
def scenarios_folder() -> Path:
    """The folder of the packaged scenarios: top level in a checkout, inside the package where it is installed.

    Raises FileNotFoundError for a broken installation.
    """
    for folder in (PACKAGE.parent / "scenarios", PACKAGE / "_scenarios"):
        if (folder / "base.yaml").is_file():
            return folder
    raise FileNotFoundError(f"the packaged scenarios are missing beside {PACKAGE}")


@cache
def evidence_of_programmes() -> tuple[str, ...]:
    """Names of the programmes that the evidence describes."""
    lines = (scenarios_folder() / "evidence" / "systems.yaml").read_text(encoding="utf-8").splitlines()
    return tuple(line.removeprefix("- id: ").strip() for line in lines if line.startswith("- id: "))


def shown(path: Path) -> str:
    """The name of a file in messages: relative where it lies below the working folder."""
    path = path.resolve()
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
