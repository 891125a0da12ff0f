"""Typesetting: a Typst template and plain data make a PDF that a screen reader can read (PDF/UA-1, checked by Typst as it writes).

What people wrote goes in as data and is never read as markup, so nobody can break a paper or read a file with what they type.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

import indgang

PACKAGE = Path(indgang.__file__).parent
FONTS = Path("dkfds/dist/fonts/IBMPlexSans/complete/ttf")  # those of the design system, which is installed for the pages anyway


def pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """The paper: `template` is a file below the package, such as `operations/guidance/documents/screening.typ`; it reads `data` with
    `json(bytes(sys.inputs.data))`. Raises typst.TypstError for a template that is wrong or not accessible."""
    return typst.compile(
        str(PACKAGE / template),
        root=str(PACKAGE),
        font_paths=[str(settings.NODE_MODULES / FONTS)],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards="ua-1",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
