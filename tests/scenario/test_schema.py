"""The JSON Schema is generated from the models, and the one in the repository is fresh."""

from simulator.payment.rule import found
from simulator.scenario import scenarios_folder
from simulator.scenario.schema.json_schema import schema, schema_text
from simulator.scenario.schema.rules import SETTLEMENTS, TARIFFS
from simulator.scenario.schema.scenario import Scenario


def test_the_file_is_fresh() -> None:
    # If not: `tiercare schema`.
    assert (scenarios_folder() / "schema.json").read_text(encoding="utf-8") == schema_text()


def test_every_section_and_every_rule_is_in_it() -> None:
    whole = schema()
    assert set(Scenario.model_fields) < set(whole["properties"])
    for block, folder in (("Payment", TARIFFS), ("Settlement", SETTLEMENTS)):
        forms = whole["$defs"][block]["anyOf"]
        by_rule = {form["properties"]["rule"]["const"]: form["properties"] for form in forms}
        assert set(by_rule) == set(found(folder))
        for name, cls in found(folder).items():
            assert set(cls.model_fields) < set(by_rule[name])


def test_steps_and_overrides_are_patches_of_what_they_change() -> None:
    whole = schema()
    rules, reform = {"$ref": "#/$defs/Rules"}, whole["$defs"]["Reform"]["properties"]
    for timeline in (reform["timeline"], whole["$defs"]["Baseline"]["properties"]["timeline"]):
        assert list(timeline["patternProperties"].values()) == [rules]
        assert timeline["additionalProperties"] is False
    assert reform["but"]["$ref"] == rules["$ref"]
    override = whole["properties"]["overrides"]["additionalProperties"]
    assert override["properties"]["population"] == {"$ref": "#/properties/population"}
    assert all("required" not in definition for definition in (whole["$defs"]["Alliance"], whole["$defs"]["Rules"]))


def test_every_field_is_described() -> None:
    undescribed = [
        f"{name}.{key}"
        for name, definition in schema()["$defs"].items()
        for block in definition.get("anyOf", [definition])
        for key, value in block.get("properties", {}).items()
        if name not in ("Long", "Facilities") and "description" not in value and "$ref" not in value
    ]
    assert undescribed == []
