"""What the fields of a block of parameters mean: the text that stands under each.

Read from the source when somebody asks. Pydantic would read it whenever the program starts, to show it hardly ever.
"""

import ast
import inspect
import sys
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core.core_schema import ModelSchema


def meaning(model: type[BaseModel], field: str) -> str:
    """What a field means: its description, or else the text under it in the class where it was declared last.

    >>> from simulator.fund.reserves import ReservePolicy
    >>> meaning(ReservePolicy, "low")
    'Months of spending below which it asks for more.'
    """
    said = model.model_fields[field].description
    if said is not None:
        return said
    for kind in model.__mro__:
        if field in vars(kind).get("__annotations__", {}):
            return _texts(sys.modules[kind.__module__].__file__ or "").get((kind.__qualname__, field), "")
    return ""


@cache
def _texts(file: str) -> dict[tuple[str, str], str]:
    """Texts under the fields of all classes of a file, by qualified name of the class and field."""
    found: dict[tuple[str, str], str] = {}

    def look(body: list[ast.stmt], inside: str) -> None:
        for n, statement in enumerate(body):
            if isinstance(statement, ast.ClassDef):
                look(statement.body, f"{inside}{statement.name}.")
            elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                after = body[n + 1] if n + 1 < len(body) else None
                if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                    found[inside.rstrip("."), statement.target.id] = inspect.cleandoc(str(after.value.value))

    look(ast.parse(Path(file).read_text(encoding="utf-8")).body, "")
    return found


class Described(GenerateJsonSchema):
    """A JSON Schema in which every property has its meaning."""

    def model_schema(self, schema: ModelSchema) -> dict[str, Any]:
        """The schema of one model."""
        made = super().model_schema(schema)
        model = schema["cls"]
        for name, field in model.model_fields.items():
            text = meaning(model, name)
            if text:
                made["properties"][field.alias or name]["description"] = text
        return made
