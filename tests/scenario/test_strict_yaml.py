"""The strict subset: what is refused, and that every key and value knows its place."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core.errors import UserError
from simulator.scenario.language.merge import plain
from simulator.scenario.language.strict_yaml import DEEPEST, Map, Scalar, read

REFUSED = """yes;no;on;off;Yes;y;N;True;FALSE;012;-07;12:30;1:2:3;1e6;1.5E-3;1,200;1,200 yuan;1_200;1_200 yuan;~;null;
.inf;.nan;0x1F;0o17;.5;5.;.5%;!!str a;!x a;*a;&a b""".replace("\n", "").split(";")


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    with pytest.raises(UserError) as refused:
        read(f"key: {text}\n", "f.yaml")
    assert (refused.value.file, refused.value.line) == ("f.yaml", 1)


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\na: 2\n",
        "a: {b: 1, b: 2}\n",
        "<<: {a: 1}\n",
        "a:\n",
        "a: {b, c: 1}\n",
        "? [a]\n: 1\n",
        "a: 1\n---\nb: 2\n",
    ],
)
def test_refused_shapes(text: str) -> None:
    with pytest.raises(UserError):
        read(text, "f.yaml")


@pytest.mark.parametrize(
    "text", ["65%", "'yes'", '"012"', "2018-01", "+5 pp", "-12%", "1.2 万元", "0-14", "85+", "0", "a_b_1", "0.5"]
)
def test_accepted(text: str) -> None:
    tree = read(f"key: {text}\n", "f.yaml")
    assert isinstance(tree, Map)
    assert plain(tree) == {"key": text.strip("'\"")}


def test_only_true_and_false_are_booleans() -> None:
    assert plain(read("{a: true, b: false, c: 'true'}", "f")) == {"a": True, "b": False, "c": "true"}


def test_depth_is_limited() -> None:
    read("a: " + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1), "f")
    with pytest.raises(UserError):
        read("a: " + "[" * DEEPEST + "]" * DEEPEST, "f")


def test_places_count_lines_and_columns_from_one() -> None:
    tree = read("a:\n  b: {c: 5%}\n", "f.yaml")
    inner = tree.items["a"].items["b"]
    assert tree.items["a"].keys["b"] == ("f.yaml", 2, 3)
    assert inner.keys["c"] == ("f.yaml", 2, 7)
    assert inner.items["c"] == Scalar("5%", ("f.yaml", 2, 10))


def test_a_key_with_dots_is_a_path_and_a_quoted_one_is_not() -> None:
    text = "a.b.c: 1\na.b.d: 2\na: {e: 3}\n'x.y': 4\n"
    assert plain(read(text, "f")) == {"a": {"b": {"c": "1", "d": "2"}, "e": "3"}, "x.y": "4"}
    with pytest.raises(UserError):
        read("a.b: 1\na: {b: 2}\n", "f")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    with contextlib.suppress(UserError):
        plain(read(text, "f.yaml"))
