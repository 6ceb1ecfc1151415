"""A strict subset of YAML, read with our own resolver: nothing that could be mistaken is accepted, and every key and
value remembers where it was written.

Scalars stay text (only `true` and `false` are more), because what `5` or `65%` means depends on the key it stands at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from yaml.reader import ReaderError

from simulator.core.errors import Place, UserError
from simulator.core.messages import say
from simulator.core.naming import normal
from simulator.scenario.language.text_files import text_in

MOST = 50_000
"""Values and blocks of a file; the largest that is shipped has five hundred."""
DEEPEST = 16


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as written, with what was said about it (see ``cite``)."""

    text: str | bool
    place: Place
    source: str | None = None
    year: str | None = None
    note: str | None = None
    range: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Seq:
    """A list."""

    place: Place
    items: list["Node"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Map:
    """A block: values by key, and where each key stands. ``dotted`` if it was written as a key with dots."""

    place: Place
    items: dict[str, "Node"] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)
    dotted: bool = False

    def put(self, key: str, node: "Node", at: Place) -> None:
        """Set ``key``, written at ``at``."""
        self.items[key], self.keys[key] = node, at


type Node = Scalar | Seq | Map

TRAPS = [
    (re.compile(r"(?i)(yes|no|on|off|y|n)"), "yaml_boolean"),
    (re.compile(r"(?i)(true|false)"), "yaml_boolean_case"),
    (re.compile(r"[-+]?0\d[\d.]*"), "yaml_leading_zero"),
    (re.compile(r"(?i)[-+]?0[xob][\da-f_]+"), "yaml_write_out"),
    (re.compile(r"\d+(:\d+)+(\.\d*)?"), "yaml_colon"),
    (re.compile(r"(?i)[-+]?(\d+\.?\d*|\.\d+)e[-+]?\d+"), "yaml_write_out"),
    (re.compile(r"[-+]?\d[\d_]*_[\d_]*(\.\d+)?(%| .*)?"), "yaml_underscore"),
    (re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?( .*)?"), "yaml_commas"),
    (re.compile(r"(~|null|Null|NULL|)"), "yaml_empty"),
    (re.compile(r"(?i)[-+]?\.(inf|nan)"), "yaml_not_number"),
    (re.compile(r"[-+]?(\.\d+|\d+\.)(%.*| .*)?"), "yaml_bare_point"),
]
"""Plain texts that YAML, or a reader, could take for something else, and the sentence that refuses each."""
SWITCHES = "analysis"
"""The section in which `on` and `off` are words: what they switch is not true or false."""

FULL_WIDTH = dict(zip("：，｛｝［］“”‘’％", (": ", ", ", "{", "}", "[", "]", '"', '"', "'", "'", "%"), strict=True))
"""Full-width characters that stand where YAML or a value has one of its own."""
MISTAKEN = re.compile(
    r"""^[^#"']*?(?:(?<=[\w.])[ ]?(?P<colon>：)|(?P<bracket>[｛｝［］])|:\s*(?P<quote>[“”‘’])|(?<=\d)(?P<percent>％)"""
    r"""|\{[^}]*?(?P<comma>，))"""
)
"""Where one of them does: after a key, around a block, at the beginning of a text, after a number, between entries."""

PROBLEMS = {
    "mapping values are not allowed here": "yaml_second_colon",
    "found character '\\t' that cannot start any token": "yaml_tab",
    "could not find expected ':'": "yaml_no_colon",
    "expected a single document in the stream": "yaml_documents",
}


def read(text: str, file: str, offset: int = 0, path: str = "") -> Node:
    """The tree of one document.

    ``file`` is the name shown in messages, ``offset`` is added to columns (for a value inside a command line),
    ``path`` is where the document stands in a scenario.
    Raises UserError at the first thing that is not accepted.
    """
    source = normal(text)
    events = iter(yaml.parse(source, Loader=yaml.SafeLoader))
    try:
        return _Reader(file, offset, source.splitlines()).document(events, path)
    except UserError as error:
        raise full_width(error, source, offset) or _broken_below(error, events, source) or error from error


def _broken_below(error: UserError, events: Iterator[yaml.Event], source: str) -> UserError | None:
    """What the parser refuses in the line below a mistake, which then comes from that: a value that is missing because
    its block stands too far left."""
    try:
        for _ in events:
            pass
    except yaml.MarkedYAMLError as below:
        mark = below.problem_mark
        if mark and error.line and mark.line == error.line:  # counted from 0: the next line
            text = _refused(below, below.problem or "", source.splitlines())
            return UserError(text, error.file, mark.line + 1, mark.column + 1, error.path)
    except ReaderError:
        pass
    return None


def full_width(error: UserError, source: str, offset: int = 0) -> UserError | None:
    """What is wrong if a full-width character where YAML has one of its own made the mistake: its name and place."""
    if error.line is None:
        return None
    lines = source.splitlines()
    for number in (error.line, error.line - 1):
        if 1 <= number <= len(lines) and (m := MISTAKEN.search(lines[number - 1])):
            kind = m.lastgroup or ""
            char, column = m[kind], m.start(kind) + 1 + (offset if number == 1 else 0)
            if kind == "comma" and number == error.line and column > (error.column or 0):
                continue  # in a text behind the mistake
            text = say("yaml_fullwidth", char=char, ascii=FULL_WIDTH[char])
            return UserError(text, error.file, number, column, error.path)
    return None


def read_file(path: Path, file: str) -> Map:
    """The block that a scenario file holds; ``file`` is its name as shown in messages. Nobody changes what it holds:
    the same text is read once, however many files extend it."""
    return _block(text_in(path, file), file)


@lru_cache(maxsize=64)
def _block(text: str, file: str) -> Map:
    tree = read(text, file)
    if not isinstance(tree, Map):
        raise UserError.at(tree.place, "", say("yaml_not_a_block"))
    return tree


class _Dumper(yaml.SafeDumper):
    """Writes every text and every name in quotes, so that the resolver of no reader makes anything else of one."""


_Dumper.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))


def written(content: dict[str, Any]) -> str:
    """A document that ``read`` reads as ``content``: blocks, lists, texts, true and false."""
    return yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)


class _Reader:
    """Builds the tree from the events of the parser, in one pass."""

    def __init__(self, file: str, offset: int, lines: list[str]):
        self.file, self.offset, self.depth, self.values, self.lines = file, offset, 0, 0, lines

    def place(self, mark: yaml.Mark | None) -> Place:
        if mark is None:
            return Place(self.file)
        return Place(self.file, mark.line + 1, mark.column + 1 + self.offset)

    def document(self, events: Iterator[yaml.Event], path: str) -> Node:
        try:
            for event in events:
                if isinstance(event, yaml.StreamEndEvent):
                    break
                if isinstance(event, yaml.DocumentStartEvent):
                    node = self.node(next(events), events, path)
                    next(events)  # the end of the document
                    if isinstance(more := next(events), yaml.DocumentStartEvent):
                        raise UserError.at(self.place(more.start_mark), "", say("yaml_documents"))
                    return node
        except yaml.MarkedYAMLError as e:
            mark, problem = e.problem_mark or e.context_mark, e.problem or e.context or ""
            raise UserError.at(self.place(mark), "", _refused(e, problem, self.lines)) from e
        except ReaderError as e:  # has a position and no mark
            before = "\n".join(self.lines)[: e.position].split("\n")
            at = Place(self.file, len(before), len(before[-1]) + 1 + self.offset)
            raise UserError.at(at, "", say("yaml_character", code=f"U+{e.character:04X}")) from e
        raise UserError.at(Place(self.file, 1, 1 + self.offset), "", say("yaml_nothing"))

    def node(self, event: yaml.Event, events: Iterator[yaml.Event], path: str) -> Node:
        at = self.place(event.start_mark)
        if getattr(event, "anchor", None):
            raise UserError.at(at, path, say("yaml_anchor"))
        if tag := getattr(event, "tag", None):
            raise UserError.at(at, path, say("yaml_tag", tag=_short(tag)))
        self.values += 1
        if self.values > MOST:
            raise UserError.at(at, "", say("yaml_many", most=MOST))
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, at, path)
        self.depth += 1
        if self.depth > DEEPEST:
            raise UserError.at(at, path, say("yaml_deep", depth=DEEPEST))
        if isinstance(event, yaml.MappingStartEvent):
            node: Node = self.map(event, events, path, at)
        else:
            node = self.seq(event, events, path, at)
        self.depth -= 1
        return node

    def scalar(self, event: yaml.ScalarEvent, at: Place, path: str) -> Scalar:
        if event.style:  # quoted, or a block of text
            return Scalar(event.value, at)
        if event.value in ("true", "false"):
            return Scalar(event.value == "true", at)
        if event.value in ("on", "off") and SWITCHES in path.split("."):
            return Scalar(event.value, at)
        for trap, sentence in TRAPS:
            if trap.fullmatch(event.value):
                raise UserError.at(at, path, say(sentence, text=event.value))
        return Scalar(event.value, at)

    def seq(self, start: yaml.Event, events: Iterator[yaml.Event], path: str, at: Place) -> Seq:
        seq = Seq(at)
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            seq.items.append(self.node(event, events, f"{path}[{len(seq.items)}]"))
        return seq

    def map(self, start: yaml.MappingStartEvent, events: Iterator[yaml.Event], path: str, at: Place) -> Map:
        block = Map(at)
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key, key_at, dotted = self.key(event, path)
            value = next(events)
            here = f"{path}.{key}".strip(".")
            if start.flow_style and isinstance(value, yaml.ScalarEvent) and not value.value and not value.style:
                sentence = "yaml_commas" if key.isdigit() else "yaml_flow_comma"
                raise UserError.at(key_at, path, say(sentence, text=key))
            node = self.node(value, events, here)
            if dotted:  # a key with dots is a path
                key, *rest = key.split(".")
                for part in reversed(rest):
                    below = Map(key_at, dotted=True)
                    below.put(part, node, key_at)
                    node = below
            join(block, key, node, key_at, path)
        return block

    def key(self, event: yaml.Event, path: str) -> tuple[str, Place, bool]:
        at = self.place(event.start_mark)
        if not isinstance(event, yaml.ScalarEvent):
            raise UserError.at(at, path, say("yaml_key"))
        if getattr(event, "anchor", None):
            raise UserError.at(at, path, say("yaml_anchor"))
        if event.tag:
            raise UserError.at(at, path, say("yaml_tag", tag=_short(event.tag)))
        if event.value == "<<":
            raise UserError.at(at, path, say("yaml_merge_key"))
        if not event.style and (wide := next((c for c in event.value if c in "：，｛［"), "")):
            there = at._replace(column=(at.column or 1) + event.value.index(wide))
            raise UserError.at(there, path, say("yaml_fullwidth", char=wide, ascii=FULL_WIDTH[wide]))
        if not event.value or (not event.style and not all(event.value.split("."))):
            raise UserError.at(at, path, say("yaml_key"))
        return event.value, at, not event.style and "." in event.value


def _refused(error: yaml.MarkedYAMLError, problem: str, lines: list[str]) -> str:
    """The sentence for what the parser refuses."""
    mark = error.problem_mark
    if mark and PROBLEMS.get(problem) == "yaml_second_colon" and lines[mark.line].count(":") == 1:
        return say("yaml_indent", line=mark.line)  # a key deeper than the one above it, which has a value already
    if problem.startswith("expected <block end>") and error.context_mark:
        return say("yaml_indent", line=error.context_mark.line + 1)
    if "'?'" in problem:
        return say("yaml_question")
    return say(PROBLEMS.get(problem, "yaml_invalid"), problem=problem)


def _short(tag: str) -> str:
    """A tag as it is written."""
    return tag.replace("tag:yaml.org,2002:", "!!")


def join(block: Map, key: str, node: Node, at: Place, path: str, grouped: tuple[str, str] | None = None) -> None:
    """Add one entry; two paths that meet in a block join it, anything else written twice is refused.

    ``grouped`` is a tier group and the tier that it was written for.
    """
    here = f"{path}.{key}".strip(".")
    old = block.items.get(key)
    if old is None:
        block.put(key, node, at)
    elif isinstance(old, Map) and isinstance(node, Map) and (grouped or old.dotted or node.dotted):
        both = Map(old.place, dict(old.items), dict(old.keys), old.dotted and node.dotted)
        for k, n in node.items.items():
            join(both, k, n, node.keys[k], here, grouped)
        block.put(key, both, block.keys[key])
    else:
        sentence = say("yaml_twice", line=block.keys[key].line)
        if grouped:
            sentence += say("yaml_twice_group", group=grouped[0], tier=grouped[1])
        raise UserError.at(at, here, sentence)
