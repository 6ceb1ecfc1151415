"""The catalogue: both languages say the same things, and everything that the source says is in it."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from simulator.core import messages
from simulator.core.errors import UserError, UserErrors, near

SOURCE = Path(messages.__file__).resolve().parents[1]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def said() -> Iterator[tuple[str, Path]]:
    """Every key that the source gives to ``say`` as a plain text."""
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say"
            if called and node.args and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value, file


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    en, zh = messages.catalogue("en"), messages.catalogue("zh")
    assert set(en) == set(zh)
    assert {k for k in en if placeholders(en[k]) != placeholders(zh[k])} == set()
    assert {k for k, text in zh.items() if text == en[k] and any(c.isalpha() for c in text)} <= SAME_IN_BOTH


SAME_IN_BOTH: set[str] = set()
"""Keys whose text is a name or a symbol in both languages."""


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_no_key_is_written_twice(language: str) -> None:
    texts = [file.read_text(encoding="utf-8") for file in messages.files(language)]
    keys = [key.value for text in texts for key, _ in yaml.compose(text).value]
    assert len(keys) == len(set(keys))


def test_everything_said_is_in_the_catalogue() -> None:
    keys = list(said())
    assert len(keys) > 50
    assert [(k, f.name) for k, f in keys if k not in messages.catalogue("en")] == []


def test_language_is_chosen_by_use_then_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TIERCARE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(messages, "_current", [])
    assert messages.language() == "en"
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert messages.language() == "zh"
    monkeypatch.setenv("TIERCARE_LANG", "en")
    assert messages.language() == "en"
    messages.use("zh")
    assert messages.say("value_negative", text="-1") == "`-1` 是负数"
    with pytest.raises(ValueError, match="fr"):
        messages.use("fr")
    with pytest.raises(KeyError):
        messages.say("no_such_key")


def test_errors_print_place_path_and_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_current", ["en"])
    late, early = UserError("b", "f.yaml", 9, 1), UserError("a", "f.yaml", 2, 3, "x.y")
    both = UserErrors([late, early, early])
    assert str(both) == "f.yaml:2:3: x.y: a\nf.yaml:9:1: b"
    assert (both.line, both.path, len(both.all)) == (2, "x.y", 2)
    assert near("centr", ["centre", "station"]) == "; did you mean `centre`?"
    assert near("xyz", ["centre"]) == ""
