"""The JSON Schema of study files, generated from the language, for editors that complete as one types.

It is looser than the program: patches of the scenario and paths into it are not looked into.
"""

import json
from typing import Any

from simulator.core.meanings import Described
from simulator.study.sweep.language import StudyFile

DROPPED = ("default", "discriminator")
"""Keywords that say nothing to those who write a file."""


def schema() -> dict[str, Any]:
    """The JSON Schema as a dict."""
    whole = _loose(StudyFile.model_json_schema(schema_generator=Described))
    whole["properties"]["format"] = {"const": 1, "description": "Version of the language."}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **whole}


def schema_text() -> str:
    """The JSON Schema as it stands in the file."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def _loose(node: Any) -> Any:
    """A schema as files are written: what is not said is left out rather than null, and every text may look like a
    number, which only we read as text."""
    if isinstance(node, list):
        return [_loose(each) for each in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _loose(value) for key, value in node.items() if key not in DROPPED and not _name(key, value)}
    if kept.get("type") == "string" and not kept.keys() & {"enum", "const"}:
        kept["type"] = ["string", "number"]
    forms = [form for form in kept.get("anyOf", ()) if form != {"type": "null"}]
    if len(forms) == 1:
        return {**{key: value for key, value in kept.items() if key != "anyOf"}, **forms[0]}
    return kept | ({"anyOf": forms} if forms else {})


def _name(key: str, value: Any) -> bool:
    """Whether it is the name that a generated schema has for itself; a property may be called title too."""
    return key == "title" and isinstance(value, str)
