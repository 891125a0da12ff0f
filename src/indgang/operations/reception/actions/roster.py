"""Setting who sits where, and noting who is away. Neither changes the hours: closing a desk that has nobody is a change of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, NotAllowed, require
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation, User
from indgang.foundation.journal import actions as journal
from indgang.foundation.places.models import House
from indgang.operations.reception import permissions
from indgang.operations.reception.actions.places import change_opening
from indgang.operations.reception.errors import InvalidRequest, NotNow
from indgang.operations.reception.models import Absence, Desk, Sitting
from indgang.operations.reception.queries.desk import with_officer
from indgang.operations.reception.queries.roster import absences_in, officers_for, sittings_in, turn_of
from indgang.operations.reception.roster_week import away_in_words


@dataclass(frozen=True)
class Wanted:
    """A turn as somebody wishes it. Without times it lasts while the desk is open."""

    officer: User
    weekdays: Sequence[int]
    begins: dt.time | None
    ends: dt.time | None
    valid_from: dt.date
    valid_until: dt.date | None


def _facts(row: Sitting) -> dict[str, Any]:
    days = {"first": row.valid_from.isoformat(), "last": row.valid_until.isoformat() if row.valid_until else None}
    times = {name: value.isoformat("minutes") if value else None for name, value in (("begins", row.begins), ("ends", row.ends))}
    return {"officer": row.officer_id, "weekdays": list(row.weekdays), **times, **days}


def _record(actor: Actor, verb: str, row: Sitting, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
    desk = row.desk
    journal.record(actor=actor, verb=verb, subject=desk, organisation=desk.organisation, house=desk.house, before=before, after=after)


@transaction.atomic
def set_sitting(*, actor: Actor, desk: Desk, wanted: Wanted, row: Sitting | None = None) -> Sitting:
    """Set a colleague to a desk, or change a turn (`row`). Raises InvalidRequest where the colleague would sit at two desks at once."""
    require(permissions.keep_desks_of(desk.house, desk.organisation_id), actor)
    change_opening(desk.house.key)
    if not officers_for(desk.organisation_id).filter(pk=wanted.officer.pk).exists():
        raise NotAllowed
    before = _facts(row) if row else None
    row = row or Sitting(desk=desk)
    for name in ("officer", "begins", "ends", "valid_from", "valid_until"):
        setattr(row, name, getattr(wanted, name))
    row.weekdays, row.changed_at = sorted(set(wanted.weekdays)), clock.now()
    _refuse_two_desks(row, desk.house)
    row.save()
    _record(actor, "roster.changed" if before else "roster.added", row, before, _facts(row))
    return row


def _refuse_two_desks(row: Sitting, house: House) -> None:
    mine = turn_of(row)
    for other in sittings_in(house, row.valid_from, row.valid_until).filter(officer=row.officer).exclude(pk=row.pk):
        if turn_of(other).meets(mine):
            facts = {"name": str(row.officer), "desk": other.desk.title}
            raise InvalidRequest({"officer": _("%(name)s sits at %(desk)s then. End that first, or choose other times.") % facts})


@transaction.atomic
def end_sitting(*, actor: Actor, row: Sitting) -> None:
    """From today on it does not count."""
    require(permissions.keep_desks_of(row.desk.house, row.desk.organisation_id), actor)
    if row.ended_at:
        raise NotNow(_("A colleague has ended this already."))
    row.ended_at = row.changed_at = clock.now()
    row.save(update_fields=["ended_at", "changed_at"])
    _record(actor, "roster.ended", row, _facts(row), None)


@transaction.atomic
def resume_sitting(*, actor: Actor, row: Sitting) -> None:
    """Undo that it was ended."""
    require(permissions.keep_desks_of(row.desk.house, row.desk.organisation_id), actor)
    change_opening(row.desk.house.key)
    row.ended_at, row.changed_at = None, clock.now()
    _refuse_two_desks(row, row.desk.house)
    row.save(update_fields=["ended_at", "changed_at"])
    _record(actor, "roster.resumed", row, None, _facts(row))


@dataclass(frozen=True)
class Away:
    """The days, and with times the part of each, on which a colleague is away."""

    first_day: dt.date
    last_day: dt.date
    from_time: dt.time | None = None
    until_time: dt.time | None = None

    def lies_in(self, row: Absence) -> bool:
        """Whether an absence says it all."""
        days = row.first_day <= self.first_day and self.last_day <= row.last_day
        begins = (row.from_time or dt.time.min) <= (self.from_time or dt.time.min)
        return days and begins and (row.until_time or dt.time.max) >= (self.until_time or dt.time.max)


def rest_of_today(house: House) -> Away:
    """From this minute on."""
    now = clock.now().astimezone(house.zone)
    return Away(now.date(), now.date(), now.time().replace(second=0, microsecond=0))


def desk_left(house: House, officer: User, away: Away) -> Desk | None:
    """The desk at which somebody would be left alone, because the colleague has called them there and goes now."""
    now = clock.now().astimezone(house.zone)
    times = (away.from_time or dt.time.min) <= now.time() <= (away.until_time or dt.time.max)
    present = with_officer(house, officer) if times and away.first_day <= now.date() <= away.last_day else None
    return present.desk if present else None


@transaction.atomic
def note_absence(*, actor: Actor, house: House, organisation: Organisation, officer: User, away: Away) -> Absence:
    """Note that a colleague is away. No reason is asked and none is kept; the hours stay as they are."""
    today = clock.today(house.zone)
    only_today = away.first_day == away.last_day == today
    require(permissions.note_absence(house, organisation.pk, officer.pk, only_today=only_today), actor)
    if not officers_for(organisation.pk).filter(pk=officer.pk).exists():
        raise NotAllowed
    desk = desk_left(house, officer, away)
    if desk and actor.user == officer:  # of a colleague who has gone it may be said all the same
        problem = _("Somebody is still with you at %(desk)s. Finish, put them back in line or send them on. Then say that you are away.")
        raise NotNow(problem % {"desk": desk.title})
    _refuse_twice(actor, officer, away)
    row = Absence.objects.create(officer=officer, organisation=organisation, **vars(away))
    _tell(actor, "absence.noted", row, house)
    return row


def _refuse_twice(actor: Actor, officer: User, away: Away) -> None:
    """What is noted already is not noted again, also when two press at once."""
    User.objects.select_for_update(no_key=True).get(pk=officer.pk)
    for row in absences_in([officer.pk], away.first_day, away.last_day):
        if away.lies_in(row):
            facts = {"name": str(officer), "when": away_in_words(row)}
            mine = _("It is noted already that you are away: %(when)s. Nothing new was stored.")
            raise NotNow(
                (mine if actor.user == officer else _("It is noted already that %(name)s is away: %(when)s. Nothing new was stored."))
                % facts
            )


@transaction.atomic
def lift_absence(*, actor: Actor, house: House, row: Absence) -> None:
    """The colleague is there after all."""
    today = clock.today(house.zone)
    only_today = row.first_day == row.last_day == today
    require(permissions.note_absence(house, row.organisation_id, row.officer_id, only_today=only_today), actor)
    if row.lifted_at:
        raise NotNow(_("A colleague has taken this back already."))
    row.lifted_at = clock.now()
    row.save(update_fields=["lifted_at"])
    _tell(actor, "absence.lifted", row, house)


def _tell(actor: Actor, verb: str, row: Absence, house: House) -> None:
    days = {"officer": row.officer_id, "first": row.first_day.isoformat(), "last": row.last_day.isoformat()}
    journal.record(actor=actor, verb=verb, subject=row, organisation=row.organisation, house=house, after=days)
