"""The record of processing inside a document: the table stands between two markers and is written by the program."""

from __future__ import annotations

from indgang.foundation.privacy.declarations import table_of_processing

BEGIN = "<!-- record of processing: begin -->\n"
END = "<!-- record of processing: end -->\n"


def with_table(text: str) -> str:
    """The document with the table as the models have it now. Raises ValueError where the markers are missing."""
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the markers of the record of processing are missing")
    return f"{before}{begin}{table_of_processing()}{end}{after}"
