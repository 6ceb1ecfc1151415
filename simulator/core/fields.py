"""Field types that take words rather than numbers, and the block that all parameters stand in."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, WithJsonSchema, model_validator

from simulator.core.errors import near
from simulator.core.messages import say
from simulator.core.names import TIER_GROUPS, TIERS
from simulator.core.naming import name

FEW = 12
"""So many words are listed in a message."""


class Block(BaseModel):
    """What every block of a scenario shares: frozen, unknown keys refused, fields documented by the text under them."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Selection(Block):
    """Whom something is for: between dimensions *and*, within a list *or*; what is left out means all."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError(say("scope_empty"))
        return self


def selection_or(model: type[Selection], word: str) -> Any:
    """The type of a `for`: a selection of this model, or ``word``."""

    def read(value: Any) -> Any:
        if isinstance(value, dict):
            return model.model_validate(value)
        if value != word and not isinstance(value, model):
            raise ValueError(say("scope_form", text=value, word=word))
        return value

    return Annotated[model | Literal[word], BeforeValidator(read)]


def not_one_of(text: object, words: Sequence[str]) -> str:
    """The sentence that refuses ``text``: names the words if they are few, and the nearest one."""
    sentence = "word_unknown" if len(words) <= FEW else "word_not_known"
    return say(sentence, text=text, words=", ".join(words)) + near(text, words)


def one_of(*words: str) -> Any:
    """The type of a field that holds one of ``words``."""

    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(not_one_of(value, words))
        return value

    return Annotated[str, BeforeValidator(read), WithJsonSchema({"type": "string", "enum": list(words)})]


def some_of(*words: str, groups: Mapping[str, tuple[str, ...]] | None = None, least: int = 1) -> Any:
    """The type of a field that holds a word or a list of words, as a tuple; any names if ``words`` is empty.

    A word of ``groups`` stands for several. ``least`` 0 allows an empty list.
    """
    allowed = (*words, *(groups or {}))

    def read(value: Any) -> tuple[str, ...]:
        chosen: list[str] = []
        for word in [value] if isinstance(value, str) else value if isinstance(value, list | tuple) else [None]:
            if not isinstance(word, str) or (words and word not in allowed):
                raise ValueError(not_one_of(word, allowed) if words else say("word_name"))
            chosen += (groups or {}).get(word, (word,))
        if len(chosen) < least:
            raise ValueError(say("word_none"))
        return tuple(dict.fromkeys(chosen))

    one: dict[str, Any] = {"type": "string"} | ({"enum": list(allowed)} if words else {})
    schema = {"anyOf": [one, {"type": "array", "items": one, "minItems": least}]}
    return Annotated[tuple[str, ...], BeforeValidator(read), WithJsonSchema(schema)]


Tier = one_of(*TIERS)
Tiers = some_of(*TIERS, groups=TIER_GROUPS)
Names = some_of()
Name = Annotated[str, AfterValidator(name)]
"""A name that the author gives here."""


class Both(Block):
    """A text in both languages."""

    en: str
    """English"""
    zh: str
    """Simplified Chinese"""
