"""A turned wheel in words, as a picture and as a paper."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from indgang.foundation.database.bilingual import in_language
from indgang.foundation.documents.typesetting import pdf
from indgang.foundation.ui.radar import Series, radar_svg
from indgang.operations.guidance.models import Wheel
from indgang.operations.guidance.rules.wheels import MOST, Turned, furthest

TEMPLATE = "operations/guidance/documents/wheel.typ"


@dataclass(frozen=True)
class Spoke:
    """A line of the table beside the picture."""

    number: int
    title: str
    text: str
    now: str
    wanted: str


def labels_of(wheel: Wheel) -> list[str]:
    """The names of the spokes."""
    return [in_language(dict(one.title)) for one in wheel.dimensions]


def series_of(wheel: Wheel, turned: Turned) -> list[Series]:
    """Where it stands, and where it wants to be."""
    now = Series(_("Where you are"), [turned[one.key][0] for one in wheel.dimensions])
    wanted = Series(_("Where you want to be"), [turned[one.key][1] for one in wheel.dimensions])
    return [now, wanted] if any(value is not None for value in wanted.values) else [now]


def caption_of(wheel: Wheel, turned: Turned) -> str:
    """The message of the picture."""
    names = {one.key: in_language(dict(one.title)) for one in wheel.dimensions}
    far = [names[key] for key in furthest(turned)]
    return _("The longest way to go: %(spokes)s.") % {"spokes": ", ".join(far)} if far else _("How you see your company")


def said_of(wheel: Wheel, turned: Turned) -> str:
    """The picture in words."""
    spokes = ", ".join(f"{row.title} {row.now} ({row.wanted})" for row in rows_of(wheel, turned))
    return _("Wheel, from 0 to 5, now and (wanted): %(spokes)s.") % {"spokes": spokes}


def rows_of(wheel: Wheel, turned: Turned) -> list[Spoke]:
    """The table beside the picture."""

    def words(step: int | None) -> str:
        return _("not said") if step is None else str(step)

    return [
        Spoke(number, in_language(dict(one.title)), in_language(dict(one.text)), words(turned[one.key][0]), words(turned[one.key][1]))
        for number, one in enumerate(wheel.dimensions, start=1)
    ]


def wheel_paper(wheel: Wheel, turned: Turned, language: str) -> bytes:
    """The PDF, in that language."""
    with translation.override(language):
        return pdf(
            TEMPLATE,
            {
                "language": language,
                "title": _("The sustainability wheel"),
                "caption": caption_of(wheel, turned),
                "picture": str(radar_svg(labels_of(wheel), series_of(wheel, turned), most=MOST, said=said_of(wheel, turned))),
                "said": said_of(wheel, turned),
                "head": ["", _("Spoke"), _("Now"), _("Wanted")],
                "rows": [[str(row.number), f"{row.title}: {row.text}", row.now, row.wanted] for row in rows_of(wheel, turned)],
                "next_title": _("What comes next"),
                "next": [
                    _("Choose one spoke, and one thing to do within three months."),
                    _("Klimakompasset works out your CO2 footprint, free of charge: klimakompasset.dk"),
                    _("Ask your business office for a screening visit: it costs nothing."),
                ],
                "source": _("Made with Indgang. Version %(version)s of the wheel. Nothing of it is stored.") % {"version": wheel.version},
                "page": _("Page"),
                "of": _("of"),
            },
        )
