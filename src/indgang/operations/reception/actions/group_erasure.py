"""What reception keeps about somebody who asks because of employers' groups: their own group, and what an employer said of them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q, QuerySet

from indgang.foundation.privacy.holdings import Facts, Holding, facts_of
from indgang.operations.reception.actions.group_retention import forget_groups
from indgang.operations.reception.models import Employee, EmployerBooking


def groups_of(contact: str) -> QuerySet[EmployerBooking]:
    """The groups whose contact gave this address or number."""
    return EmployerBooking.objects.filter(Q(email__iexact=contact) | Q(phone=contact)).exclude(email="", phone="")


def told_groups(contact: str) -> Iterator[tuple[str, Facts]]:
    """Their groups, and what employers said of them. Whom they book for is told to those themselves."""
    for booking in groups_of(contact).order_by("created_at"):
        yield booking._meta.label_lower, facts_of(booking)
    for employee in Employee.objects.filter(email__iexact=contact).exclude(email=""):
        yield employee._meta.label_lower, facts_of(employee)


@transaction.atomic
def forget_said(contact: str) -> int:
    """Forget their groups, and what employers said of them. The visits themselves are forgotten as visits."""
    said = Employee.objects.filter(email__iexact=contact).exclude(email="")
    groups = groups_of(contact)
    count = said.count() + groups.count()
    said.delete()
    forget_groups(groups)
    return count


GROUPS = Holding(told=told_groups, forget=forget_said)
