"""A paper is a tagged PDF/UA-1, in the design system's font; what people wrote is text and nothing more."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst

from indgang.foundation.documents import typesetting
from indgang.foundation.documents.typesetting import pdf

SAMPLE = """#import "/foundation/documents/templates/frame.typ": paper, written, figures, box-of
#let data = json(bytes(sys.inputs.data))
#show: paper.with(title: "A paper", lang: "da", source: "Indgang", page-of: (here, all) => [Side #here af #all])
= A paper
#written(data.text)
#box-of[#figures(columns: (1fr, auto), head: ("Topic", "Score"), rows: (("Water", "2"),))]
"""


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample in a package that has the frame."""
    frame = tmp_path / "foundation" / "documents" / "templates" / "frame.typ"
    frame.parent.mkdir(parents=True)
    frame.write_text((typesetting.PACKAGE / "foundation" / "documents" / "templates" / "frame.typ").read_text())
    (tmp_path / "sample.typ").write_text(SAMPLE)
    monkeypatch.setattr(typesetting, "PACKAGE", tmp_path)
    return tmp_path / "sample.typ"


def test_a_paper_is_tagged_names_its_language_and_claims_pdf_ua(template: Path) -> None:
    made = pdf("sample.typ", {"text": "Hej"})
    assert made.startswith(b"%PDF-")
    for sign in (b"/MarkInfo", b"/Marked true", b"/StructTreeRoot", b"/Lang(da)", b"pdfuaid:part"):
        assert sign in made, sign


def test_it_is_set_in_the_font_of_the_design_system(template: Path) -> None:
    assert b"IBMPlexSans" in pdf("sample.typ", {"text": "Hej"})


@pytest.mark.parametrize("text", ['#read("/etc/passwd")', "= heading", "$ x $", "*bold*", "]", '"', "\\", "a\n\nb\nc", ""])
def test_what_people_write_is_never_markup(template: Path, text: str) -> None:
    assert pdf("sample.typ", {"text": text}).startswith(b"%PDF-")


def test_a_picture_without_words_is_refused(template: Path) -> None:
    drawing = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
    template.write_text(f'{SAMPLE}#image(bytes("{drawing}"), format: "svg")')
    with pytest.raises(typst.TypstError):
        pdf("sample.typ", {"text": "Hej"})
