"""What the results of a run follow from, and how two runs differ in it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from simulator.core.jit import PACKAGE
from simulator.core.messages import say
from simulator.study.folder import plain

SHOWN = 4
"""Differences that a message names; of more it says how many."""
TALK = ("calibrate", "messages", "report", "study")
"""Rooms whose data files say how something is shown or shared out, not what comes out."""


def data_hash() -> str:
    """Hash of the data files that come with the program: behavioural parameters, costs, shapes of people."""
    digest = hashlib.sha256()
    for file in sorted([*PACKAGE.rglob("*.yaml"), *PACKAGE.rglob("*.csv")]):
        name = file.relative_to(PACKAGE)
        if name.parts[0] not in (*TALK, "_scenarios"):
            digest.update(str(name).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def inputs(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Every value that decides the bytes of a unit, by its name; those of the scenario by their dotted paths."""
    text = json.loads(json.dumps(manifest.get("scenario", {}).get("resolved", {}), default=plain))
    program = {key: str(manifest.get(key)) for key in ("seed", "model", "facility_months", "source_hash", "data_hash")}
    named = {"scenario": manifest.get("scenario", {}).get("name", "")}
    return {**named, **dict(_leaves(text)), **_parameters(manifest), **program}


def _parameters(manifest: Mapping[str, Any]) -> dict[str, str]:
    """What tells two tables apart, nothing where there is none."""
    kept = manifest.get("parameters")
    if kept is None:
        return {}
    return {"parameters": hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:16]}


def _leaves(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, dict) and node:
        for key, below in node.items():
            yield from _leaves(below, f"{path}.{key}".strip("."))
    else:
        yield path, json.dumps(node, ensure_ascii=False) if isinstance(node, list | dict) else str(node)


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """In words, how the inputs of two manifests differ; empty where they do not."""
    old, new = inputs(before), inputs(now)
    found = [name for name in dict.fromkeys([*old, *new]) if old.get(name) != new.get(name)]
    code = [name for name in found if name.endswith("_hash")]
    texts = [_text(name, old.get(name), new.get(name)) for name in found if name not in code]
    texts += [say("study.differs_code")] if code else []
    if len(texts) > SHOWN:
        texts = [*texts[:SHOWN], say("study.differs_more", number=len(texts) - SHOWN)]
    return "; ".join(texts)


def _text(name: str, old: str | None, new: str | None) -> str:
    if old is None:
        return say("study.differs_new", name=name, new=new)
    if new is None:
        return say("study.differs_gone", name=name, old=old)
    return say("study.differs", name=name, old=old, new=new)
