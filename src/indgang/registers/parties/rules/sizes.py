"""How large a company is, in the classes of Statistics Denmark, and who it belongs to in the division of labour."""

from __future__ import annotations

# The first number of employees of each class. Source: Statistics Denmark, firm statistics (size groups by employees).
CLASSES = (0, 1, 2, 5, 10, 20, 50, 100, 250)


def size_class(employees: int | None) -> str:
    """Such as "5-9" or "250+"; "" where it is not known."""
    if employees is None:
        return ""
    first = max(number for number in CLASSES if number <= employees)
    if first == CLASSES[-1]:
        return f"{first}+"
    last = CLASSES[CLASSES.index(first) + 1] - 1
    return str(first) if first == last else f"{first}-{last}"


def size_classes() -> list[str]:
    """All of them, the smallest first."""
    return [size_class(first) for first in CLASSES]


def limits_of(size: str) -> tuple[int, int | None]:
    """The fewest and the most employees of a class; None: there is no most. Raises ValueError where there is no such class."""
    number = size_classes().index(size)
    return CLASSES[number], CLASSES[number + 1] - 1 if number + 1 < len(CLASSES) else None
