"""Further cover: rules that let the fund pay more of what is left of a bill, each in its file in ``rules/``.

They stand between waived fees and catastrophic cover. Each looks at the same bill, so no order is to be settled between
them. A file gives a model `FurtherCover` of its parameters, which is a key of a plan's benefit, and a function
``pays``; nothing else names it.
"""

from typing import Any, ClassVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, create_model

from simulator.benefit.rule import FOLDER
from simulator.core.jit import written_out
from simulator.core.rooms import rooms
from simulator.core.table import Column


class FurtherCover(BaseModel):
    """Parameters of a rule of further cover."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    columns: ClassVar[tuple[Column, ...]]
    """Columns that it adds to the cover table; their defaults mean that it is off."""

    def fill(self, rows: np.ndarray, care: str, tier: str) -> None:
        """Write its columns into the cover rows (STATUSES,) of one setting and tier."""
        raise NotImplementedError


def known() -> dict[str, type[FurtherCover]]:
    """The rules by their names, which are those of their files."""
    made = {}
    for name, room in rooms(FOLDER).items():
        for each in vars(room).values():
            if isinstance(each, type) and issubclass(each, FurtherCover) and each is not FurtherCover:
                made[name] = each
    return made


def columns() -> tuple[Column, ...]:
    """What the rules add to the cover table."""
    return tuple(column for model in known().values() for column in model.columns)


def keys(base: type[BaseModel]) -> Any:
    """A model with a key for each rule, none of which need be given."""
    fields: dict[str, Any] = {}
    for name, model in known().items():
        about = (rooms(FOLDER)[name].__doc__ or "").partition(":")[0]
        fields[name] = (model | None, Field(None, description=f"{about}; none if left out."))
    return create_model("FurtherCover", __base__=base, **fields)


_STEPS = {name: rooms(FOLDER)[name].pays for name in known()}
_TERMS = " + ".join(["0", *(f"{name}(own, row)" for name in _STEPS)])
more = written_out("more", f"def more(own, row): return min(own, {_TERMS})", _STEPS, __name__, __file__)
"""Fen that the fund pays more of what is left to the patient, ``own``; ``row`` is one of the cover table."""
