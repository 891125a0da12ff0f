"""What is forgotten of companies, and when. The models' `personal` declarations promise it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet

from indgang.foundation.database import clock
from indgang.foundation.privacy.retention import Retention
from indgang.registers.parties.actions.ties import untie
from indgang.registers.parties.models import Change, Company, CompanyNote, Consent, Contact, Segment, Tie
from indgang.registers.parties.queries.companies import in_use

COMPANIES_KEPT = NOTES_KEPT = dt.timedelta(days=5 * 365)
CONTACTS_KEPT = CONSENTS_KEPT = dt.timedelta(days=2 * 365)
SEGMENTS_KEPT = dt.timedelta(days=365)
MISTAKES_KEPT = dt.timedelta(days=30)  # long enough to notice that it was none


def companies_to_forget() -> QuerySet[Company]:
    """Those that came into the register, and were last served by anybody, longer ago than we may know them."""
    moment = clock.now() - COMPANIES_KEPT
    day = moment.date()
    served = Tie.objects.filter(Q(ended=None) | Q(ended__gte=day)).values("company")
    known = Company.objects.filter(created_at__lt=moment).exclude(name="", email="", phone="", address="")
    return known.exclude(pk__in=served)


@transaction.atomic
def forget_companies(companies: QuerySet[Company]) -> None:
    """Remove them; of one that figures are accounted for with, the number and the municipality stay."""
    ids = list(companies.values_list("pk", flat=True))
    for said in (Change, Contact, CompanyNote, Consent):
        said._base_manager.filter(company__in=ids).delete()
    kept = in_use(ids)
    Company.objects.filter(pk__in=kept).update(name="", email="", phone="", address="", words=[], places=[], by_hand={}, typed={})
    Company.objects.filter(pk__in=set(ids) - kept).delete()


def contacts_to_forget() -> QuerySet[Contact]:
    """Those whose role ended longer ago than we may know them, and those that somebody took away a while ago."""
    now = clock.now()
    return Contact.objects.filter(Q(ended__lt=(now - CONTACTS_KEPT).date()) | Q(removed_at__lt=now - MISTAKES_KEPT))


def notes_to_forget() -> QuerySet[CompanyNote]:
    """Those that were written longer ago than they are kept, and those that somebody took away a while ago."""
    now = clock.now()
    return CompanyNote.objects.filter(Q(created_at__lt=now - NOTES_KEPT) | Q(removed_at__lt=now - MISTAKES_KEPT))


@transaction.atomic
def forget_notes(notes: QuerySet[CompanyNote]) -> None:
    """Remove them, and that somebody was in contact then."""
    untie(notes)
    notes.delete()


def consents_to_forget() -> QuerySet[Consent]:
    """Those that were taken back longer ago than they must be shown."""
    return Consent.objects.filter(withdrawn_at__lt=clock.now() - CONSENTS_KEPT)


def segments_to_forget() -> QuerySet[Segment]:
    """Lists that were removed longer ago than they can be brought back."""
    return Segment.objects.filter(removed_at__lt=clock.now() - SEGMENTS_KEPT)


def changes_to_forget() -> QuerySet[Change]:
    """Those that were made longer ago than they can be taken back."""
    return Change.objects.filter(at__lt=clock.now() - MISTAKES_KEPT)


RETENTION = (
    Retention(
        models=("parties.company", "parties.tie", "parties.double", "parties.move", "parties.word"),
        due=companies_to_forget,
        forget=forget_companies,
    ),
    Retention(models=("parties.contact",), due=contacts_to_forget, forget=lambda contacts: contacts.delete()),
    Retention(models=("parties.companynote",), due=notes_to_forget, forget=forget_notes),
    Retention(models=("parties.consent",), due=consents_to_forget, forget=lambda consents: consents.delete()),
    Retention(models=("parties.change",), due=changes_to_forget, forget=lambda changes: changes.delete()),
    Retention(models=("parties.segment",), due=segments_to_forget, forget=lambda segments: segments.delete()),
)
