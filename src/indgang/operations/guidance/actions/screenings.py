"""Screening visits: planned, changed, held, cancelled, and each taken back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, NotAllowed, require
from indgang.foundation.database import clock
from indgang.operations.guidance import permissions
from indgang.operations.guidance.actions.keys import form_digest, free_reference
from indgang.operations.guidance.actions.screening_told import tell_tie, write_entry
from indgang.operations.guidance.errors import InvalidRequest, NotNow
from indgang.operations.guidance.models import Participant, ParticipantKind, Screening, ScreeningState
from indgang.operations.guidance.queries.screenings import environment_of, hub_of, playbook_on
from indgang.operations.guidance.screening_facts import VisitFacts, checked_visit
from indgang.operations.guidance.screening_letters import send_planned
from indgang.registers.parties.models import Company
from indgang.registers.parties.queries.moves import municipality_of


@transaction.atomic
def plan_visit(*, actor: Actor, company: Company, facts: VisitFacts, request_key: str = "") -> Screening:
    """Plan a visit of the organisation that the actor acts for. The same form again answers the visit there is.

    Raises NotAllowed and InvalidRequest.
    """
    require(permissions.plan_screenings, actor)
    organisation = actor.organisation
    if organisation is None:
        raise NotAllowed
    form_digest(actor, "screening", request_key, company.pk)  # whoever sends the same form meanwhile waits here
    facts = checked_visit(facts, company)
    same = Screening.objects.filter(
        organisation=organisation, company=company, date=facts.date, time=facts.time, state=ScreeningState.PLANNED
    ).first()
    if same:
        return same
    screening = Screening(
        reference=free_reference(Screening), organisation=organisation, company=company, created_by=actor.user, consultant=actor.user
    )
    return _plan(actor, screening, facts, "screening.planned")


@transaction.atomic
def plan_requested(*, actor: Actor, screening: Screening, company: Company, facts: VisitFacts) -> Screening:
    """Plan what a company asked for: say which company of the register it is, and when. Later it changes the plan.

    Raises NotAllowed, NotNow and InvalidRequest.
    """
    screening = locked(actor, screening)
    if screening.state not in (ScreeningState.REQUESTED, ScreeningState.PLANNED):
        raise NotNow(_("This visit has been held or cancelled meanwhile. Look at it again."))
    facts = checked_visit(facts, company)
    verb = "screening.planned" if screening.state == ScreeningState.REQUESTED else "screening.changed"
    screening.company = company
    screening.consultant = screening.consultant or actor.user
    return _plan(actor, screening, facts, verb)


def _plan(actor: Actor, screening: Screening, facts: VisitFacts, verb: str) -> Screening:
    before = {"date": screening.date, "time": screening.time} if screening.date else None
    told_before = (screening.date, screening.time, screening.place)
    screening.state = ScreeningState.PLANNED
    screening.date, screening.time, screening.place = facts.date, facts.time, facts.place.strip()
    screening.consultant = facts.consultant or screening.consultant
    screening.contact_name, screening.contact_email, screening.contact_phone = facts.contact_name, facts.contact_email, facts.contact_phone
    company = screening.company
    at = municipality_of(company, facts.date) if company else None
    screening.municipality_id = at or screening.organisation.municipality_id
    screening.establishment = facts.establishment
    screening.visited_in_id = facts.establishment.municipality_id if facts.establishment else None
    if screening.playbook is None or not screening.answers.exists():
        screening.playbook = playbook_on(screening.organisation.region, facts.date)
    screening.save()
    _bring(screening, facts)
    tell_tie(screening)
    write_entry(actor, verb, screening, before=before, after={"date": facts.date, "time": facts.time})
    if told_before != (screening.date, screening.time, screening.place):
        send_planned(screening)
    return screening


def _bring(screening: Screening, facts: VisitFacts) -> None:
    """Write who takes part: the office always, the environment department and the hub where they are wanted."""
    environment, hub = environment_of(screening.organisation), hub_of(screening.organisation.region)
    taking_part: dict[str, tuple[Any, str | None]] = {
        ParticipantKind.OFFICE: (screening.organisation, str(screening.consultant or "")),
        ParticipantKind.ENVIRONMENT: (environment, facts.environment),
        ParticipantKind.HUB: (hub, facts.hub),
    }
    for kind, (organisation, name) in taking_part.items():
        if name is None:
            screening.participants.filter(kind=kind).delete()
        else:
            Participant.objects.update_or_create(
                screening=screening, kind=kind, defaults={"organisation": organisation, "name": " ".join(name.split())[:150]}
            )


@transaction.atomic
def hold_visit(*, actor: Actor, screening: Screening) -> Screening:
    """The visit was held: from now on it counts, and its result can be shared. Doing it twice changes nothing."""
    screening = locked(actor, screening)
    if screening.state == ScreeningState.HELD:
        return screening
    if screening.state != ScreeningState.PLANNED or screening.date is None:
        raise NotNow(_("Only a planned visit can be held. Plan it first."))
    if screening.date > clock.today():
        raise NotNow(_("The visit is planned for a later day. Change the day if it was held already."))
    return _move(actor, screening, ScreeningState.HELD, "screening.held")


@transaction.atomic
def undo_hold(*, actor: Actor, screening: Screening) -> Screening:
    """It was not held yet. Not once its result has been shared or led to something."""
    screening = locked(actor, screening)
    if screening.state != ScreeningState.HELD:
        return screening
    if screening.leads.exclude(state="withdrawn").exists() or screening.shares.filter(withdrawn_at=None).exists():
        raise NotNow(_("The result has been shared or passed on. Take that back first."))
    return _move(actor, screening, ScreeningState.PLANNED, "screening.hold-undone")


@transaction.atomic
def cancel_visit(*, actor: Actor, screening: Screening) -> Screening:
    """There will be no visit. Doing it twice changes nothing."""
    screening = locked(actor, screening)
    if screening.state == ScreeningState.CANCELLED:
        return screening
    if screening.state == ScreeningState.HELD:
        raise NotNow(_("This visit has been held. Say first that it was not."))
    screening.before_cancelled = screening.state
    return _move(actor, screening, ScreeningState.CANCELLED, "screening.cancelled")


@transaction.atomic
def undo_cancel(*, actor: Actor, screening: Screening) -> Screening:
    """The visit takes place after all, as it stood before."""
    screening = locked(actor, screening)
    if screening.state != ScreeningState.CANCELLED:
        return screening
    return _move(actor, screening, screening.before_cancelled or ScreeningState.REQUESTED, "screening.cancel-undone")


@transaction.atomic
def write_summary(*, actor: Actor, screening: Screening, text: str, seen: str | None = None) -> Screening:
    """What the company is told in the result, in the consultant's words. `seen`: what stood there when the form was opened."""
    screening = locked(actor, screening)
    text = text.strip().replace("\r\n", "\n")
    if screening.summary == text:
        return screening
    if seen is not None and screening.summary != seen.strip().replace("\r\n", "\n"):
        raise NotNow(_("A colleague has changed the summary meanwhile. Look at what it says now, and change it again."))
    if len(text) > 10_000:
        raise InvalidRequest({"summary": _("Write at most %(length)s letters.") % {"length": 10_000}})
    screening.summary = text
    screening.save(update_fields=["summary"])
    write_entry(actor, "screening.summarised", screening)
    return screening


def locked(actor: Actor, screening: Screening) -> Screening:
    """The visit as it is now, locked until the end of the transaction. Raises NotAllowed for whoever may not keep it."""
    found = Screening.objects.select_for_update(of=("self",)).select_related("organisation__region", "company", "consultant", "playbook")
    screening = found.get(pk=screening.pk)
    require(permissions.keep_screening(screening), actor)
    return screening


def _move(actor: Actor, screening: Screening, state: str, verb: str) -> Screening:
    before, screening.state = screening.state, state
    screening.save(update_fields=["state", "before_cancelled"])
    tell_tie(screening)
    write_entry(actor, verb, screening, before={"state": before}, after={"state": state})
    return screening
