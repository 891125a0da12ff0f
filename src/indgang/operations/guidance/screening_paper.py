"""The result of a screening visit as a paper for the company."""

from __future__ import annotations

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from indgang.foundation.database.bilingual import in_language
from indgang.foundation.documents.typesetting import pdf
from indgang.foundation.ui.radar import radar_svg
from indgang.operations.guidance.models import LeadState
from indgang.operations.guidance.queries.results import Result, TopicResult
from indgang.operations.guidance.result_words import caption_of, labels_of, rows_of, said_of, series_of, title
from indgang.operations.guidance.rules.screening import HIGHEST

TEMPLATE = "operations/guidance/documents/screening.typ"


def paper_of(result: Result, language: str) -> bytes:
    """The PDF, in that language."""
    visit = result.screening
    with translation.override(language):
        day = date_format(visit.date, "DATE_FORMAT") if visit.date else ""
        office = visit.organisation.title
        rows = rows_of(result)
        data = {
            "language": language,
            "title": _("Screening visit at %(company)s") % {"company": visit.shown_name},
            "company": visit.shown_name,
            "kicker": _("Your screening visit"),
            "when": _("%(day)s, %(office)s") % {"day": day, "office": office},
            "who": [f"{one.get_kind_display()}: {one.name}" for one in visit.participants.order_by("pk") if one.name],
            "summary_title": _("What we saw"),
            "summary": visit.summary,
            "picture_title": _("Where you stand"),
            "caption": caption_of(result),
            "picture": str(radar_svg(labels_of(result), series_of(result), most=HIGHEST, said=said_of(result))),
            "said": said_of(result),
            "scale_title": _("The scale"),
            "scale": [f"{score} {in_language(dict(words))}" for score, words in enumerate(visit.playbook.book.scale)]
            if visit.playbook
            else [],
            "head": _head(result),
            "rows": [[str(row.number), row.topic, row.score, *_compared(result, row.before, row.moved), row.answered] for row in rows],
            "unknown": _("“Not known” is no zero: we did not come to it, or it does not apply to you."),
            "topics_title": _("What we talked about"),
            "topics": [_topic(one) for one in result.topics if one.notes],
            "leads_title": _("Who can help you on"),
            "leads": _leads(result),
            "next_title": _("What comes next"),
            "next": [
                _("Keep this result: at the next visit we compare with it."),
                _("Klimakompasset works out your CO2 footprint, free of charge: klimakompasset.dk"),
                _("Call %(office)s when something changes, or when you want to go on.") % {"office": office},
            ],
            "source": _("Made with Indgang by %(office)s. Playbook version %(version)s. Reference %(reference)s.")
            % {"office": office, "version": visit.playbook.version if visit.playbook else "", "reference": visit.reference},
            "page": _("Page"),
            "of": _("of"),
        }
        return pdf(TEMPLATE, data)


def _head(result: Result) -> list[str]:
    words = ["", _("Topic"), _("Score (0-4)")]
    if result.earlier and result.earlier.date:
        words += [str(result.earlier.date.year), _("Moved")]
    return [*words, _("Answered")]


def _compared(result: Result, before: str, moved: str) -> list[str]:
    return [before, moved or "-"] if result.earlier else []


def _topic(one: TopicResult) -> dict[str, object]:
    return {"title": title(one), "notes": one.notes}


def _leads(result: Result) -> list[dict[str, str]]:
    leads = result.screening.leads.filter(state=LeadState.RECORDED).select_related("to_organisation").order_by("pk")
    return [{"to": str(one.to_organisation or one.to_adviser), "text": one.text} for one in leads]
