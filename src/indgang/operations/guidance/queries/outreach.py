"""The year's outreach agreements: one office's, and how far all of them are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import WITH_COMPANIES, Organisation
from indgang.operations.guidance.models import MEETINGS, Meeting, Outreach
from indgang.operations.guidance.queries.division import InForce
from indgang.operations.guidance.rules.outreach import MeetingState, needs_somebody, state_of_meeting


@dataclass(frozen=True)
class MeetingLine:
    """One of the four meetings, as it stands. `due`: somebody has to see to it now."""

    number: int
    on: dt.date | None
    state: MeetingState
    due: bool


@dataclass(frozen=True)
class OfficeYear:
    """How far an office and the hub are with a year. `missing` are keys of what is; `open`: whether the actor may read what was agreed."""

    office: Organisation
    outreach: Outreach | None
    meetings: tuple[MeetingLine, ...]
    missing: tuple[str, ...]
    open: bool


def outreach_visible_to(actor: Actor) -> QuerySet[Outreach]:
    """What the actor's organisations have agreed, as office or as hub."""
    rows = Outreach.objects.select_related("office__region", "hub", "office_agreed_by", "hub_agreed_by")
    rows = rows.prefetch_related(Prefetch("meetings", Meeting.objects.order_by("number")))
    if actor.kind == "system":
        return rows
    own = actor.organisations_as(*WITH_COMPANIES)
    return rows.filter(Q(office__in=own) | Q(hub__in=own))


def year_of_offices(actor: Actor, division: InForce, year: int, today: dt.date) -> list[OfficeYear]:
    """Every office of the region by name, with the agreement or without. How far each is, everyone who works with companies may know."""
    rows = Outreach.objects.filter(office__in=division.offices.values(), year=year)
    found = {row.office_id: row for row in rows.prefetch_related(Prefetch("meetings", Meeting.objects.order_by("number")))}
    own = actor.organisations_as(*WITH_COMPANIES)
    hub = division.hub.pk if division.hub else 0
    return [_of_office(office, found.get(office.pk), year, today, bool({office.pk, hub} & own)) for office in division.offices.values()]


def _of_office(office: Organisation, outreach: Outreach | None, year: int, today: dt.date, may_open: bool) -> OfficeYear:
    lines = meeting_lines(outreach, year, today)
    return OfficeYear(office, outreach, lines, tuple(_missing(outreach, lines)), may_open)


def meeting_lines(outreach: Outreach | None, year: int, today: dt.date) -> tuple[MeetingLine, ...]:
    """The four meetings of a year; where there is no agreement, none of them has anything."""
    held = {meeting.number: meeting for meeting in outreach.meetings.all()} if outreach else {}
    lines = []
    for number in MEETINGS:
        meeting = held.get(number)
        state: MeetingState = state_of_meeting(meeting.on, bool(meeting.notes.strip()), today) if meeting else "none"
        lines.append(MeetingLine(number, meeting.on if meeting else None, state, needs_somebody(state, year, number, today)))
    return tuple(lines)


def _missing(outreach: Outreach | None, lines: Sequence[MeetingLine]) -> list[str]:
    if outreach is None:
        return ["agreement"]
    missing = [] if outreach.fields or outreach.industries.strip() else ["focus"]
    missing += ["office"] if outreach.office_agreed_at is None else []
    missing += ["hub"] if outreach.hub_agreed_at is None else []
    return missing + [f"{line.state}:{line.number}" for line in lines if line.state in ("no-date", "notes")]
