"""The message catalogue: every text for users, by key, in English and Simplified Chinese."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

LANGUAGES = ("en", "zh")
FOLDER = Path(__file__).resolve().parents[1] / "messages"

_current: list[str] = []


def use(language: str) -> None:
    """Speak ``language``, "en" or "zh", from now on.

    Raises ValueError for any other.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no catalogue for {language!r}; there are {', '.join(LANGUAGES)}")
    _current[:] = [language]


def language() -> str:
    """The language spoken now: what ``use`` set, else TIERCARE_LANG, else that of the locale, else English."""
    if _current:
        return _current[0]
    for name in ("TIERCARE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if word := os.environ.get(name, ""):
            return "zh" if word.lower().startswith("zh") else "en"
    return "en"


def in_each_language[T](make: Callable[[], T]) -> dict[str, T]:
    """What ``make`` gives in each language, by language; the language spoken stays."""
    before, made = language(), {}
    try:
        for spoken in LANGUAGES:
            use(spoken)
            made[spoken] = make()
    finally:
        use(before)
    return made


@cache
def catalogue(language: str) -> dict[str, str]:
    """Every text of one language: key -> format string."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    texts: dict[str, str] = {}
    for file in files(language):
        texts |= yaml.load(file.read_text(encoding="utf-8"), loader)
    return texts


def files(language: str) -> list[Path]:
    """The files of a language: ``en.yaml``, and those of one matter, such as ``page.en.yaml``."""
    return sorted([*FOLDER.glob(f"{language}.yaml"), *FOLDER.glob(f"*.{language}.yaml")])


def say(key: str, /, **values: object) -> str:
    """The text ``key`` in the current language, with ``values`` in their places.

    Raises KeyError for a key that is not in the catalogue and for a value that the text needs and did not get.
    """
    return catalogue(language())[key].format(**values)


class Text(NamedTuple):
    """A text for users that stands with what it is about rather than in a catalogue, in both languages."""

    en: str
    zh: str

    @property
    def localized(self) -> str:
        """In the current language."""
        return self.zh if language() == "zh" else self.en
