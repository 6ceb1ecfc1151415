"""The font of a language: Chinese needs one with Chinese characters, which not every machine has."""

from contextlib import suppress
from functools import cache

from simulator.core.messages import say

CHINESE = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "Noto Sans CJK JP",
    "Noto Serif CJK SC", "Noto Serif CJK JP", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Microsoft YaHei", "SimHei",
    "PingFang SC", "Heiti SC", "Hiragino Sans GB", "Arial Unicode MS",
)  # fmt: skip
"""Families with simplified Chinese characters, the preferred first. Of a collection matplotlib reads the first face, so
that Noto goes by its Japanese name; it has the same characters."""


@cache
def chinese() -> str | None:
    """The first of these families that is installed."""
    found = _known()
    if found is None:
        _look_again()
        found = _known()
    return found


def _known() -> str | None:
    """The first of these families that matplotlib knows."""
    from matplotlib import font_manager

    there = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in CHINESE if name in there), None)


def _look_again() -> None:
    """Take in fonts that were installed after matplotlib wrote down, once and for all, which there are."""
    from matplotlib import font_manager

    known = {font.fname for font in font_manager.fontManager.ttflist}
    for path in font_manager.findSystemFonts():
        if path not in known:
            with suppress(OSError, RuntimeError):  # no font that it can read
                font_manager.fontManager.addfont(path)


def family_of(language: str) -> list[str] | None:
    """Font families of a language, None where its characters cannot be drawn here."""
    if language != "zh":
        return ["DejaVu Sans"]
    found = chinese()
    return [found, "DejaVu Sans"] if found else None


def hint() -> str:
    """How to get a font with Chinese characters."""
    return say("figures.no_font")
