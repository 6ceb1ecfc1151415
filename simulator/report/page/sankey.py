"""A Sankey diagram: columns of nodes, bands between them as thick as what flows."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

NODE, SPACE, HEAD = 9, 12, 16
"""Width of a node, least space between two nodes of a column, room at the top."""

WORD = 13
"""Height of a line of words."""


class Node(NamedTuple):
    """A node: its name among the links, what is written beside it, and its column from 0."""

    name: str
    label: str
    column: int


class Link(NamedTuple):
    """A flow from one node to another; ``kind`` is a CSS class, ``tooltip`` what a pointer reads."""

    source: str
    target: str
    value: float
    kind: str
    tooltip: str


def places(nodes: Sequence[Node], pictures: Sequence[Sequence[Link]]) -> dict[str, float]:
    """The room that every node needs in any of several pictures, so that it stands at the same place in all."""
    return {n.name: max((_sizes([n], links)[n.name] for links in pictures), default=0.0) for n in nodes}


def _sizes(nodes: Sequence[Node], links: Sequence[Link]) -> dict[str, float]:
    """What flows through each node."""
    out = {n.name: sum(f.value for f in links if f.source == n.name) for n in nodes}
    into = {n.name: sum(f.value for f in links if f.target == n.name) for n in nodes}
    return {n.name: max(out[n.name], into[n.name]) for n in nodes}


def sankey(
    nodes: Sequence[Node],
    links: Sequence[Link],
    name: str,
    room: Mapping[str, float],
    width: int = 420,
    height: int = 300,
) -> Markup:
    """Draw it, nodes with the ``room`` of ``places``; those without flow are left out, all where nothing flows."""
    flows = [link for link in links if link.value > 0]
    if not flows:
        return Markup()
    size = dict(room)
    shown = [n for n in nodes if size[n.name] > 0]
    columns = sorted({n.column for n in shown})
    place = {column: i for i, column in enumerate(columns)}
    by_column = {column: [n for n in shown if n.column == column] for column in columns}
    scale = min(
        (height - HEAD - SPACE * (len(here) - 1) - 6) / sum(size[n.name] for n in here) for here in by_column.values()
    )
    last = len(columns) - 1
    left, top = {}, {}
    for column, here in by_column.items():
        tall = sum(max(size[n.name] * scale, 1.5) for n in here) + SPACE * (len(here) - 1)
        y = HEAD + (height - HEAD - tall) / 2
        for node in here:
            left[node.name] = (width - NODE) * place[column] / max(last, 1)
            top[node.name] = y
            y += max(size[node.name] * scale, 1.5) + SPACE
    order = {n.name: i for i, n in enumerate(shown)}
    leaves, enters = dict(top), dict(top)
    ends: dict[int, tuple[float, float]] = {}
    for i in sorted(range(len(flows)), key=lambda i: (order[flows[i].source], order[flows[i].target])):
        start = leaves[flows[i].source]
        leaves[flows[i].source] += flows[i].value * scale
        ends[i] = start, 0.0
    for i in sorted(range(len(flows)), key=lambda i: (order[flows[i].target], order[flows[i].source])):
        ends[i] = ends[i][0], enters[flows[i].target]
        enters[flows[i].target] += flows[i].value * scale
    made = [f'<svg class="sankey" viewBox="0 0 {width} {height + 4}" role="img" aria-label="{escape(name)}">']
    for i, flow in enumerate(flows):
        a, b = left[flow.source] + NODE, left[flow.target]
        thick, middle = max(flow.value * scale, 0.6), (a + b) / 2
        y, z = (end + thick / 2 for end in ends[i])
        made.append(
            f'<path class="flow {flow.kind}" stroke-width="{thick:.2f}" '
            f'd="M{a:.1f},{y:.1f}C{middle:.1f},{y:.1f} {middle:.1f},{z:.1f} {b:.1f},{z:.1f}">'
            f"<title>{escape(flow.tooltip)}</title></path>"
        )
    beside: list[float] = []  # heights of the words that the last column's words run towards
    for node in shown:
        tall = max(size[node.name] * scale, 1.5)
        at = f'x="{left[node.name]:.1f}" y="{top[node.name]:.1f}"'
        made.append(f'<rect class="node" {at} width="{NODE}" height="{tall:.1f}"/>')
        final = place[node.column] == last
        x, anchor = (left[node.name] - 5, "end") if final else (left[node.name] + NODE + 5, "start")
        y = top[node.name] + tall / 2 + 4
        if place[node.column] == last - 1:
            beside.append(y)
        if final and (met := [other for other in beside if abs(other - y) < WORD]):
            y = max(met) + WORD
        made.append(f'<text class="word" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(node.label)}</text>')
    made.append("</svg>")
    return Markup("".join(made))
