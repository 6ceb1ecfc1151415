"""Patients between tiers: boxes stand in the same place for every arm; left is up, right is down."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from simulator.core.messages import say
from simulator.report.page.answer.charts.marks import PHONE, both, svg, text

WIDE = 524
LEVELS = ("tertiary", "secondary", "centre", "station")
"""From the top."""
LEAST = 0.0005
"""Part of all moves below which a flow is not drawn; the table has it."""
REFERRED, ADMITTED = ("up", "down"), "admitted"
GAP, TOP, HIGH = 92, 30, 30
THICK = 12.0
"""Width of the widest flow; with it the numbers of inner bows stand free of outer ones."""
OUT = {False: {1: 36, 2: 92, 3: 145}, True: {1: 11, 2: 51, 3: 90}}
"""How far a bow stands out by the levels that it spans, on a desk and on a phone."""
BOX = {False: 150, True: 112}
type Flows = Mapping[tuple[str, str, str], float]
"""Patients a year by (from, to, stage)."""


def drawn(flows: Flows, most: float, names: Mapping[str, str], title: str) -> Markup:
    """The picture of one arm.

    Args:
        flows: of the arm.
        most: the most patients between two tiers in any arm, for one scale.
        names: of the tiers.
        title: of the arm.
    """
    return both(lambda phone: _draw(flows, most, names, title, phone))


def most(flows: Flows) -> float:
    """The most patients who moved from one tier to another in any way."""
    sums: dict[tuple[str, str], float] = {}
    for (a, b, stage), count in flows.items():
        if a != b and a in LEVELS and b in LEVELS and stage in (*REFERRED, ADMITTED):
            sums[a, b] = sums.get((a, b), 0.0) + count
    return max(sums.values(), default=0.0)


def _draw(flows: Flows, most: float, names: Mapping[str, str], title: str, phone: bool) -> str:
    width = PHONE if phone else WIDE
    box, out = BOX[phone], OUT[phone]
    middle, scale = width / 2, THICK * (0.5 if phone else 1.0) / (most or 1.0)
    at = {tier: TOP + n * GAP for n, tier in enumerate(LEVELS)}
    made, words = [], []
    pairs = sorted(
        {(a, b) for a, b, _ in flows if a in at and b in at and a != b},
        key=lambda pair: -abs(at[pair[0]] - at[pair[1]]),
    )
    for a, b in pairs:
        counts = [sum(flows.get((a, b, s), 0.0) for s in REFERRED), flows.get((a, b, ADMITTED), 0.0)]
        if max(counts) < LEAST * most:
            continue
        span, up = round(abs(at[a] - at[b]) / GAP), at[b] < at[a]
        side, way = (-1, -1) if up else (1, 1)
        edge = middle + side * box / 2
        shift = {1: 10, 2: 3, 3: -4}[span]
        start, end = at[a] + way * shift, at[b] - way * shift
        widths = [max(1.2, count * scale) if count >= LEAST * most else 0.0 for count in counts]
        for thick, kind, away in ((widths[0], "", -widths[1] / 2), (widths[1], " pale", widths[0] / 2)):
            if thick:
                made += _bow(edge, side, (start - way * away, end + way * away), out[span] + away, thick, kind)
        beside = edge + side * (out[span] + sum(widths) / 2 + 3)
        anchor, height = ("end" if up else "start"), (start + end) / 2
        said = [(_thousands(c), k) for c, k, w in zip(counts, ("fv str", "fv m"), widths, strict=True) if w]
        for n, (number, kind) in enumerate(said):
            words.append(text(beside, height + 4 + (15 * n - 7 if len(said) > 1 else 0), number, kind, anchor))
    for tier in LEVELS:
        left, top = middle - box / 2, at[tier] - HIGH / 2
        made.append(f'<rect class="node" x="{left:.1f}" y="{top:.1f}" width="{box}" height="{HIGH}" rx="3"/>')
        made.append(text(middle, at[tier] + 4.5, names[tier], "nd s" if phone else "nd", "middle"))
    return svg(width, TOP + 3 * GAP + HIGH / 2 + 8, made + words, say("answer.alt_network", arm=title))


def _bow(edge: float, side: int, ends: tuple[float, float], out: float, thick: float, kind: str) -> Sequence[str]:
    start, end = ends
    far, head = edge + side * out / 0.75, max(5.0, min(10.0, thick * 0.7 + 4))
    half = max(4.0, thick / 2 + 3)
    tip = edge + side * head
    return (
        f'<path class="fl{kind}" stroke-width="{thick:.1f}" d="M{edge:.1f} {start:.1f}C{far:.1f} {start:.1f} '
        f'{far:.1f} {end:.1f} {tip:.1f} {end:.1f}"/>',
        f'<path class="hd{kind}" d="M{edge:.1f} {end:.1f}L{tip:.1f} {end - half:.1f}V{end + half:.1f}Z"/>',
    )


def _thousands(count: float) -> str:
    return f"{count / 1000:,.1f}"
