"""What happens with a result: shared with those the company agreed to, and what it leads to."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, NotAllowed
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation
from indgang.operations.guidance.actions.screening_told import write_entry
from indgang.operations.guidance.actions.screenings import locked
from indgang.operations.guidance.errors import InvalidRequest, NotNow
from indgang.operations.guidance.models import Lead, LeadState, ResultShare, Screening, ScreeningState
from indgang.registers.parties.actions.consents import give_consent
from indgang.registers.parties.models import Consent, ConsentKind, Field

TEXT_LENGTH = 4_000


def consent_of(screening: Screening) -> Consent | None:
    """That the company agreed, towards the organisation that holds the visit, that what was found may be passed on."""
    standing = Consent.objects.filter(
        company=screening.company, organisation=screening.organisation, kind=ConsentKind.SHARING, withdrawn_at=None
    )
    return standing.order_by("pk").first() if screening.company_id else None


@transaction.atomic
def share_result(*, actor: Actor, screening: Screening, organisations: Sequence[Organisation], how: str) -> Sequence[ResultShare]:
    """The company agreed (`how`: who said so, and where) that these organisations see the result of this visit, and no others: the list is
    as it agreed to now. Doing it twice changes nothing. Raises NotAllowed, NotNow and InvalidRequest."""
    screening = locked(actor, screening)
    if screening.state != ScreeningState.HELD or screening.company is None:
        raise NotNow(_("There is a result to share when the visit has been held."))
    consent = consent_of(screening)
    wanted = {one.pk: one for one in organisations if one.pk != screening.organisation_id}
    if wanted and consent is None:
        if not how.strip():
            raise InvalidRequest({"how": _("Write who at the company agreed, and where: a consent must be shown.")})
        _acts_for(actor, screening)
        consent = give_consent(actor=actor, company=screening.company, kind=ConsentKind.SHARING, how=how)
    standing = {one.organisation_id: one for one in screening.shares.filter(withdrawn_at=None).select_related("organisation", "consent")}
    for gone in [one for key, one in standing.items() if key not in wanted or one.consent.withdrawn_at]:
        _withdraw(actor, screening, standing.pop(gone.organisation_id))
    for key, organisation in wanted.items():
        if key not in standing and consent is not None:
            share = ResultShare.objects.create(screening=screening, organisation=organisation, consent=consent)
            write_entry(actor, "result.shared", screening, share, after={"organisation": organisation.key})
    return list(screening.shares.filter(withdrawn_at=None).select_related("organisation"))


def _withdraw(actor: Actor, screening: Screening, share: ResultShare) -> None:
    share.withdrawn_at = clock.now()
    share.save(update_fields=["withdrawn_at"])
    write_entry(actor, "result.share-withdrawn", screening, share, after={"organisation": share.organisation.key})


def _acts_for(actor: Actor, screening: Screening) -> None:
    """A consent is given to the organisation that holds the visit; a colleague of another that takes part cannot note it for them."""
    if actor.organisation is None or actor.organisation.pk != screening.organisation_id:
        raise NotNow(_("Only %(office)s can note the company's consent.") % {"office": screening.organisation})


@transaction.atomic
def record_lead(
    *,
    actor: Actor,
    screening: Screening,
    field: str,
    text: str,
    topic: str = "",
    to_organisation: Organisation | None = None,
    to_adviser: str = "",
    how: str = "",
) -> Lead:
    """Pass on what the company can be helped with, to an organisation or a named adviser, with its consent: the only way a lead comes to
    be. The same again is the lead there is. Raises NotAllowed, NotNow and InvalidRequest."""
    screening = locked(actor, screening)
    if screening.state != ScreeningState.HELD or screening.company is None:
        raise NotNow(_("There is something to pass on when the visit has been held."))
    text, to_adviser = text.strip(), " ".join(to_adviser.split())
    _check_lead(field, text, to_organisation, to_adviser)
    consent = consent_of(screening)
    if consent is None:
        if not how.strip():
            raise InvalidRequest({"how": _("Write who at the company agreed, and where: without its consent nothing is passed on.")})
        _acts_for(actor, screening)
        consent = give_consent(actor=actor, company=screening.company, kind=ConsentKind.SHARING, how=how)
    said = {"field": field, "topic": topic, "text": text, "to_organisation": to_organisation, "to_adviser": to_adviser}
    same = Lead.objects.filter(screening=screening, state=LeadState.RECORDED, **said).first()
    if same:
        return same
    lead = Lead.objects.create(screening=screening, consent=consent, author=actor.user, **said)
    to = to_organisation.key if to_organisation else "adviser"
    write_entry(actor, "lead.recorded", screening, lead, after={"field": field, "topic": topic, "to": to})
    return lead


def _check_lead(field: str, text: str, to_organisation: Organisation | None, to_adviser: str) -> None:
    faults: dict[str, str] = {}
    if field not in Field.values:
        faults["field"] = _("Choose among the fields of guidance.")
    if not text:
        faults["text"] = _("Write what the company can be helped with.")
    elif len(text) > TEXT_LENGTH:
        faults["text"] = _("Write at most %(length)s letters.") % {"length": TEXT_LENGTH}
    if bool(to_organisation) == bool(to_adviser):
        faults["to_organisation"] = _("Choose an organisation, or write the name of an adviser.")
    if faults:
        raise InvalidRequest(faults)


@transaction.atomic
def withdraw_lead(*, actor: Actor, lead: Lead) -> Lead:
    """It is not passed on after all. Doing it twice changes nothing."""
    return _set_state(actor, lead, LeadState.WITHDRAWN, "lead.withdrawn")


@transaction.atomic
def undo_withdraw_lead(*, actor: Actor, lead: Lead) -> Lead:
    """It is passed on after all, as long as the company's consent stands."""
    if lead.consent is None or Consent.objects.filter(pk=lead.consent.pk).exclude(withdrawn_at=None).exists():
        raise NotNow(_("The company has taken its consent back."))
    return _set_state(actor, lead, LeadState.RECORDED, "lead.withdrawal-undone")


def _set_state(actor: Actor, lead: Lead, state: str, verb: str) -> Lead:
    screening = locked(actor, lead.screening)
    lead = Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    if lead.screening_id != screening.pk:
        raise NotAllowed
    if lead.state != state:
        lead.state = state
        lead.save(update_fields=["state"])
        write_entry(actor, verb, screening, lead)
    return lead
