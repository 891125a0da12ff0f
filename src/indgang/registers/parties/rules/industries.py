"""Which section of Danish Industrial Classification a code is in: by its first two digits, the division.

Both versions in use, DB07 (NACE Rev. 2) and DB25 (NACE Rev. 2.1), number divisions alike but for a few; where DB25 gathers them into other
sections, a code keeps the section of DB07 here, so that the name of an industry does not change with the version of its code.
"""

from __future__ import annotations

# The last division of each section, in order; the section of a division is the first one that ends at it or after it.
ENDS = (
    (3, "A"),
    (9, "B"),
    (33, "C"),
    (35, "D"),
    (39, "E"),
    (43, "F"),
    (47, "G"),
    (53, "H"),
    (56, "I"),
    (63, "J"),
    (66, "K"),
    (68, "L"),
    (75, "M"),
    (82, "N"),
    (84, "O"),
    (85, "P"),
    (88, "Q"),
    (93, "R"),
    (96, "S"),
    (98, "T"),
    (99, "U"),
)
NO_DIVISIONS = frozenset({0, 4, 34, 40, 44, 48, 54, 57, 67, 76, 83, 89})  # numbers that the classification leaves out


def section_of(code: str) -> str:
    """The letter of a code's section; "" where the code begins with no division there is."""
    division = code[:2]
    if len(division) < 2 or not (division.isascii() and division.isdigit()) or int(division) in NO_DIVISIONS:
        return ""
    return next(letter for last, letter in ENDS if int(division) <= last)
