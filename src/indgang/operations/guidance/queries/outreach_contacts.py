"""Whom the two parties of an outreach agreement are reached by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from indgang.foundation.identity.models import Membership, Organisation, Role, User
from indgang.operations.guidance.models import Duty, DutyKind, Outreach

LANGUAGES = ("da", "en")


@dataclass(frozen=True)
class Reached:
    """Somebody who is written to on behalf of a party: the contact person of who is who, or, where nobody is named, a leader."""

    organisation: Organisation
    name: str
    email: str
    language: str
    named: bool = True


def contact_persons(outreach: Outreach) -> list[Reached]:
    """The hub's contact person for the office, and the office's own; of a side that names nobody, its leaders."""
    sides = {DutyKind.CONTACT: outreach.hub, DutyKind.OFFICE: outreach.office}
    duties = Duty.objects.filter(office=outreach.office_id, kind__in=sides, ended_at=None).select_related("user").order_by("name", "pk")
    found: dict[tuple[int, str], Reached] = {}
    for kind, organisation in sides.items():
        named = [one for duty in duties if duty.kind == kind for one in _of_duty(duty, organisation)]
        for one in named or _leaders(organisation):
            found.setdefault((organisation.pk, one.email), one)
    return list(found.values())


def _of_duty(duty: Duty, organisation: Organisation) -> Iterable[Reached]:
    """How somebody of who is who is written to: where they say, else by their account."""
    account = duty.user if duty.user and duty.user.is_active else None
    email = duty.email or (account.email if account else "")
    if email and (account or duty.user_id is None):
        yield Reached(organisation, duty.name, email.lower(), _language(account))


def _leaders(organisation: Organisation) -> Iterable[Reached]:
    running = Membership.objects.filter(organisation=organisation, role=Role.LEADER, ended_at=None, user__is_active=True)
    for user in User.objects.filter(pk__in=running.values("user")).order_by("name", "pk"):
        yield Reached(organisation, str(user), user.email.lower(), _language(user), named=False)


def _language(user: User | None) -> str:
    return user.language if user and user.language in LANGUAGES else "da"
