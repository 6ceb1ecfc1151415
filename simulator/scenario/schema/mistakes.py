"""From what pydantic refuses to sentences with a place: where the offending key or value was written, in any file."""

import re
import types
from collections.abc import Iterator
from typing import Any, TypeAliasType, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from simulator.core.errors import Place, UserError, UserErrors, near
from simulator.core.fields import not_one_of
from simulator.core.messages import say
from simulator.payment.rule import Rule, found
from simulator.scenario.language.merge import text_of
from simulator.scenario.language.strict_yaml import FULL_WIDTH, Map, Node, Scalar, Seq
from simulator.scenario.language.values import BESIDE
from simulator.scenario.schema.rules import SETTLEMENTS, TARIFFS, Settlement
from simulator.scenario.schema.scenario import Scenario

SENTENCES = {
    "greater_than": "mistake_greater",
    "greater_than_equal": "mistake_at_least",
    "less_than": "mistake_less",
    "less_than_equal": "mistake_at_most",
    "literal_error": "mistake_literal",
    "string_type": "mistake_text",
    "bool_type": "mistake_bool",
    "bool_parsing": "mistake_bool",
    "int_parsing": "mistake_number",
    "float_parsing": "mistake_number",
    "tuple_type": "mistake_list",
    "list_type": "mistake_list",
    "dict_type": "mistake_block",
    "model_type": "mistake_block",
    "model_attributes_type": "mistake_block",
}


NO_BASE = 4
"""So many missing sections are those of a file that starts from no other."""
IN_KEY = "[key]"
"""How pydantic marks that the key of a table is refused, not its value."""


def located(error: ValidationError, tree: Map, model: type[BaseModel] = Scenario) -> UserErrors:
    """Every mistake that a validation of ``tree`` as ``model`` found, at its place in the tree."""
    details = _chosen([_without_tag(d) for d in error.errors()])
    # What stands below a key that is refused is not looked at: most of it is missing only there.
    refused = [d["loc"][:-1] for d in details if d["loc"][-1:] == (IN_KEY,)]
    told = [d for d in details if d["loc"][-1:] == (IN_KEY,) or not any(d["loc"][: len(r)] == r for r in refused)]
    return UserErrors(_without_base(told, tree) or [_misnamed(d, tree) or _one(d, tree, model) for d in told])


def below(name: str, error: UserError) -> Iterator[UserError]:
    """Mistakes of a block with the path at which they stand in the file that has it under ``name``."""
    for each in error.all:
        path = ".".join(part for part in (name, each.path) if part)
        yield UserError(each.message, each.file, each.line, each.column, path)


def _without_base(details: list[Any], tree: Map) -> list[UserError]:
    """One mistake in place of many: a file that starts from no other says nearly nothing of what is needed."""
    missing = [str(d["loc"][0]) for d in details if d["type"] == "missing" and len(d["loc"]) == 1]
    if len(missing) < NO_BASE:
        return []
    keys = ", ".join(f"`{key}`" for key in missing)
    return [UserError.at(tree.place, "", say("mistake_no_base", keys=keys))]


def _misnamed(detail: Any, tree: Map) -> UserError | None:
    """What is wrong where something is missing in a block whose name is nearly that of one beside it, or of one of the
    baseline: the name."""
    if detail["type"] != "missing":
        return None
    node, path = tree, []
    for part in detail["loc"]:
        if not isinstance(node, Map) or part not in node.items:
            break
        path.append(str(part))
        if path[-2:-1] == ["benefit"]:
            base = _at(tree, ("baseline", "benefit"))
            known = {*node.items, *(base.items if isinstance(base, Map) else ())} - {part}
            if meant := near(part, known):
                return UserError.at(node.keys[part], ".".join(path), say("mistake_unknown_key") + meant)
        node = node.items[part]
    return None


def _at(tree: Node, path: tuple[str, ...]) -> Node | None:
    for part in path:
        if not isinstance(tree, Map) or part not in tree.items:
            return None
        tree = tree.items[part]
    return tree


def _without_tag(detail: Any) -> Any:
    """The mistake without the word by which pydantic marks a way of reading a value, such as `literal[...]`."""
    loc = tuple(part for part in detail["loc"] if part == IN_KEY or not re.fullmatch(r"[a-z-]+\[.*\]", str(part)))
    return detail | {"loc": loc, "read": loc != detail["loc"]}


def _chosen(details: list[Any]) -> list[Any]:
    """Of a value that could be read in several ways, the one mistake that says most: a word like one that is meant, or
    else what is wrong with the number."""
    chosen: dict[Any, Any] = {}
    for i, detail in enumerate(details):
        key = detail["loc"] if detail["read"] else i
        word = detail["type"] == "literal_error"
        meant = word and near(detail["input"], _words(detail["ctx"]))
        if key not in chosen or meant or (chosen[key]["type"] == "literal_error" and not chosen[key]["meant"]):
            chosen[key] = detail | {"meant": bool(meant)}
    return list(chosen.values())


def _one(detail: Any, tree: Map, model: type[BaseModel]) -> UserError:
    loc, kind, context = detail["loc"], detail["type"], detail.get("ctx", {})
    at, path, node, models = _walk(tree, loc, model)
    place = node.place if isinstance(node, Scalar) else at
    if kind == "extra_forbidden":
        return UserError.at(at, path, say("mistake_unknown_key") + near(loc[-1], known(models)))
    if kind == "literal_error" and loc[-1] == IN_KEY:
        return UserError.at(at, path, say("mistake_unknown_key") + near(loc[-2], _words(context)))
    if kind == "missing":
        return UserError.at(place, path, say("mistake_missing", key=loc[-1]))
    if kind.startswith("union_tag") and isinstance(node, Map):
        word = context["discriminator"].strip("'")
        if word not in node.items:
            misspelt = next((key for key in node.items if near(key, [word])), None)
            if misspelt is not None:
                return UserError.at(
                    node.keys[misspelt], f"{path}.{misspelt}", say("mistake_unknown_key") + near(misspelt, [word])
                )
            return UserError.at(place, path, say("mistake_which", word=word))
        tags = [tag.strip("' ") for tag in context["expected_tags"].split(",")]
        return UserError.at(node.items[word].place, f"{path}.{word}", not_one_of(text_of(node.items[word]), tags))
    if kind == "literal_error" and isinstance(node, Scalar):
        return UserError.at(place, path, not_one_of(node.text, _words(context)))
    if kind == "value_error":
        wide = next((c for c in str(node.text) if c in FULL_WIDTH), "") if isinstance(node, Scalar) else ""
        hint = "; " + say("yaml_fullwidth", char=wide, ascii=FULL_WIDTH[wide]) if wide else ""
        return UserError.at(place, path, f"{context['error']}{hint}")
    if context.get("class_name") == "Both":
        example = "{en: My reform, zh: 我的改革}"
        return UserError.at(place, path, say("mistake_both", text=_short(node), example=example))
    values = {k: v for k, v in context.items() if k in ("gt", "ge", "lt", "le")}
    limit = next(iter(values.values()), "")
    sentence = SENTENCES.get(kind, "mistake_other")
    return UserError.at(place, path, say(sentence, text=_short(node), limit=limit, problem=detail["msg"]))


def _words(context: dict[str, Any]) -> list[str]:
    """The words that a literal allows, out of pydantic's list of them."""
    return [word.strip("' ") for word in context["expected"].replace(" or ", ", ").split(",")]


def _short(node: Node) -> str:
    return str(node.text) if isinstance(node, Scalar) else "[…]" if isinstance(node, Seq) else "{…}"


def _walk(tree: Map, loc: tuple[int | str, ...], model: type[BaseModel]) -> tuple[Place, str, Node, set[Any]]:
    """The deepest part of ``loc`` that was written: the place of its key, its dotted path, its value, and the models
    of the block it stands in.

    Parts that only pydantic knows (the tag of a union, `rule` before a rule's parameter) are passed over.
    """
    node: Node = tree
    at, path, models, inside = tree.place, [], {model}, {model}
    for depth, part in enumerate(loc):
        if isinstance(node, Map):
            key = list(node.items)[part] if isinstance(part, int) and part < len(node.items) else str(part)
            below, key_at = node.items.get(key), node.keys.get(key)
        elif isinstance(node, Seq) and isinstance(part, int) and part < len(node.items):
            key, below, key_at = str(part), node.items[part], node.items[part].place
        else:
            break
        more = any(isinstance(p, str) and p != IN_KEY for p in loc[depth + 1 :])
        if below is None or key_at is None or (isinstance(below, Scalar) and more):
            continue
        path.append(key)
        inside, models = models, _into(models, key, node)
        node, at = below, key_at
    return at, ".".join(path), node, inside


def known(models: set[Any]) -> set[str]:
    """The keys that any of these models takes."""
    fields = {field.alias or name for m in models if _is_model(m) for name, field in m.model_fields.items()}
    return fields | set(BESIDE)


def _into(models: set[Any], key: str, node: Node) -> set[Any]:
    """The types of what stands below ``key`` in a block that is one of ``models``."""
    below: set[Any] = set()
    for model in models:
        if not _is_model(model):
            below |= _values(model)
            continue
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        if key in fields:
            below |= _plain_types(fields[key].annotation)
    below = {each for model in below for each in _with_rule(model, key, node)}
    return below or models


def _with_rule(model: Any, key: str, node: Node) -> set[Any]:
    """A block with a rule takes the rule's parameters too."""
    chosen = node.items.get(key) if isinstance(node, Map) else None
    return {model} if not isinstance(chosen, Map) else {model} | _parameters(model, chosen)


def _parameters(model: Any, block: Map) -> set[type[Rule]]:
    for each in _values(model) or {model}:
        if _is_model(each) and "rule" in each.model_fields:
            rules = found(SETTLEMENTS if issubclass(each, Settlement) else TARIFFS)
            return {rules[name] for name in [text_of(block.items.get("rule")) or ""] if name in rules}
    return set()


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _values(kind: Any) -> set[Any]:
    """Types of the values of a dict or list type."""
    arguments = get_args(kind)
    if get_origin(kind) is dict:
        return _plain_types(arguments[1])
    return _plain_types(arguments[0]) if get_origin(kind) in (tuple, list) and arguments else set()


def _plain_types(kind: Any) -> set[Any]:
    """A type without annotations and aliases, or the members of a union."""
    if isinstance(kind, TypeAliasType):
        return _plain_types(kind.__value__)
    if get_origin(kind) in (Union, types.UnionType):
        return {t for member in get_args(kind) for t in _plain_types(member)}
    if hasattr(kind, "__metadata__"):
        return _plain_types(kind.__origin__)
    return {kind}
