"""Keeping the year's outreach agreement of a business office with the hub: begun, written, agreed, carried on; and its four meetings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, NotAllowed, require
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation
from indgang.foundation.journal import actions as journal
from indgang.foundation.journal.models import Circle
from indgang.operations.guidance.actions.meeting_reminders import forget_reminders_of
from indgang.operations.guidance.approach_errors import ApproachError
from indgang.operations.guidance.approach_permissions import keep_outreach
from indgang.operations.guidance.errors import NotNow
from indgang.operations.guidance.models import MEETINGS, Meeting, Outreach
from indgang.operations.guidance.queries.division import division_in_force
from indgang.registers.parties.models import Company

CARRIED_ON = ("fields", "industries", "collective", "proactive")
YEARS_AHEAD = 1
YEARS_BACK = 3


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """What an agreement says."""

    fields: Sequence[str] = ()
    industries: str = ""
    companies: Sequence[Company] = ()
    collective: str = ""
    proactive: str = ""
    calendar: str = ""


@transaction.atomic
def begin_outreach(*, actor: Actor, office: Organisation, year: int) -> Outreach:
    """The year's agreement, empty, with its four meetings; the one there is, where somebody has begun it. Raises ApproachError for a year
    far off, and NotAllowed where the organisation is no office."""
    today = clock.today()
    division = division_in_force(office.region, today)
    if division is None or division.hub is None or office not in division.offices.values():
        raise NotAllowed
    require(keep_outreach(office.pk, division.hub.pk), actor)
    if not today.year - YEARS_BACK <= year <= today.year + YEARS_AHEAD:
        raise ApproachError(_("An agreement is begun for this year, for the next, or for one of the last three."))
    row, new = Outreach.objects.get_or_create(office=office, year=year, defaults={"hub": division.hub})
    if new:
        Meeting.objects.bulk_create(Meeting(outreach=row, number=number) for number in MEETINGS)
        _tell(actor, "outreach.begun", row)
    return row


@transaction.atomic
def carry_on(*, actor: Actor, outreach: Outreach) -> Outreach:
    """Begin the next year with what this one says, but for the calendar and the meetings. One that has begun already stays as it is."""
    before = Outreach.objects.filter(office=outreach.office_id, year=outreach.year + 1).exists()
    row = begin_outreach(actor=actor, office=outreach.office, year=outreach.year + 1)
    if not before and row.version == 1:
        for name in CARRIED_ON:
            setattr(row, name, getattr(outreach, name))
        row.save(update_fields=CARRIED_ON)
        row.companies.set(outreach.companies.all())
    return row


@transaction.atomic
def write_outreach(*, actor: Actor, outreach: Outreach, said: Agreed, seen: int) -> Outreach:
    """Write what is agreed. It is a draft again then, until both have agreed to it. Raises NotNow where somebody has changed it since
    `seen`."""
    row = _locked(actor, outreach)
    companies = {company.pk for company in said.companies}
    plain = {
        "fields": list(said.fields),
        "industries": said.industries.strip(),
        "collective": said.collective.strip(),
        "proactive": said.proactive.strip(),
        "calendar": said.calendar.strip(),
    }
    changed = [name for name, value in plain.items() if getattr(row, name) != value]
    if set(row.companies.values_list("pk", flat=True)) != companies:
        changed.append("companies")
    if not changed:
        return row
    _refuse_unseen(row.version, seen)
    for name, value in plain.items():
        setattr(row, name, value)
    row.companies.set(companies)
    row.office_agreed_at = row.office_agreed_by = row.hub_agreed_at = row.hub_agreed_by = None
    row.version += 1
    row.save()
    _tell(actor, "outreach.written", row, changed=changed)
    return row


@transaction.atomic
def agree(*, actor: Actor, outreach: Outreach, seen: int) -> Outreach:
    """Agree to what it says, for the office or for the hub. Twice changes nothing. Raises NotNow where it has been changed since `seen`."""
    row = _locked(actor, outreach)
    _refuse_unseen(row.version, seen)
    for side in sides_of(actor, row):
        if getattr(row, f"{side}_agreed_at") is None:
            setattr(row, f"{side}_agreed_at", clock.now())
            setattr(row, f"{side}_agreed_by", actor.user)
            row.save(update_fields=[f"{side}_agreed_at", f"{side}_agreed_by"])
            _tell(actor, "outreach.agreed", row, side=side)
    return row


@transaction.atomic
def take_back_agreeing(*, actor: Actor, outreach: Outreach) -> Outreach:
    """Not agreed after all. Twice changes nothing."""
    row = _locked(actor, outreach)
    for side in sides_of(actor, row):
        if getattr(row, f"{side}_agreed_at") is not None:
            setattr(row, f"{side}_agreed_at", None)
            setattr(row, f"{side}_agreed_by", None)
            row.save(update_fields=[f"{side}_agreed_at", f"{side}_agreed_by"])
            _tell(actor, "outreach.agreeing-taken-back", row, side=side)
    return row


def sides_of(actor: Actor, outreach: Outreach) -> list[str]:
    """For whom the actor agrees: `office` or `hub`."""
    own = actor.organisation.pk if actor.organisation else None
    return [side for side, number in (("office", outreach.office_id), ("hub", outreach.hub_id)) if number == own]


@transaction.atomic
def write_meeting(
    *, actor: Actor, outreach: Outreach, number: int, on: dt.date | None, participants: str = "", notes: str = "", seen: int
) -> Meeting:
    """When one of the four meetings is, who takes part, what was agreed. Raises ApproachError for a day of another year, NotNow where
    somebody has changed it since `seen`."""
    row = _locked(actor, outreach)
    meeting = Meeting.objects.select_for_update().get(outreach=row, number=number)
    said = {"on": on, "participants": participants.strip(), "notes": notes.strip()}
    changed = [name for name, value in said.items() if getattr(meeting, name) != value]
    if not changed:
        return meeting
    _refuse_unseen(meeting.version, seen)
    if on and not dt.date(row.year - 1, 11, 1) <= on <= dt.date(row.year + 1, 2, 28):
        raise ApproachError(_("That day lies outside the year of the agreement."))
    if "on" in changed:
        forget_reminders_of(meeting)
    for name, value in said.items():
        setattr(meeting, name, value)
    meeting.version += 1
    meeting.save()
    _tell(actor, "outreach.meeting-written", row, number=number, changed=changed)
    return meeting


def _locked(actor: Actor, outreach: Outreach) -> Outreach:
    row = Outreach.objects.select_for_update(of=("self",)).select_related("office", "hub").get(pk=outreach.pk)
    require(keep_outreach(row.office_id, row.hub_id), actor)
    return row


def _refuse_unseen(version: int, seen: int) -> None:
    if version != seen:
        raise NotNow(_("A colleague has changed this meanwhile. Look at what it says now, and write yours again."))


def _tell(actor: Actor, verb: str, row: Outreach, **facts: object) -> None:
    """What was done; the words stand in the agreement alone."""
    after = {"year": row.year, **facts}
    journal.record(actor=actor, verb=verb, subject=row, about=[row.office, row.hub], circle=Circle.COMPANIES, after=after)
