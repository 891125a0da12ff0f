"""A generated region: North Denmark's services and journey rules in a house with twenty desks, open Monday to Saturday."""

from __future__ import annotations

import shutil
from pathlib import Path

from indgang.foundation.places.region_files import SHIPPED

HOUSE = "aalborg"
# authority, number of desks, services, zone: so many of each that they fill up evenly
DESKS = (
    ("siri", 6, ("siri-eu-residence", "siri-residence-permit"), "first-floor"),
    ("borgerservice-aalborg", 10, ("cpr-registration", "mitid"), "ground-floor"),
    ("skattestyrelsen", 3, ("tax-card",), "first-floor"),
    ("ihnd", 1, ("ihnd-guidance", "pd-u2"), "ground-floor"),
)
LANGUAGES = ("de", "pl", "uk", "es", "ar", "fr")
OPENING = """
[[hours]]
house = "aalborg"
weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
opens = "{opens}"
closes = "{closes}"
"""


def generate(folder: Path) -> Path:
    """Write the region's folder; returns it."""
    target = folder / "region"
    shutil.copytree(SHIPPED / "north_denmark", target)
    (target / "desks.toml").write_text("".join(_desks()), encoding="utf-8")
    hours = [("8:30", "12:00"), ("12:30", "15:45")]
    (target / "opening.toml").write_text("".join(OPENING.format(opens=opens, closes=closes) for opens, closes in hours), encoding="utf-8")
    return target


def _desks() -> list[str]:
    desks = [
        f'[[desks]]\nhouse = "{HOUSE}"\nkey = "{authority}-{number}"\n'
        f'title_da = "{authority} {number}"\ntitle_en = "{authority} {number}"\n'
        f'organisation = "{authority}"\nzone = "{zone}"\nservices = {_list(services)}\n'
        f"languages = {_list(('da', 'en', LANGUAGES[number % len(LANGUAGES)]))}\n\n"
        for authority, count, services, zone in DESKS
        for number in range(1, count + 1)
    ]
    return [*desks, f'[[walks]]\nhouse = "{HOUSE}"\nbetween = ["ground-floor", "first-floor"]\nminutes = 5\n']


def _list(values: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"
