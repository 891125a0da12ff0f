"""My day: what of who approaches whom needs somebody now."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indgang.foundation.access.actors import Actor
from indgang.foundation.ui.words import day_in_words
from indgang.operations.guidance.approach_words import field_in_words
from indgang.operations.guidance.queries.approach_reminders import Reminders, approach_reminders
from indgang.operations.guidance.queries.outreach import OfficeYear

Line = tuple[str, str, str]
NAMED_AT_MOST = 3


def approach_lines(actor: Actor) -> list[Line]:
    """Title, text and address of each, the most pressing first."""
    found = approach_reminders(actor)
    return [*_collisions(found), *_notices(found), *_meetings(found), *_entries(found)] if found else []


def _collisions(found: Reminders) -> Iterator[Line]:
    for contact, organisation in found.collisions:
        words = _("%(organisation)s is going to contact them too. Speak with them before you call on %(day)s.")
        text = words % {"organisation": organisation.title, "day": day_in_words(contact.on)}
        yield contact.company.name, text, reverse("guidance:approach-company", args=[contact.company_id])


def _notices(found: Reminders) -> Iterator[Line]:
    if found.unread:
        title = ngettext("The hub has met one of your companies", "The hub has met companies of yours", found.unread)
        text = ngettext("%(count)s new notice.", "%(count)s new notices.", found.unread) % {"count": found.unread}
        yield title, text, reverse("guidance:office-notices")


def _meetings(found: Reminders) -> Iterator[Line]:
    if len(found.meetings) > NAMED_AT_MOST:
        names = ", ".join(row.office.title for row in found.meetings[:NAMED_AT_MOST])
        title = _("%(count)s offices have meetings to see to") % {"count": len(found.meetings)}
        yield title, _("%(names)s and others.") % {"names": names}, reverse("guidance:outreach-year", args=[found.year])
        return
    for row in found.meetings:
        yield row.office.title, " ".join(_of_meetings(row)), _address(row, found.year)


def _of_meetings(row: OfficeYear) -> Iterator[str]:
    if row.outreach is None:
        yield _("This year’s agreement has not been begun.")
        return
    dates = [str(line.number) for line in row.meetings if line.due and line.state == "no-date"]
    notes = [str(line.number) for line in row.meetings if line.due and line.state == "notes"]
    if dates:
        words = ngettext("Meeting %(numbers)s has no date.", "Meetings %(numbers)s have no date.", len(dates))
        yield words % {"numbers": ", ".join(dates)}
    if notes:
        words = ngettext(
            "Write down what was agreed at meeting %(numbers)s.", "Write down what was agreed at meetings %(numbers)s.", len(notes)
        )
        yield words % {"numbers": ", ".join(notes)}


def _address(row: OfficeYear, year: int) -> str:
    if row.outreach and row.open:
        return reverse("guidance:outreach", args=[year, row.office.key])
    return reverse("guidance:outreach-year", args=[year])


def _entries(found: Reminders) -> Iterator[Line]:
    if found.old:
        names = ", ".join(duty.office.title if duty.office else field_in_words(duty.field) for duty in found.old)
        text = _("Look whether the entry is right still, and confirm it: %(names)s.") % {"names": names}
        yield _("Are you still the one to ask?"), text, reverse("guidance:who-is-who")
