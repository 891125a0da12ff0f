"""What is forgotten of who approaches whom, and when. The models' `personal` declarations promise it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet

from indgang.foundation.database import clock
from indgang.foundation.privacy.retention import Retention
from indgang.operations.guidance.models import Duty, GreyZone, Meeting, OfficeNotice, Outreach, PlannedContact

YEAR = dt.timedelta(days=365)
YEARS_KEPT = 5


def planned_contacts_to_forget() -> QuerySet[PlannedContact]:
    """Those that stopped counting more than a year ago."""
    return PlannedContact.objects.filter(expires__lt=clock.today() - YEAR)


def decisions_to_forget() -> QuerySet[GreyZone]:
    """Decisions about one company, and those that still name who wrote them down, after five years."""
    old = GreyZone.objects.filter(decided_on__lt=clock.today() - YEARS_KEPT * YEAR)
    return old.filter(Q(company__isnull=False) | Q(author__isnull=False))


@transaction.atomic
def forget_decisions(decisions: QuerySet[GreyZone]) -> None:
    """Of a decision about one company nothing that is said stays (the row may be part of a chain); of the others, the author goes."""
    ids = list(decisions.values_list("pk", flat=True))
    about_one = GreyZone.objects.filter(pk__in=ids, company__isnull=False)
    about_one.update(question="-", decision="-", reason="", company=None, author=None)
    GreyZone.objects.filter(pk__in=ids).update(author=None)


def notices_to_forget() -> QuerySet[OfficeNotice]:
    """Those of more than two years ago."""
    return OfficeNotice.objects.filter(created_at__lt=clock.now() - 2 * YEAR)


def agreements_to_forget() -> QuerySet[Outreach]:
    """Those of a year that ended more than five years ago, which still say something of people or companies."""
    says = ~Q(office_agreed_by=None) | ~Q(hub_agreed_by=None) | ~Q(companies=None) | ~Q(proactive="") | ~Q(calendar="")
    in_meetings = ~Q(meetings__participants="") | ~Q(meetings__notes="")
    return Outreach.objects.filter(year__lt=clock.today().year - YEARS_KEPT).filter(says | in_meetings).distinct()


@transaction.atomic
def forget_agreements(agreements: QuerySet[Outreach]) -> None:
    """Leave the fields and industries, which name nobody."""
    ids = list(agreements.values_list("pk", flat=True))
    Outreach.companies.through._base_manager.filter(outreach_id__in=ids).delete()
    Meeting.objects.filter(outreach__in=ids).update(participants="", notes="")
    Outreach.objects.filter(pk__in=ids).update(office_agreed_by=None, hub_agreed_by=None, proactive="", calendar="")


def duties_to_forget() -> QuerySet[Duty]:
    """Those that ended more than a year ago."""
    return Duty.objects.filter(ended_at__lt=clock.now() - YEAR)


RETENTION = (
    Retention(models=("guidance.plannedcontact",), due=planned_contacts_to_forget, forget=lambda rows: rows.delete()),
    Retention(models=("guidance.greyzone",), due=decisions_to_forget, forget=forget_decisions),
    Retention(models=("guidance.officenotice",), due=notices_to_forget, forget=lambda rows: rows.delete()),
    Retention(models=("guidance.outreach", "guidance.meeting"), due=agreements_to_forget, forget=forget_agreements),
    Retention(models=("guidance.duty",), due=duties_to_forget, forget=lambda rows: rows.delete()),
)
