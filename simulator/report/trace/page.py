"""A page of its own around a timeline, for those who have no report."""

import html

from simulator.core.messages import language
from simulator.report.trace.timeline import STYLE

PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>body {{ font: 15px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; max-width: 75em;
margin: 1em auto; padding: 0 1em; color: #222; background: #fff; }}{style}</style></head>
<body><h1>{title}</h1>
{body}
</body></html>
"""


def page_of(title: str, fragment: str) -> str:
    """A complete page, readable without a network."""
    lang = "zh-Hans" if language() == "zh" else "en"
    return PAGE.format(lang=lang, title=html.escape(title), style=STYLE, body=fragment)
