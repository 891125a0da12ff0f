"""A turned wheel: of each spoke where a company stands now and where it wants to be, from 0 to 5, None where it did not say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

STEPS = tuple(str(step) for step in range(6))
MOST = 5
FEWEST_ANSWERED = 3  # a picture of two spokes says nothing
Turned = Mapping[str, tuple[int | None, int | None]]


def read_turned(keys: Sequence[str], said: Mapping[str, str]) -> dict[str, tuple[int | None, int | None]]:
    """What a form or an address says; anything that is no step is no answer."""
    return {key: (_step(said.get(f"now-{key}")), _step(said.get(f"wanted-{key}"))) for key in keys}


def _step(text: str | None) -> int | None:
    return int(text) if text in STEPS else None


def is_finished(turned: Turned) -> bool:
    """Whether enough of it is answered to be a wheel."""
    return sum(now is not None for now, _wanted in turned.values()) >= FEWEST_ANSWERED


def furthest(turned: Turned, most: int = 3) -> list[str]:
    """The spokes with the longest way to go, the longest first; none where there is no way to go."""
    ways = [
        (wanted - now, place, key) for place, (key, (now, wanted)) in enumerate(turned.items()) if now is not None and wanted is not None
    ]
    return [key for way, _place, key in sorted(ways, key=lambda one: (-one[0], one[1]))[:most] if way > 0]
