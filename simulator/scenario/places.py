"""Where the scenarios of the package lie."""

from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


@cache
def scenarios_folder() -> Path:
    """The folder of the packaged scenarios: top level in a checkout, inside the package where it is installed.

    Raises FileNotFoundError for a broken installation.
    """
    for folder in (PACKAGE.parent / "scenarios", PACKAGE / "_scenarios"):
        if (folder / "base.yaml").is_file():
            return folder
    raise FileNotFoundError(f"the packaged scenarios are missing beside {PACKAGE}")


def shown(path: Path) -> str:
    """The name of a file in messages: relative where it lies below the working folder."""
    path = path.resolve()
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
