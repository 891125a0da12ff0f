"""The citizens served by the municipality they live in, from which the charge to the municipalities is reckoned."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from indgang.foundation.documents.sections import Line, Picture, Section, part_of_whole, with_level
from indgang.foundation.measures.counting import Share
from indgang.foundation.places.models import Municipality
from indgang.foundation.ui.charts import Bar
from indgang.foundation.ui.words import number_in_words
from indgang.operations.reception.rules.figures import Figures


def by_municipality(figures: Figures) -> Section:
    """The largest first; those of whom it is not known last, with how many they are and how that is put right."""
    titles: dict[str, str] = {row.code: row.title for row in Municipality.objects.filter(code__in=figures.citizens)}
    total = figures.citizens_served
    ordered = sorted(figures.citizens.items(), key=lambda row: (row[0] == "", -row[1], row[0]))
    unknown = pgettext("municipality", "Not known")
    lines = tuple(Line(code, titles.get(code, code) or unknown, (people, Share(people, total))) for code, people in ordered)
    bars = tuple(Bar(line.name, people, number_in_words(people)) for line, (_code, people) in zip(lines, ordered, strict=True))
    pictures: tuple[Picture, ...] = ()
    known = [row for row in ordered if row[0]]
    if known:
        facts = {"municipality": titles.get(known[0][0], known[0][0]), "share": part_of_whole(Share(known[0][1], total))}
        said = _("The largest group lives in %(municipality)s: %(share)s.") % facts
        level = [titles.get(code, code) for code, people in known[1:] if people == known[0][1]]
        pictures = (Picture(with_level(said, level), bars, lying=True),)
    columns = (_("Citizens served"), _("Share"))
    return Section("municipality", _("By municipality of residence"), _("Municipality"), columns, lines, pictures, note=_not_known(figures))


def _not_known(figures: Figures) -> str:
    """How many count for no municipality, and what to do about it."""
    count = figures.citizens.get("", 0)
    said = ngettext(
        "For %(count)s citizen of %(total)s no municipality is noted; clerks and floorwalkers note it on the visit behind “Not known”.",
        "For %(count)s citizens of %(total)s no municipality is noted; clerks and floorwalkers note it on the visits behind “Not known”.",
        count,
    )
    return said % {"count": number_in_words(count), "total": number_in_words(figures.citizens_served)} if count else ""


def how_noted() -> str:
    """What to do with the rows of those for whom no municipality is noted."""
    return _("Clerks and floorwalkers note on the page of a visit where they live; they then count for that municipality.")
