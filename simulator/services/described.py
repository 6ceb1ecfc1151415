"""The services as a section of the documentation."""

import inspect

from simulator.services.places import PLACES
from simulator.services.service import Found
from simulator.services.services import SERVICES

TABLES = ("facilities", "families", "persons", "episodes")


def page() -> list[str]:
    """Lines on every service: what it is, adds to tables, does where, and counts."""
    lines = ["## Services", "", "One file each in `simulator/services/kinds/`.", ""]
    for name, found in SERVICES.items():
        lines += [f"### service: {name}", "", found.about, "", *_declared(name, found), *_done(found), ""]
    return lines


def _declared(name: str, found: Found) -> list[str]:
    service = found.service
    lines = [
        f"- source: {service.source}",
        "- terms: none of its own" if service.terms is None else f"- terms: `services.{name}`",
    ]
    added = [(f"columns of {table}", getattr(service, table)) for table in TABLES]
    for what, things in (*added, ("counts", service.events), ("indicators", service.indicators)):
        if things:
            lines.append(f"- {what}: " + ", ".join(f"`{each.name}`" for each in things))
    if found.use:
        lines.append("- said where nobody used it: " + "; or ".join(use.unused.en for use in found.use))
    return lines


def _done(found: Found) -> list[str]:
    lines = []
    for what, act in found.does.items():
        place = f" ({PLACES[what].about})" if what in PLACES else ""
        when = f", where `{found.service.when[what]}`" if what in found.service.when else ""
        lines.append(f"- `{what}`{place}{when}: " + " ".join((inspect.getdoc(act) or "").split()))
    return lines
