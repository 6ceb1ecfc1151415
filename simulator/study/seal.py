"""The seal of a run folder: hashes of its tables in the manifest, and of the manifest itself, so that nothing in it
changes unseen."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

TABLES, ITSELF = "sha256", "sha256_of_manifest"
"""Keys of the manifest: hash by file, and the hash of all other keys."""
SUMMARY = "summary.csv"


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that is not as the run left it."""

    file: str
    how: Literal["missing", "changed", "new", "unsealed"]
    """Gone; other bytes; not of this run; the manifest has no seal, or one that does not fit."""


def sealed(folder: Path, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest with the hashes of the tables in ``folder`` and of itself."""
    whole = {key: value for key, value in manifest.items() if key != ITSELF}
    whole[TABLES] = {file.name: _hash(file) for file in _files(folder)}
    return whole | {ITSELF: _of_manifest(whole)}


def damages(folder: Path, manifest: Mapping[str, Any]) -> list[Damage]:
    """What in a run folder is not as the run left it, by file; ``manifest`` as read from there."""
    written = manifest.get(TABLES)
    rest = {key: value for key, value in manifest.items() if key != ITSELF}
    if not isinstance(written, dict) or _of_manifest(rest) != manifest.get(ITSELF):
        return [Damage("manifest.json", "unsealed")]
    there = {file.name: file for file in _files(folder)}
    found = [Damage(name, "missing") for name in written.keys() - there.keys()]
    found += [Damage(name, "new") for name in there.keys() - written.keys()]
    found += [Damage(name, "changed") for name in written.keys() & there.keys() if _hash(there[name]) != written[name]]
    return sorted(found, key=lambda damage: damage.file)


def _files(folder: Path) -> list[Path]:
    """The tables and their summary."""
    return sorted([*folder.glob("*.parquet"), *folder.glob(SUMMARY)])


def _hash(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _of_manifest(rest: Mapping[str, Any]) -> str:
    """Hash of keys and values as JSON has them, in whatever order and layout they stand in the file."""
    text = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
