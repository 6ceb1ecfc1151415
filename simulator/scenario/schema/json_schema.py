"""The JSON Schema of the scenario language, generated from the models, for editors that complete as one types.

It is looser than the program: everything may be left out (a file may extend another), keys with dots are not looked
into, and units are checked as patterns only.
"""

import json
from typing import Any

from simulator.core.behaviour import names, sets
from simulator.core.meanings import Described
from simulator.core.names import TIER_GROUPS
from simulator.payment.rule import found
from simulator.scenario.schema.place import CaseGroup
from simulator.scenario.schema.scenario import Scenario

type Schema = dict[str, Any]

TEXT = {"type": "string"}
SAID: Schema = {
    "source": {
        "description": "Where the values come from: an id of `sources`, or a citation; for a block also by column.",
        "anyOf": [TEXT, {"type": "object", "additionalProperties": TEXT}],
    },
    "year": {"description": "Year of the values.", "type": ["integer", "string", "object"]},
    "note": {"description": "Remark.", **TEXT},
}
LONG: Schema = {
    "type": "object",
    "description": "A value with what is known of it.",
    "properties": {
        "value": {"type": ["number", "string", "boolean", "array"]},
        "unit": TEXT,
        "range": {"type": "array", "minItems": 2, "maxItems": 2},
        **SAID,
    },
    "required": ["value"],
    "additionalProperties": False,
}
MONTH = r"^(19|20)\d\d-(0[1-9]|1[0-2])$"
REMOVE: Schema = {"const": "remove", "description": "Takes away what the parent file says here."}
PLAIN = ("Both", "Link", "Claim", "Finding", "Scope", "Membership", "Members")
"""Blocks whose values are always short and which are replaced whole."""
NETWORKS = ("Prefecture", "County", "City", "SeveralCities", "Listed")


def schema() -> Schema:
    """The JSON Schema as a dict."""
    whole = Scenario.model_json_schema(schema_generator=Described)
    definitions: Schema = whole.pop("$defs")
    for name in ("Payment", "Settlement"):
        definitions[name] = _ruled(definitions, name)
    definitions["Illness"]["properties"]["case_groups"] = _case_groups(definitions)
    for name, definition in definitions.items():
        if name not in PLAIN:
            for block in definition.get("anyOf", [definition]):
                _patch(block)
    _patch(whole)
    _in_files(definitions)
    _dated(whole, definitions)
    whole["properties"]["format"] = {"const": 1, "description": "Version of the language."}
    whole["properties"]["extends"] = {"description": "The one file that this one starts from.", **TEXT}
    whole["properties"]["sources"] = {"type": "object", "additionalProperties": TEXT}
    whole["properties"]["behaviour"] = {"anyOf": [{"$ref": "#/$defs/Behaviour"}, {"enum": sets()}]}
    definitions["Behaviour"]["properties"]["parameters"] = _parameters()
    for key in ("title", "description"):
        whole["properties"][key] = {"$ref": "#/$defs/Both"}
    whole["required"] = ["format", "title", "description"]
    definitions["Long"] = LONG
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **whole, "$defs": definitions}


def _parameters() -> Schema:
    """The block of behavioural parameters: their names once, since there are hundreds."""
    return {
        "description": "Other values for single parameters, each a bare number in its unit.",
        "type": "object",
        "propertyNames": {"enum": [*names(), *SAID]},
        "additionalProperties": {"anyOf": [{"type": ["number", "string"]}, {"$ref": "#/$defs/Long"}]},
    }


def schema_text() -> str:
    """The JSON Schema as it stands in the file."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def _dated(whole: Schema, definitions: Schema) -> None:
    """The timelines, and the patches that steps, `but` and overrides are: every key of theirs is known, none needed."""
    rules: Schema = {"$ref": "#/$defs/Rules"}
    timeline: Schema = {"type": "object", "patternProperties": {MONTH: rules}, "additionalProperties": False}
    reform = definitions["Reform"]["properties"]
    reform["timeline"] = timeline | {"description": reform["timeline"]["description"]}
    reform["but"] = rules | {"description": reform["but"]["description"]}
    every = {"description": "Dated changes that happen in every arm.", **timeline}
    baseline = definitions["Rules"]
    definitions["Baseline"] = baseline | {"properties": baseline["properties"] | {"timeline": every}}
    properties = whole["properties"]
    properties["baseline"] = {"$ref": "#/$defs/Baseline", "description": properties["baseline"]["description"]}
    patch: Schema = {
        "type": "object",
        "description": "A patch to the whole file.",
        "properties": {key: {"$ref": f"#/properties/{key}"} for key in properties if key != "overrides"},
        "patternProperties": {r"\.": {}},
        "additionalProperties": False,
    }
    text = properties["overrides"]["description"]
    properties["overrides"] = {"type": "object", "description": text, "additionalProperties": patch}


def _ruled(definitions: Schema, name: str) -> Schema:
    """A block of `payment` or `settlements`: one form for every rule of the folder, its parameters beside the rest."""
    own = definitions[name]
    folder = own["properties"]["rule"]["rules"]
    shared = {key: value for key, value in own["properties"].items() if key != "rule"}
    forms = []
    for rule, cls in found(folder).items():
        parameters = cls.model_json_schema(ref_template=f"#/$defs/{rule}.{{model}}", schema_generator=Described)
        definitions |= {f"{rule}.{key}": value for key, value in parameters.pop("$defs", {}).items()}
        tag = {"const": rule, "description": parameters.get("description", "")}
        forms.append({"type": "object", "properties": {"rule": tag, **shared, **parameters["properties"]}})
    # A patch need not name the rule that it changes a parameter of.
    return {"description": own["description"], "anyOf": forms}


def _case_groups(definitions: Schema) -> Schema:
    row = definitions.pop(CaseGroup.__name__)
    del row["properties"]["group"]
    definitions["CaseGroup"] = row
    table = {"description": "CSV file with a row for each group.", **TEXT}
    text = definitions["Illness"]["properties"]["case_groups"]["description"]
    rows = {"$ref": "#/$defs/CaseGroup"}
    return {"description": text, "type": "object", "properties": {"table": table}, "additionalProperties": rows}


def _in_files(definitions: Schema) -> None:
    """Networks may lie in files: facilities and links as tables, or both as a graph."""
    for form in NETWORKS:
        properties = definitions[form]["properties"]
        properties["facilities"]["properties"]["table"] = {"description": "CSV file of facilities.", **TEXT}
        table = {"type": "object", "properties": {"table": TEXT}, "additionalProperties": False}
        written = {key: properties["links"].pop(key) for key in ("type", "items")}
        properties["links"] = {"description": properties["links"]["description"], "anyOf": [written, table]}
    definitions["Listed"]["properties"]["graph"] = {"description": "GraphML file of facilities and links.", **TEXT}


def _patch(block: Schema) -> None:
    """Turn the schema of a whole block into that of a patch: all optional, long values, tier groups, citations."""
    block.pop("required", None)
    if "properties" in block:
        properties = {key: _value(value) for key, value in block["properties"].items()}
        _add_groups(properties)
        block["properties"] = properties | {k: v for k, v in SAID.items() if k not in properties}
        block["patternProperties"] = {r"\.": {}}
        block["additionalProperties"] = False


def _value(value: Schema) -> Schema:
    """A property as it may be written: short, long or `remove`; tables may say their source too."""
    value = {key: part for key, part in value.items() if key not in ("default", "rules", "named", "title")}
    if "oneOf" in value:  # a patch of a network or plan fits several forms
        return {key: part for key, part in value.items() if key == "description"} | {"anyOf": value["oneOf"]}
    if any("oneOf" in part for part in value.get("anyOf", ())):
        forms = [form for part in value["anyOf"] for form in part.get("oneOf", ())]
        return {"description": value["description"], "anyOf": [*forms, REMOVE]}
    if "$ref" in value or "const" in value or value.get("type") == "array":
        return value
    if "anyOf" in value and any("$ref" in part for part in value["anyOf"]):
        return value | {"anyOf": [*(p for p in value["anyOf"] if p.get("type") != "null"), REMOVE]}
    if isinstance(inside := value.get("additionalProperties"), dict):
        words = value.pop("propertyNames", {}).get("enum")
        table: Schema = {key: part for key, part in value.items() if key != "additionalProperties"}
        blocks = [inside] if "$ref" in inside else inside.get("oneOf")
        below = {"anyOf": [*blocks, REMOVE]} if blocks else _value(inside)
        if words is None:
            return table | {"properties": value.get("properties", {}) | SAID, "additionalProperties": below}
        properties = dict.fromkeys(words, below)
        _add_groups(properties)
        return table | {"properties": properties | SAID, "additionalProperties": False}
    described = {key: part for key, part in value.items() if key == "description"}
    short = {key: part for key, part in value.items() if key != "description"}
    forms = [p for p in short.get("anyOf", [short]) if p.get("type") != "null"]
    forms = [q for p in forms for q in p.get("anyOf", [p])]
    return described | {"anyOf": [*forms, {"$ref": "#/$defs/Long"}, REMOVE]}


def _add_groups(properties: Schema) -> None:
    """`primary` and `hospital` beside the tiers that they stand for."""
    for group, tiers in TIER_GROUPS.items():
        if all(tier in properties for tier in tiers):
            properties[group] = properties[tiers[0]] | {"description": f"{' and '.join(tiers)} alike."}
