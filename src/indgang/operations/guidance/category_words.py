"""What it means for others when a course becomes Early Warning, or no longer is: said before it is saved, since it cannot be unsaid."""

from __future__ import annotations

from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor
from indgang.foundation.ui.words import short_day
from indgang.operations.guidance import permissions
from indgang.operations.guidance.actions.told_office import office_of
from indgang.operations.guidance.models import Category, Course
from indgang.operations.guidance.queries.notices import standing_notices


def words_about_category(actor: Actor, course: Course) -> list[str]:
    """What whoever corrects a course must know before they choose another category; nothing for those who cannot make it Early Warning."""
    if not permissions.begin(course.organisation, Category.EARLY_WARNING)(actor):
        return []
    return _words_of_the_open(course) if course.confidential else _words_of_the_closed(course)


def _words_of_the_closed(course: Course) -> list[str]:
    text = _(
        "If you make it Early Warning, only your organisation’s Early Warning team sees it from then on, with everything in it. "
        "For all others it is gone: on the company’s page, in lists and tables, and from what the business office has been told."
    )
    told = list(standing_notices().filter(course=course).order_by("mailed_at", "pk"))
    if not told:
        return [text]
    office, mailed = told[0].office.title, [notice.mailed_at for notice in told if notice.mailed_at]
    if not mailed:
        return [text, _("%(office)s can see it on its page by now. Nothing has gone by mail yet, and nothing will.") % {"office": office}]
    said = _(
        "%(office)s was told of it by mail on %(day)s. What has gone by mail, and what somebody has read, cannot be taken back. "
        "Call the office if it must not use what it knows."
    )
    return [text, said % {"office": office, "day": short_day(mailed[0])}]


def _words_of_the_open(course: Course) -> list[str]:
    text = _(
        "It is Early Warning now: only the team sees it. If you choose another category, everyone in your organisation who works with "
        "companies sees it from then on, with everything that stands in it, and others who work with companies see that you are in "
        "contact: since when, in which fields, and who the consultant is."
    )
    office = office_of(course)
    if office is None:
        return [text]
    said = _("%(office)s is told the next morning, also by mail, when it began and of your meetings of the last thirty days.")
    return [text, said % {"office": office.title}]
