"""Charts: bars as long as their values, with every number in words."""

from __future__ import annotations

from django.template import Context, Template

from indgang.foundation.ui.charts import COLUMN_HEIGHT, Bar, Tile, column_chart, row_chart, tile_map


def test_columns_are_as_high_as_their_values_and_the_highest_mark_fills_the_picture() -> None:
    chart = column_chart([Bar("9", 10, "10", 25, "25"), Bar("10", 20, "20", 50, "50")])

    assert [float(drawn.length) for drawn in chart.bars] == [COLUMN_HEIGHT * 10 / 50, COLUMN_HEIGHT * 20 / 50]
    assert [round(chart.baseline - float(drawn.mark)) for drawn in chart.bars] == [COLUMN_HEIGHT / 2, COLUMN_HEIGHT]
    assert [drawn.middle for drawn in chart.bars] == ["25.00%", "75.00%"]


def test_rows_are_as_long_as_their_values() -> None:
    assert [drawn.width for drawn in row_chart([Bar("A", 50, "50"), Bar("B", 100, "100"), Bar("C", 0, "0")]).bars] == [
        "39.00%",
        "78.00%",
        "0.00%",
    ]


def test_nothing_and_nought_are_drawn_too() -> None:
    assert column_chart([]).bars == ()
    assert [drawn.length for drawn in column_chart([Bar("9", 0, "0")]).bars] == ["0.0"]


def test_the_picture_says_its_message_and_escapes_what_it_is_given() -> None:
    said = Template("{% row_chart bars caption %}").render(Context({"bars": [Bar("<b>", 1, "1")], "caption": "A & B"}))

    assert "<figcaption>A &amp; B</figcaption>" in said
    assert "&lt;b&gt;" in said
    assert 'aria-hidden="true"' in said


def test_two_numbers_that_are_near_stand_above_each_other_and_two_that_say_the_same_are_one() -> None:
    near, same, far = column_chart([Bar("9", 50, "50", 50.4, "50.4"), Bar("10", 50, "50", 50.04, "50"), Bar("11", 5, "5", 50, "50")]).bars

    assert round(float(near.foot) - float(near.head), 1) == 15
    assert (same.foot, same.head) == ("", f"{float(same.mark) - 8:.1f}")
    assert float(far.foot) - float(far.head) > 15


def test_a_map_of_tiles_shades_the_most_darkest_and_tells_nothing_from_little() -> None:
    tiles = [Tile("A", (0, 0), 0, "0"), Tile("B", (2, 1), 100, "100"), Tile("C", (1, 1), 1, "1"), Tile("D", (1, 0), None, "-")]
    drawn = tile_map(tiles)
    assert {one.tile.label: one.shade for one in drawn.tiles} == {"A": 0, "B": 4, "C": 1, "D": 0}
    assert {one.tile.label: (one.x, one.y) for one in drawn.tiles} == {"A": (0, 0), "B": (236, 74), "C": (118, 74), "D": (118, 0)}
    assert (drawn.width, drawn.height) == (350, 144)
    assert tile_map([]).tiles == ()
