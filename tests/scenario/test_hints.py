"""Hints to those who write a scenario for the first time, in Chinese most of all."""

import pytest
from pydantic import TypeAdapter, ValidationError

from simulator.core.errors import UserError, near
from simulator.core.messages import use
from simulator.core.units import Count
from simulator.scenario import load
from simulator.scenario.language.strict_yaml import read
from simulator.scenario.resolve.facilities import network_of


@pytest.mark.parametrize(("text", "people"), [("120万", 1_200_000), ("1.2亿", 120_000_000), ("48 万", 480_000)])
def test_people_are_counted_in_ten_thousands(text: str, people: int) -> None:
    assert TypeAdapter(Count).validate_python(text) == people


@pytest.mark.parametrize("text", ["0.00001万", "-1万", "万", "1.00005万"])
def test_a_count_is_whole(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Count).validate_python(text)


@pytest.mark.parametrize(
    ("word", "words", "meant"),
    [
        ("基层", ("station", "primary"), "primary"),
        ("卫生院", ("station", "centre", "hospital"), "centre"),
        ("县医院", ("centre", "secondary", "tertiary"), "secondary"),
        ("门诊", ("outpatient", "inpatient"), "outpatient"),
        ("居民医保", ("resident", "employee"), "resident"),
        ("按人头付费", ("capitation", "drg"), "capitation"),
        ("ffs", ("drg", "fee_for_service"), "fee_for_service"),
    ],
)
def test_a_chinese_word_or_initials_are_understood(word: str, words: tuple[str, ...], meant: str) -> None:
    use("en")
    assert near(word, words) == f"; did you mean `{meant}`?"


def test_an_unknown_rule_is_answered_with_the_list() -> None:
    use("en")
    with pytest.raises(UserError, match="there are capitation, dip, drg"):
        load("base", changes=["baseline.payment.inpatients.rule=qqqq"])


@pytest.mark.parametrize(
    ("text", "char", "line", "column"),
    [
        ("a: 1\nb：2\n", "：", 2, 2),
        ("a: {b: 1，c: 2}\nd: 3", "，", 1, 9),
        ("a: ｛b: 1｝\nc: 2", "｛", 1, 4),
        ("time：{start: 2017-01}\n", "：", 1, 5),
    ],
)
def test_a_full_width_character_is_named_with_its_place(text: str, char: str, line: int, column: int) -> None:
    use("en")
    with pytest.raises(UserError) as refused:
        read(text, "a.yaml")
    assert f"`{char}`" in refused.value.message
    assert (refused.value.line, refused.value.column) == (line, column)


def test_a_comma_of_a_text_is_not_blamed_for_a_mistake_before_it() -> None:
    use("en")
    with pytest.raises(UserError, match="a comma starts a new entry: put the whole text in quotes") as refused:
        read("title: {en: Package, kept, zh: 打包，结余留用}\n", "a.yaml")
    assert refused.value.column == 22


def test_full_width_characters_in_texts_are_left_alone() -> None:
    tree = read('a: {zh: "总额付费：结余留用，超支不补"}\n', "a.yaml")
    assert tree.items["a"].items["zh"].text == "总额付费：结余留用，超支不补"


def test_a_full_width_sign_in_a_value_is_named() -> None:
    use("en")
    with pytest.raises(UserError, match="a full-width `％` stands here"):
        load("base", changes=["population.urban=65％"])


def test_what_is_wrong_in_the_place_is_said_once_whatever_arm_needs_it_first() -> None:
    use("en")
    group = "{form: city_group, lead: tertiary_1, members: {below: tertiary_1}, tightness: 0.5}"
    arm = ["reforms.a.title={en: a, zh: b}", f"reforms.a.timeline.2024-01.alliances.group={group}"]
    with pytest.raises(UserError) as refused:
        load("base", changes=[*arm, "network.stations=0"])
    assert str(refused.value) == "--set network.stations=0: network.stations: `0` is not a whole number of at least 1"


def test_what_is_wrong_in_the_network_is_said_where_it_was_written() -> None:
    use("en")
    with pytest.raises(UserError) as refused:
        network_of(load("base", changes=["network.stations=0"]))
    assert str(refused.value) == ("--set network.stations=0: network.stations: `0` is not a whole number of at least 1")
    titled = "network.titles.areas={conty_1: {en: A county, zh: 县}}"
    with pytest.raises(UserError, match="did you mean `county_1`"):
        network_of(load("base", changes=[titled]))
