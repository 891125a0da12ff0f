"""What a change makes worse for somebody who is booked, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indgang.foundation.ui.words import number_in_words
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
    if one.unspoken:
        said.append(_("No desk that is open then speaks %(language)s.") % {"language": language_in_words(one.journey.language)})
    return said


def summary_of(kinds: Sequence[str]) -> list[str]:
    """How many of those affected are proposed what: a sentence for each kind that there is. The kinds are those of `kind_of`."""
    count = Counter(kinds)
    told = [
        ("desk", ngettext("%(number)s keeps the time, at another desk", "%(number)s keep their time, at another desk", count["desk"])),
        ("time", ngettext("%(number)s has another time on the same day", "%(number)s have another time on the same day", count["time"])),
        ("day", ngettext("%(number)s goes to another day", "%(number)s go to another day", count["day"])),
        ("none", ngettext("%(number)s has no other time", "%(number)s have no other time", count["none"])),
        ("stays", ngettext("%(number)s stays as booked", "%(number)s stay as booked", count["stays"])),
    ]
    return [words % {"number": number_in_words(count[kind])} for kind, words in told if count[kind]]


def kind_of(one: Affected) -> str:
    """What the first proposal is: another desk, another "time" on the same day, another "day", "none", or that it "stays" as booked."""
    if not one.proposals:
        return "stays" if one.keeps else "none"
    first, zone = one.proposals[0], one.journey.house.zone
    if {(stop.service.key, stop.starts, stop.ends) for stop in first.stops} == one.times:
        return "desk"
    days = {starts.astimezone(zone).date() for _key, starts, _ends in one.times}
    return "time" if set(first.dates) <= days else "day"


def _another_authority(place: Appointment, visit: Visit) -> str:
    facts = {"desk": place.desk.title, "booked": visit.service.authority.title, "owner": place.desk.organisation.title}
    return _("They booked with %(booked)s, and %(owner)s would receive them at %(desk)s.") % facts
