"""A company asks for a screening visit on the public page, and shows that it reads its mail."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import ANONYMOUS
from indgang.foundation.database import clock
from indgang.operations.guidance.actions.keys import free_reference
from indgang.operations.guidance.actions.screening_told import tell_tie, write_entry
from indgang.operations.guidance.errors import NotNow
from indgang.operations.guidance.models import Screening, ScreeningState
from indgang.operations.guidance.queries.screenings import office_of
from indgang.operations.guidance.screening_facts import VisitRequest, checked_request
from indgang.operations.guidance.screening_letters import link_sent_just_now, links_sent_today, send_link
from indgang.registers.parties.models import Company

OPEN_PER_EMAIL = 3
LETTERS_A_DAY = 3
OPEN = (ScreeningState.REQUESTED, ScreeningState.PLANNED)


def request_visit(*, asked: VisitRequest, consent: bool) -> Screening:
    """Write to whoever asks: the link in the letter confirms the request, and only then the business office sees it. The same company and
    address again are the request there is; a second click writes no second letter. Nobody is stopped by network address.

    Raises InvalidRequest, and NotNow where there are too many.
    """
    asked = checked_request(asked, consent=consent)
    with transaction.atomic():
        return _request(asked)


def _request(asked: VisitRequest) -> Screening:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"screening:{asked.email.lower()}"])
    own = list(Screening.objects.filter(contact_email__iexact=asked.email, by_company=True, state__in=OPEN))
    screening = next((one for one in own if one.company_name.casefold() == asked.company_name.casefold()), None)
    if screening is None:
        if len(own) >= OPEN_PER_EMAIL:
            raise NotNow(
                _("There are already %(count)s requests for this e-mail address. Call your business office.") % {"count": len(own)}
            )
        screening = _new(asked)
    if link_sent_just_now(screening):
        return screening
    if links_sent_today(screening) >= LETTERS_A_DAY:
        raise NotNow(_("We have sent you several e-mails today. Look under spam too, or call your business office."))
    screening.letters += 1
    screening.save(update_fields=["letters"])
    send_link(screening)
    return screening


def _new(asked: VisitRequest) -> Screening:
    municipality = asked.municipality
    office = office_of(municipality) if municipality else None
    if municipality is None or office is None:
        raise NotNow(_("Nobody takes requests for this municipality yet. Call your business office."))
    screening = Screening.objects.create(
        reference=free_reference(Screening),
        organisation=office,
        municipality=municipality,
        company=Company.objects.filter(cvr=asked.cvr).first() if asked.cvr else None,
        company_name=asked.company_name,
        cvr=asked.cvr,
        state=ScreeningState.REQUESTED,
        contact_name=asked.name,
        contact_email=asked.email,
        contact_phone=asked.phone,
        language=asked.language,
        wish=asked.wish,
        by_company=True,
    )
    write_entry(ANONYMOUS, "screening.requested", screening)
    return screening


@transaction.atomic
def confirm_request(*, screening: Screening, at: dt.datetime | None = None) -> Screening:
    """Whoever asked reads the mail of the address they gave: from now on the business office has the request. Once is enough."""
    screening = Screening.objects.select_for_update(of=("self",)).select_related("organisation__region", "company").get(pk=screening.pk)
    if screening.confirmed_at is None:
        screening.confirmed_at = at or clock.now()
        screening.save(update_fields=["confirmed_at"])
        tell_tie(screening)
        write_entry(ANONYMOUS, "screening.confirmed", screening)
    return screening
