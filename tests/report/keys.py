"""Words of the scenario language that stand in the visible text of a page."""

import html
import re

APART = r"<(style|code|pre|svg|title|cite)\b.*?</\1>"
KEY = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")


def english_keys(page: str) -> list[str]:
    """Keys in the visible text outside code, citations and pictures."""
    text = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(APART, " ", page, flags=re.DOTALL)))
    return sorted(set(KEY.findall(text)))


def letters_in_pictures(page: str) -> list[str]:
    """Keys in the letters of pictures."""
    return sorted({key for text in re.findall(r"<text[^>]*>([^<]*)</text>", page) for key in KEY.findall(text)})
