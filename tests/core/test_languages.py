"""Two languages for everything that users read: no string is missing, and terms are those of the glossary."""

import ast
import re
import string
from pathlib import Path

import pytest

from simulator.benefit.layers import PAYERS
from simulator.core import messages
from simulator.core.messages import LANGUAGES, Text, catalogue
from simulator.core.names import CARE, CASCADE, DISEASES, SEXES, TIER_GROUPS, TIERS
from simulator.count.indicators.catalogue import INDICATORS
from simulator.practice import acts
from simulator.study.explain.groups import INCOMES
from simulator.study.explain.switches import SWITCHES
from simulator.study.trace.place import BOOKS, USE
from simulator.study.trace.watched import BED_TERMS, VISIT_TERMS

SOURCE = Path(messages.__file__).resolve().parents[1]
GLOSSARY = SOURCE.parent / "docs" / "glossary.md"
FORMED = {
    "tier.": (*TIERS, *TIER_GROUPS),
    "care.": CARE,
    "part.": DISEASES,
    "plan.": ("resident", "employee"),
    "payer.": ("family", "fund", *PAYERS),
    "trace.who_": SEXES,
    "trace.state_": CASCADE,
    "trace.term_": tuple({**VISIT_TERMS, **BED_TERMS}),
    "trace.of_": ("partner", *BOOKS, *USE),
    "explain.switch_": (*SWITCHES, "all"),
    "explain.income_": tuple(INCOMES),
}
"""Keys that are put together from words of the program."""
SHORT = {
    "tier": ("层级", "等级系数", "该级"),
    "tests": ("检查",),
    "margin": ("结余", "边际"),
    "treated": ("治疗",),
    "length of stay": ("住院天数",),
    "controlled": ("控制",),
    "catalogue": ("目录",),
    "capability": ("能力",),
    "care inside the area": ("区域内就诊率",),
    "target": ("目标",),
    "replication": ("次模拟", "基金穿底概率"),
}
"""Where a sentence says a term shorter or with another head than the glossary."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("prefix", FORMED)
def test_no_word_of_the_program_is_missing(prefix: str, language: str) -> None:
    assert [name for name in FORMED[prefix] if prefix + name not in catalogue(language)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_case_groups_of_the_base_have_words(language: str) -> None:
    table = (SOURCE.parent / "scenarios" / "evidence" / "case_groups.csv").read_text(encoding="utf-8")
    groups = [line.partition(",")[0] for line in table.splitlines() if line and not line.startswith("#")][1:]
    assert len(groups) > 20
    assert [name for name in groups if f"group.{name}" not in catalogue(language)] == []


def test_every_key_that_is_put_together_begins_like_one_of_the_catalogue() -> None:
    found = []
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say"
            if called and node.args and isinstance(node.args[0], ast.JoinedStr):
                start = node.args[0].values[0]
                assert isinstance(start, ast.Constant), f"{file.name}:{node.lineno}"
                found.append((str(start.value), file.name))
    assert len(found) > 10
    assert [each for each in found if not any(key.startswith(each[0]) for key in catalogue("en"))] == []


def indicator_texts() -> list[tuple[str, Text]]:
    """Long and short names of indicators."""
    names = [(name, each.text) for name, each in INDICATORS.items()]
    return names + [(f"{name}, short", each.short) for name, each in INDICATORS.items() if each.short]


def test_chinese_texts_are_chinese() -> None:
    """But for signs and names of files, commands and words of the language of scenarios."""
    han = re.compile(r"[\u4e00-\u9fff]")
    texts = catalogue("zh") | {name: text.zh for name, text in indicator_texts()}
    bare = {key: re.sub(r"\{[^}]*\}|`[^`]*`|[A-Z]", "", text) for key, text in texts.items()}
    assert [key for key, text in bare.items() if re.search(r"[a-z]", text) and not han.search(text)] == []


def spoken(text: str) -> str:
    """A text without its placeholders, addresses of links, and words of the language of scenarios."""
    plain = "".join(literal for literal, *_ in string.Formatter().parse(re.sub(r"`[^`]*`|\]\([^)]*\)", "", text)))
    return re.sub(r"\{[^}]*\}", "", plain)


def test_terms_are_those_of_the_glossary() -> None:
    """Where an English text uses a term of the glossary, the Chinese one says it as policy documents do."""
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| .*? \|$", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)
    english, chinese = dict(catalogue("en")), dict(catalogue("zh"))
    for name, text in (*((name, how.text) for _, name, _, how in acts.shown()), *indicator_texts()):
        english[name], chinese[name] = text
    checked, wrong = 0, []
    for said, term in rows:
        word = re.sub(r"\(.*?\)", "", term).strip()
        wordings = [each for each in re.split(r"[、（）]", said.strip()) if each]
        for key, text in english.items():
            if re.search(rf"\b{re.escape(word)}s?\b", spoken(text), re.IGNORECASE):
                checked += 1
                if not any(each in chinese[key] for each in (*wordings, *SHORT.get(word, ()))):
                    wrong.append((word, key))
    assert checked > 100
    assert wrong == []
