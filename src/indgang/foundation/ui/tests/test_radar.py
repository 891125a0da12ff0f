"""The radar chart: values lie where they belong, and what is not known is no zero."""

from __future__ import annotations

import math
import re

from hypothesis import given
from hypothesis import strategies as st

from indgang.foundation.ui.radar import HEIGHT, RADIUS, WIDTH, Series, Spot, broken, radar_svg, spot

LABELS = ["Water", "Materials", "Energy", "Transport"]
CENTRE = spot(0, 1, 0)


def picture(*series: Series, labels: list[str] = LABELS) -> str:
    return str(radar_svg(labels, series, most=4, said="How it stands"))


@given(st.integers(3, 20), st.data())
def test_a_value_lies_as_far_from_the_middle_as_its_share(axes: int, data: st.DataObject) -> None:
    axis, share = data.draw(st.integers(0, axes - 1)), data.draw(st.floats(0, 1))
    at = spot(axis, axes, share)
    assert math.isclose(math.dist((at.x, at.y), (CENTRE.x, CENTRE.y)), RADIUS * share, abs_tol=1e-6)
    assert 0 < at.x < WIDTH and 0 < at.y < HEIGHT


def test_the_first_axis_points_up_and_the_next_to_the_right() -> None:
    assert spot(0, 4, 1) == Spot(CENTRE.x, CENTRE.y - RADIUS)
    assert spot(1, 4, 1).x > CENTRE.x


def test_what_is_not_known_has_no_dot_and_no_area_across_it() -> None:
    def areas(text: str) -> int:
        return text.count('fill-opacity="0.16"')

    def dots(text: str) -> int:
        return text.count('r="5" fill="#0f4c5c"')

    known, gap = picture(Series("now", [1, 2, 3, 4])), picture(Series("now", [1, 2, None, 4]))
    assert (areas(known), dots(known)) == (4, 4)
    assert (areas(gap), dots(gap)) == (2, 3)
    assert gap.count('stroke-dasharray="2 5"') == 1
    assert picture(Series("now", [1, 2, 0, 4])) != gap


def test_two_shapes_differ_without_colour_and_are_named() -> None:
    text = picture(Series("This visit", [1, 2, 3, 4]), Series("2024", [4, 3, 2, 1]))
    assert text.count('stroke-dasharray="7 5"') == 5  # four sides and the legend
    assert [name for name in ("This visit", "2024") if f">{name}</text>" in text] == ["This visit", "2024"]


def test_a_name_is_broken_between_words_and_loses_nothing() -> None:
    assert broken("Reuse and recycling of materials") == ["Reuse and", "recycling of", "materials"]


def test_what_it_is_given_is_escaped() -> None:
    text = picture(Series("<b>", [1]), Series("</svg>", [2]), labels=["<script>"])
    assert re.findall(r"<(?:b|script)>", text) == []
    assert text.count("</svg>") == 1
