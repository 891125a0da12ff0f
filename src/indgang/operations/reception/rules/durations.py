"""How long a step takes for the people it is for."""

from __future__ import annotations

from dataclasses import dataclass

from indgang.operations.reception.rules.daytime import CELL_MINUTES, cells_for


@dataclass(frozen=True)
class Duration:
    """Minutes for the first person, and so many more for each further adult and each child."""

    first: int
    further_adult: int = 0
    child: int = 0

    def minutes(self, adults: int, children: int) -> int:
        """Minutes for the party, rounded up to whole cells.

        A party of children alone has its first child count as the first person.
        """
        if adults + children < 1:
            raise ValueError("a step is for at least one person")
        further = max(adults - 1, 0) * self.further_adult
        with_child = (children if adults else children - 1) * self.child
        return cells_for(self.first + further + with_child) * CELL_MINUTES
