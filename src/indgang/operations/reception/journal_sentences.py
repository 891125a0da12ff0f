"""What the journal says of reception, in words: one sentence for each verb, in the language of the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import Municipality
from indgang.foundation.ui import statuses
from indgang.foundation.ui.words import period_in_words
from indgang.operations.reception.models import Desk, Service
from indgang.operations.reception.queries.documents import Documents

SENTENCES = {
    "journey.booked": gettext_lazy("Visit booked: %(steps)s."),
    "journey.email-confirmed": gettext_lazy("E-mail address confirmed."),
    "journey.moved": gettext_lazy("Visit moved to %(when)s."),
    "journey.move-undone": gettext_lazy("Moving undone: the old times again, from %(when)s."),
    "journey.cancelled": gettext_lazy("Visit cancelled."),
    "journey.cancel-undone": gettext_lazy("The visit takes place after all."),
    "journey.steps-booked": gettext_lazy("Booked or moved: %(steps)s, %(when)s."),
    "journey.checked-in": gettext_lazy("Checked in."),
    "journey.check-in-undone": gettext_lazy("Check-in undone."),
    "journey.no-show": gettext_lazy("Did not come: %(steps)s."),
    "journey.no-show-undone": gettext_lazy("Came after all: %(steps)s."),
    "journey.not-noted": gettext_lazy("Nobody noted whether they came: %(steps)s."),
    "journey.came-told": gettext_lazy("Noted afterwards that they came: %(steps)s."),
    "journey.not-come-told": gettext_lazy("Noted afterwards that they did not come: %(steps)s."),
    "journey.told-undone": gettext_lazy("Not known after all whether they came: %(steps)s."),
    "journey.interpreter-changed": gettext_lazy("Need for an interpreter changed."),
    "journey.municipality-set": gettext_lazy("Municipality they live in: %(municipality)s."),
    "journey.municipality-undone": gettext_lazy("Municipality they live in, changed back: %(municipality)s."),
    "journey.package-handed-out": gettext_lazy("Information package handed out."),
    "journey.package-taken-back": gettext_lazy("Information package noted by mistake; taken back."),
    "ticket.taken": gettext_lazy("Took a ticket: %(steps)s."),
    "visit.called-again": gettext_lazy("%(steps)s: called again to %(desk)s."),
    "visit.set-aside": gettext_lazy("%(steps)s: waits aside."),
    "visit.brought-back": gettext_lazy("%(steps)s: back in line."),
    "visit.aside-undone": gettext_lazy("%(steps)s: not set aside after all; at %(desk)s again."),
    "visit.back-undone": gettext_lazy("%(steps)s: waits aside after all."),
    "visit.sent-on": gettext_lazy("%(steps)s: sent on to another desk, keeping the place in line."),
    "visit.send-on-undone": gettext_lazy("%(steps)s: not sent on after all."),
    "visit.called": gettext_lazy("%(steps)s: called to %(desk)s."),
    "visit.started": gettext_lazy("%(steps)s: began at %(desk)s."),
    "visit.start-undone": gettext_lazy("%(steps)s: had not begun yet."),
    "visit.interpreter-taken": gettext_lazy("%(steps)s: an interpreter who had become free came to %(desk)s."),
    "visit.interpreter-given-back": gettext_lazy("%(steps)s: the interpreter was given back."),
    "visit.room-taken": gettext_lazy("%(steps)s: a room that had become free was taken at %(desk)s."),
    "visit.room-given-back": gettext_lazy("%(steps)s: the room was given back."),
    "visit.finished": gettext_lazy("%(steps)s: ended."),
    "visit.not-served": gettext_lazy("%(steps)s: not served before the house closed."),
    "visit.not-served-undone": gettext_lazy("%(steps)s: had been called to %(desk)s, so how it ended is told afterwards."),
    "visit.left-open": gettext_lazy("%(steps)s: was left open at %(desk)s, and ended by itself at closing time."),
    "visit.end-told": gettext_lazy("%(steps)s: how it had ended was noted afterwards."),
    "visit.reopened": gettext_lazy("%(steps)s: the ending was undone."),
    "visit.put-back": gettext_lazy("%(steps)s: put back in line."),
    "visit.put-back-undone": gettext_lazy("%(steps)s: not put back in line after all; at %(desk)s again."),
    "visit.cancelled": gettext_lazy("%(steps)s: cancelled."),
    "visit.cancel-undone": gettext_lazy("%(steps)s: wanted after all, at its old time."),
    "visit.refused": gettext_lazy("%(steps)s: refused, with this reason."),
    "visits.imported": gettext_lazy("Steps read from a table."),
    "visits.import-undone": gettext_lazy("Steps of a table taken back."),
    "waiting.asked": gettext_lazy("Asked to be put on the waiting list."),
    "waiting.confirmed": gettext_lazy("On the waiting list: e-mail address confirmed."),
    "waiting.changed": gettext_lazy("Other days on the waiting list."),
    "waiting.resumed": gettext_lazy("Waits on after offers that were not answered."),
    "waiting.offered": gettext_lazy("A free time was offered to somebody who waits."),
    "waiting.unanswered": gettext_lazy("The offered time was not taken in ten minutes and went to the next."),
    "waiting.taken-back": gettext_lazy("The house has closed the offered time, so it is not offered any more."),
    "waiting.declined": gettext_lazy("The offered time was declined and went to the next."),
    "waiting.accepted": gettext_lazy("The offered time was taken."),
    "waiting.left": gettext_lazy("Left the waiting list."),
    "waiting.ended": gettext_lazy("The place on the waiting list ended."),
    "employer.asked": gettext_lazy("An employer asked for a link to book for its people."),
    "employer.confirmed": gettext_lazy("The employer opened the link: e-mail address confirmed."),
    "employer.people-added": gettext_lazy("People were added to an employer's group."),
    "employer.person-removed": gettext_lazy("Somebody was taken out of an employer's group."),
    "employer.planned": gettext_lazy("Times were looked for, for an employer's group."),
    "employer.booked": gettext_lazy("Visits of an employer's group were booked or moved."),
    "employer.begun-again": gettext_lazy("Somebody of an employer's group, whose visit was cancelled, is to have a new time."),
    "employer.cancelled": gettext_lazy("Visits of an employer's group were cancelled."),
    "employer.waiting": gettext_lazy("Somebody of an employer's group was asked to join the waiting list."),
    "employer.checked-in": gettext_lazy("An employer's group was checked in together."),
    "employer.check-in-undone": gettext_lazy("The check-in of an employer's group was undone."),
    "note.added": gettext_lazy("Note about %(steps)s."),
}
CALLED_AHEAD = gettext_lazy("%(steps)s: called to %(desk)s although the line held them back for the party booked on %(when)s.")

CALLED_WITHOUT_ROOM = gettext_lazy("%(steps)s: called to %(desk)s without the room that it is done in.")


class Names:
    """Titles of services, desks and papers by key, read once for a page."""

    def __init__(self, region_id: int) -> None:
        self.region_id = region_id
        self.services = {row.key: row.title for row in Service.objects.filter(region_id=region_id)}
        self.documents = Documents(region_id)
        self.desks = {row.key: row.title for row in Desk.objects.filter(house__region_id=region_id)}

    @cached_property
    def municipalities(self) -> dict[str, str]:
        """By code; read only where an entry tells of one."""
        return {row.code: row.title for row in Municipality.objects.all()}


def sentence(entry: Entry, names: Names) -> str:
    """What happened. A verb that has no sentence is told by its own name."""
    words = _words_of_call(entry) if entry.verb == "visit.called" else SENTENCES.get(entry.verb)
    if words is None:
        return entry.verb.replace(".", ": ").replace("-", " ")
    facts = {**entry.before, **entry.after}
    keys = _services(facts)
    steps = ", ".join(names.services.get(key, key) for key in keys)
    desk = names.desks.get(str(facts.get("desk", "")), _("the desk"))
    return str(words) % {"steps": steps or _("a step"), "desk": desk, "when": _when(facts, entry), **_municipality(entry, names)}


def _municipality(entry: Entry, names: Names) -> dict[str, str]:
    """Where the entry says that they live."""
    if not entry.verb.startswith("journey.municipality-"):
        return {}
    code = str(entry.after.get("municipality", ""))
    return {"municipality": names.municipalities.get(code, code) or _("not known")}


def _words_of_call(entry: Entry) -> Any:
    if "ahead_of" in entry.after:
        return CALLED_AHEAD
    return CALLED_WITHOUT_ROOM if entry.after.get("room", "") is None else SENTENCES[entry.verb]


def _services(facts: Mapping[str, Any]) -> list[str]:
    if isinstance(facts.get("service"), str):
        return [facts["service"]]
    listed: Iterable[Any] = facts.get("services") or facts.get("steps") or []
    return [item["service"] if isinstance(item, dict) else str(item) for item in listed]


def _when(facts: Mapping[str, Any], entry: Entry) -> str:
    """The first time the entry names."""
    listed = facts.get("appointments") or facts.get("steps") or []
    if facts.get("ahead_of"):
        return period_in_words(dt.datetime.fromisoformat(str(facts["ahead_of"])), None, entry.house.zone if entry.house else None)
    times = sorted(item["starts"] for item in listed if isinstance(item, dict) and item.get("starts"))
    if not times:
        return _("another time")
    return period_in_words(dt.datetime.fromisoformat(times[0]), None, entry.house.zone if entry.house else None)


def status_in(entry: Entry) -> str:
    """The outcome that the entry tells of, as a status."""
    outcome = str(entry.after.get("outcome", "")) if entry.verb == "visit.finished" else ""
    return outcome if outcome in statuses.LOOKS else ""


def documents_in(text: Mapping[str, Any], names: Names) -> list[str]:
    """Documents that the personal text of an entry names as missing, in the language of the page."""
    keys = text.get("missing", [])
    return [*(names.documents.named(map(str, keys)) if keys else []), *map(str, text.get("missing_other", []))]
