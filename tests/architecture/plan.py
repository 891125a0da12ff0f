"""The plan of the house as the tests know it: read from the folders and from .importlinter, stated nowhere twice."""

from __future__ import annotations

import configparser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "indgang"

_contracts = configparser.ConfigParser()
_contracts.read(ROOT / ".importlinter")


def _layers(contract: str) -> list[str]:
    """The layers of a contract, lowest first, without the package's name."""
    names = _contracts[f"importlinter:contract:{contract}"]["layers"].split()
    return [name.removeprefix("indgang.") for name in reversed(names)]


FLOORS = _layers("floors")
ORDER = {"foundation": _layers("foundation"), "registers": _layers("registers")}
FLOORS_OF_ROOMS = ["foundation", "registers", "operations", "insight"]


def rooms() -> list[Path]:
    """Every room's folder."""
    found = [path for floor in FLOORS_OF_ROOMS for path in (PACKAGE / floor).iterdir() if (path / "__init__.py").exists()]
    return sorted(found)


def may_point(from_module: str, to_module: str) -> bool:
    """Whether a model may have a foreign key to a model of another module: down the stairs, or inside its own room."""
    _, floor, room, *_ = [*from_module.split("."), ""]
    _, to_floor, to_room, *_ = [*to_module.split("."), ""]
    if floor != to_floor:
        return FLOORS.index(to_floor) < FLOORS.index(floor)
    if room == to_room:
        return True
    order = ORDER.get(floor, [])
    return room in order and to_room in order and order.index(to_room) < order.index(room)
