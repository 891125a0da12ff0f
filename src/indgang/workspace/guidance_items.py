"""My day: what a consultant's own courses need now."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.operations.guidance.queries.my_courses import quiet_courses, steps_due
from indgang.registers.parties.permissions import serve_companies

Line = tuple[str, str, str, str]
NAMED_AT_MOST = 5


def guidance_lines(actor: Actor) -> list[Line]:
    """Title, text, address and status of each, the longest overdue first; a line where nothing needs whoever serves companies."""
    if actor.user is None or not serve_companies(actor):
        return []
    lines = [*_steps(actor), *_quiet(actor)]
    if lines:
        return lines
    return [(_("Your courses"), _("No step is due today, and no course has been quiet for long."), reverse("guidance:courses"), "")]


def _steps(actor: Actor) -> Iterator[Line]:
    today = clock.today()
    due = list(steps_due(actor, today)[: NAMED_AT_MOST + 1])
    for step in islice(due, NAMED_AT_MOST):
        late = step.due is not None and step.due < today
        day = date_format(step.due, "SHORT_DATE_FORMAT") if step.due else ""
        said = _("%(step)s, due %(day)s.") if late else _("%(step)s, today.")
        text = said % {"step": step.text.rstrip("."), "day": day}
        yield step.course.company.name, text, f"{reverse('guidance:course', args=[step.course_id])}#steps", "late" if late else "waiting"
    if len(due) > NAMED_AT_MOST:
        yield _("More next steps are due"), _("They stand above your courses."), reverse("guidance:courses"), "waiting"


def _quiet(actor: Actor) -> Iterator[Line]:
    today = clock.today()
    quiet = list(quiet_courses(actor, today)[: NAMED_AT_MOST + 1])
    for course in islice(quiet, NAMED_AT_MOST):
        since = getattr(course, "last_contact", None) or course.started
        days = (today - since).days
        said = ngettext(
            "No contact for %(days)s day, and nothing is agreed. Call, or end the course.",
            "No contact for %(days)s days, and nothing is agreed. Call, or end the course.",
            days,
        )
        yield course.company.name, said % {"days": days}, reverse("guidance:course", args=[course.pk]), ""
    if len(quiet) > NAMED_AT_MOST:
        yield _("More courses are quiet"), _("Look through your courses: which have ended?"), reverse("guidance:courses"), ""
