"""What is forgotten of people and their visits, and when. The models' `personal` declarations promise it; the counts stay as they are."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Length

from indgang.foundation.access.actors import system
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Membership
from indgang.foundation.privacy.retention import Retention
from indgang.operations.reception.actions.group_retention import forget_groups, groups_to_forget
from indgang.operations.reception.actions.holds import release_expired_holds
from indgang.operations.reception.models import (
    Absence,
    Code,
    Employee,
    Feed,
    Hold,
    IdempotentRequest,
    Invitation,
    Journey,
    KnownAgain,
    LinkKey,
    NoQuestions,
    Note,
    Sitting,
    Visit,
    VisitAnswer,
    WaitingEntry,
)
from indgang.operations.reception.rules.after_visit import TEXTS_KEPT
from indgang.registers.parties.actions.people import anonymise_person
from indgang.registers.parties.models import Person

PEOPLE_KEPT = NOTES_KEPT = dt.timedelta(days=2 * 365)
VISITS_KEPT = dt.timedelta(days=5 * 365)
CODES_KEPT = dt.timedelta(days=7)
REQUESTS_KEPT = dt.timedelta(days=30)
WAITS_KEPT = dt.timedelta(days=7)
REFUSALS_KEPT = dt.timedelta(days=2 * 365)
ROSTERS_KEPT = dt.timedelta(days=365)
FEEDS_KEPT = dt.timedelta(days=30)


def _over_for(kept: dt.timedelta) -> QuerySet[Journey]:
    """Journeys that were booked, and whose every appointment and step ended, longer ago than that."""
    moment = clock.now() - kept
    later = Visit.objects.filter(appointment__period__endswith__gte=moment) | Visit.objects.filter(ended_at__gte=moment)
    return Journey.objects.filter(created_at__lt=moment).exclude(pk__in=later.values("journey"))


def people_to_forget() -> QuerySet[Person]:
    """The people whose last visit is longer ago than we may know them."""
    recent = Journey.objects.exclude(pk__in=_over_for(PEOPLE_KEPT).values("pk"))
    known = Person.objects.filter(anonymised_at=None, created_at__lt=clock.now() - PEOPLE_KEPT)
    return known.exclude(travels__journey__in=recent).exclude(journeys__in=recent)


def forget_people(people: QuerySet[Person]) -> None:
    """Make them anonymous, and with them what was kept to recognise their party."""
    chosen = list(people)
    for person in chosen:
        anonymise_person(actor=system(), person=person)
    theirs = Journey.objects.filter(Q(contact__in=chosen) | Q(travellers__person__in=chosen)).values("pk")
    Employee.objects.filter(journey__in=theirs).delete()
    Journey.objects.filter(pk__in=theirs).update(party_digest="", interpreter="")


def notes_to_forget() -> QuerySet[Note]:
    """What was written about visits of two years ago."""
    return Note.objects.filter(visit__journey__in=_over_for(NOTES_KEPT))


def visits_to_forget() -> QuerySet[Visit]:
    """Visits of five years ago that still say who served and what was missing."""
    return Visit.objects.filter(journey__in=_over_for(VISITS_KEPT)).exclude(clerk=None, missing=[], missing_other=[])


def codes_to_forget() -> QuerySet[Code]:
    """Codes of a week ago."""
    return Code.objects.filter(created_at__lt=clock.now() - CODES_KEPT)


def keys_to_forget() -> QuerySet[LinkKey]:
    """Keys that open nothing any more."""
    return LinkKey.objects.filter(expires_at__lt=clock.now())


def requests_to_forget() -> QuerySet[IdempotentRequest]:
    """Requests that nobody will repeat."""
    return IdempotentRequest.objects.filter(created_at__lt=clock.now() - REQUESTS_KEPT)


def holds_to_forget() -> QuerySet[Hold]:
    """Holds that have run out; a job removes them every minute."""
    return Hold.objects.filter(held_until__lte=clock.now())


def waits_to_forget() -> QuerySet[WaitingEntry]:
    """Who took a time, left the waiting list or waited in vain a week ago."""
    return WaitingEntry.objects.filter(ended_at__lt=clock.now() - WAITS_KEPT)


def sittings_to_forget() -> QuerySet[Sitting]:
    """Who sat where until a year ago."""
    moment = clock.now() - ROSTERS_KEPT
    return Sitting.objects.filter(Q(ended_at__lt=moment) | Q(valid_until__lt=moment.date()))


def absences_to_forget() -> QuerySet[Absence]:
    """Who was away a year ago."""
    return Absence.objects.filter(last_day__lt=(clock.now() - ROSTERS_KEPT).date())


def feeds_to_forget() -> QuerySet[Feed]:
    """Links that ended 30 days ago, by themselves or with the role of their owner, and those of a desk that is another authority's by now,
    fetched last 30 days ago: until then the desk may come back, and they with it.
    """
    moment = clock.now() - FEEDS_KEPT
    roles = Membership.objects.filter(user=OuterRef("owner"), organisation=OuterRef("organisation"))
    in_force = roles.filter(Q(ended_at=None) | Q(ended_at__gte=moment))
    elsewhere = Q(desk__isnull=False) & ~Q(desk__organisation=F("organisation"))
    unread = elsewhere & Q(made_at__lt=moment) & (Q(last_fetched_at=None) | Q(last_fetched_at__lt=moment))
    return Feed.objects.filter(Q(revoked_at__lt=moment) | ~Exists(in_force) | unread)


def texts_to_forget() -> QuerySet[VisitAnswer]:
    """What people wrote about visits of a year ago."""
    return VisitAnswer.objects.filter(day__lt=(clock.now() - TEXTS_KEPT).date()).annotate(size=Length("text")).filter(size__gt=0)


def invitations_to_forget() -> QuerySet[Invitation]:
    """Invitations that open nothing any more."""
    return Invitation.objects.filter(expires_on__lt=clock.today())


def refusals_to_forget() -> QuerySet[NoQuestions]:
    """Who wanted no questions two years ago."""
    return NoQuestions.objects.filter(since__lt=(clock.now() - REFUSALS_KEPT).date())


def marks_to_forget() -> QuerySet[KnownAgain]:
    """By what those who came yesterday or before are known again."""
    return KnownAgain.objects.filter(date__lt=clock.today())


RETENTION = (
    Retention(
        # With a person go the key of their text in the journal, and all that made a journey theirs.
        models=(
            "parties.person",
            "vault.subject",
            "journal.entry",
            "reception.journey",
            "reception.traveller",
            "reception.told",
            "reception.turn",
        ),
        due=people_to_forget,
        forget=forget_people,
    ),
    Retention(models=("reception.note",), due=notes_to_forget, forget=lambda notes: notes.delete()),
    Retention(
        models=("reception.visit",), due=visits_to_forget, forget=lambda visits: visits.update(clerk=None, missing=[], missing_other=[])
    ),
    Retention(models=("reception.code",), due=codes_to_forget, forget=lambda codes: codes.delete()),
    Retention(models=("reception.linkkey",), due=keys_to_forget, forget=lambda keys: keys.delete()),
    Retention(models=("reception.idempotentrequest",), due=requests_to_forget, forget=lambda requests: requests.delete()),
    Retention(models=("reception.hold",), due=holds_to_forget, forget=lambda _some: release_expired_holds()),
    Retention(models=("reception.employerbooking", "reception.employee"), due=groups_to_forget, forget=forget_groups),
    Retention(models=("reception.waitingentry", "reception.waitingoffer"), due=waits_to_forget, forget=lambda waits: waits.delete()),
    Retention(models=("reception.sitting",), due=sittings_to_forget, forget=lambda sittings: sittings.delete()),
    Retention(models=("reception.visitanswer",), due=texts_to_forget, forget=lambda answers: answers.update(text="")),
    Retention(models=("reception.invitation",), due=invitations_to_forget, forget=lambda invitations: invitations.delete()),
    Retention(models=("reception.noquestions",), due=refusals_to_forget, forget=lambda refusals: refusals.delete()),
    Retention(models=("reception.knownagain",), due=marks_to_forget, forget=lambda marks: marks.delete()),
    Retention(models=("reception.feed",), due=feeds_to_forget, forget=lambda feeds: feeds.delete()),
    Retention(models=("reception.absence",), due=absences_to_forget, forget=lambda absences: absences.delete()),
)
