"""What a change makes worse for somebody who is booked, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from indgang.operations.reception.languages import language_in_words
from indgang.operations.reception.models import Appointment, Visit
from indgang.operations.reception.queries.affected import Affected
from indgang.operations.reception.queries.outside import Trouble


def marks_of(one: Affected) -> list[str]:
    """What is worse than it was booked, where the place itself stands: a sentence for each."""
    said = []
    for place in one.places:
        if one.why[place.pk] == Trouble.AUTHORITY and place.visit:
            said.append(_another_authority(place, place.visit))
        facts = {"desk": place.desk.title, "language": language_in_words(one.journey.language)}
        if one.why[place.pk] == Trouble.LANGUAGE:
            said.append(_("They speak %(language)s, and %(desk)s would not any more.") % facts)
        elif one.why[place.pk] == Trouble.WAY:
            said.append(_("There would be too little time for the way to %(desk)s.") % facts)
    return said


def _another_authority(place: Appointment, visit: Visit) -> str:
    facts = {"desk": place.desk.title, "booked": visit.service.authority.title, "owner": place.desk.organisation.title}
    return _("They booked with %(booked)s, and %(owner)s would receive them at %(desk)s.") % facts
