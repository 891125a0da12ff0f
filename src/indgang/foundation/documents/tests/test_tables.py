"""A table of words says the same in both files, and no cell of it is a formula."""

from __future__ import annotations

import csv
import io

import openpyxl
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from indgang.foundation.documents.tables import Words, as_csv, as_xlsx
from indgang.foundation.imports.formulas import harmless

CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=30)
ROWS = st.lists(st.tuples(CELL, CELL), max_size=6)


@given(ROWS, st.sampled_from([("da", ";"), ("en", ",")]))
def test_the_csv_file_opens_in_the_readers_country_and_holds_every_word(rows: list[tuple[str, str]], where: tuple[str, str]) -> None:
    language, delimiter = where
    with translation.override(language):
        content = as_csv(Words("Who is who", "Source", ("What for", "Name"), rows))
    assert content.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))
    assert read == [["What for", "Name"], *([harmless(cell) for cell in row] for row in rows)]


def test_the_workbook_holds_words_as_words_and_prints_its_first_line_on_every_page() -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(Words("Who is who", "Source & time", ("What for", "Name"), [("=1+1", "007")]))))
    sheet = book.worksheets[0]
    assert [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows()] == [
        [("What for", "s"), ("Name", "s")],
        [("=1+1", "s"), ("007", "s")],
    ]
    assert (sheet.print_title_rows, sheet.freeze_panes, sheet.page_setup.paperSize) == ("$1:$1", "A2", 9)
