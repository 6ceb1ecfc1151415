"""The help of the command in both languages."""

import pytest
import typer

from simulator.cli.app import app
from simulator.cli.help import chinese, texts, translated, without_language
from simulator.core.messages import language, use

pytestmark = pytest.mark.usefixtures("english")


def test_every_help_has_its_chinese_and_none_is_left_over() -> None:
    import simulator.cli  # noqa: F401

    assert set(chinese()) == {*texts(typer.main.get_command(app)), "Show this message and exit."}
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in text) for text in chinese().values())


def test_help_is_in_the_language_asked_for() -> None:
    assert without_language(["--help", "--lang", "zh"]) == ["--help"]
    assert language() == "zh"
    command = translated(typer.main.get_command(app))
    assert command.help == "模拟分级诊疗及其支付方式。"


def test_without_help_the_language_stays_an_option() -> None:
    assert without_language(["run", "base", "--lang=zh"]) == ["run", "base", "--lang=zh"]
    assert language() == "en"
    use("en")
