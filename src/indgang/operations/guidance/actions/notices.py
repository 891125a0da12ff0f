"""An office has read what it was told; and the daily letter about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Membership, Organisation, Role, User
from indgang.foundation.mail.actions import write_letter
from indgang.foundation.mail.models import Letter
from indgang.operations.guidance.actions.told_office import letters_to
from indgang.operations.guidance.approach_letters import letter_about_meetings, letter_to_confirm
from indgang.operations.guidance.approach_permissions import read_notices
from indgang.operations.guidance.models import Duty, OfficeNotice
from indgang.operations.guidance.queries.division import division_in_force
from indgang.operations.guidance.queries.notices import standing_notices
from indgang.operations.guidance.rules.approach import is_old

READERS = (Role.CONSULTANT, Role.LEADER)
LANGUAGES = ("da", "en")


@transaction.atomic
def mark_read(*, actor: Actor, office: Organisation, until: int) -> int:
    """The office has read its notices up to that one; returns how many were new. Twice changes nothing."""
    require(read_notices(office.pk), actor)
    return OfficeNotice.objects.filter(office=office, pk__lte=until, read_at=None).update(read_at=clock.now())


def tell_offices() -> int:
    """One letter a day to each consultant and leader of an office that the hub has something to tell; returns how many letters."""
    offices = Organisation.objects.filter(pk__in=standing_notices().filter(mailed_at=None).order_by().values("office"))
    return sum(_tell(office) for office in offices.order_by("pk"))


@transaction.atomic
def _tell(office: Organisation) -> int:
    locked = OfficeNotice.objects.select_for_update(of=("self",), skip_locked=True).filter(office=office, mailed_at=None)
    ids = list(locked.values_list("pk", flat=True))
    notices = list(standing_notices().filter(pk__in=ids).order_by("on", "pk"))
    if not notices:
        return 0
    today = clock.today()
    letters = 0
    for user in _readers(office):
        with override(_language(user)):
            address = f"{settings.BASE_URL}{reverse('guidance:office-notices')}"
            subject, text = letter_about_meetings(user, office, notices, address)
        _write(f"{letters_to(office.pk)}{user.pk}:{today.isoformat()}:{notices[-1].pk}", user, subject, text, notices[0].organisation)
        letters += 1
    OfficeNotice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=clock.now())
    return letters


def _readers(office: Organisation) -> Iterable[User]:
    running = Membership.objects.filter(organisation=office, role__in=READERS, ended_at=None, user__is_active=True)
    return User.objects.filter(pk__in=running.values("user")).order_by("pk")


def _language(user: User) -> str:
    return user.language if user.language in LANGUAGES else "en"


def _write(key: str, user: User, subject: str, text: str, organisation: Organisation) -> Letter:
    return write_letter(key=key, to=user.email, language=_language(user), subject=subject, text=text, organisation=organisation)


def ask_to_confirm() -> int:
    """One letter to everybody whose entries of who is who are older than the region says, once for each time they were confirmed."""
    today = clock.today()
    old: dict[User, list[Duty]] = defaultdict(list)
    running = Duty.objects.filter(ended_at=None, user__is_active=True).select_related("user", "region", "office", "organisation")
    for duty in running.order_by("user", "pk"):
        division = division_in_force(duty.region, today)
        if division and duty.user and is_old(duty.confirmed_on, today, division.confirm_after_days):
            old[duty.user].append(duty)
    written = 0
    for user, duties in old.items():
        since = max(duty.confirmed_on for duty in duties)
        key = f"who-is-who:{user.pk}:{since.isoformat()}:{'-'.join(str(duty.pk) for duty in duties)}"[:120]
        if Letter.objects.filter(key=key).exists():
            continue
        with override(_language(user)):
            address = f"{settings.BASE_URL}{reverse('guidance:who-is-who')}"
            subject, text = letter_to_confirm(user, duties, address)
        _write(key, user, subject, text, duties[0].organisation)
        written += 1
    return written
