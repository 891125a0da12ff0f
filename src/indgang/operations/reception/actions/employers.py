"""An employer's group, before anything is booked: who asks, who is in it, and which times are proposed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import ANONYMOUS, Actor
from indgang.foundation.database import clock
from indgang.foundation.journal import actions as journal
from indgang.foundation.places.models import House
from indgang.operations.reception import employer_letters
from indgang.operations.reception.actions.entries import host_of
from indgang.operations.reception.actions.places import lock
from indgang.operations.reception.contacts import Contact, checked_contact
from indgang.operations.reception.employers import EMPLOYEES_AT_MOST, Wanted, Wishes, checked_company, checked_wishes
from indgang.operations.reception.errors import InvalidRequest, NotNow, TooManyBookings
from indgang.operations.reception.models import Employee, EmployerBooking
from indgang.operations.reception.offers import read_offer
from indgang.operations.reception.queries.arrivals import move_request
from indgang.operations.reception.queries.employers import EmployeeRow, employees_of, request_for_employee, rows_of
from indgang.operations.reception.queries.group_plans import NO_TIME, GroupWish, Proposal, plan_group
from indgang.operations.reception.queries.plans import PlanRequest
from indgang.operations.reception.rules.groups import Identity, known_as

GROUPS_PER_EMAIL = 3
LETTERS_A_DAY = 3


def start_employer_booking(*, house: House, company: str, cvr: str = "", contact: Contact, consent: bool) -> EmployerBooking:
    """Write to the contact, whose link opens the group. The same company and address again are sent the link to the group there is, but not
    for a second click or a script that tries again.

    Nothing of any employee is asked before the contact has shown that they read the mail of the address. Raises InvalidRequest and
    TooManyBookings.
    """
    fields: dict[str, str] = {}
    company, cvr = checked_company(company, cvr, fields)
    try:
        contact = checked_contact(contact, email_needed=True)
    except InvalidRequest as refusal:
        fields |= refusal.fields
    if not consent:
        fields["consent"] = _("Tick that we may keep your details for this booking. We cannot book without.")
    if fields:
        raise InvalidRequest(fields)
    with transaction.atomic():
        return _start(house, company, cvr, contact)


def _start(house: House, company: str, cvr: str, contact: Contact) -> EmployerBooking:
    lock(f"employer:{contact.email.lower()}")
    own = EmployerBooking.objects.filter(email__iexact=contact.email, forgotten_at=None)
    booking = next((one for one in own.filter(house=house) if one.company.casefold() == company.casefold()), None)
    if booking is None:
        if own.count() >= GROUPS_PER_EMAIL:
            raise TooManyBookings(
                _("There are already %(count)s groups for this e-mail address. Write to us, and we will help you.")
                % {"count": GROUPS_PER_EMAIL}
            )
        booking = EmployerBooking.objects.create(
            house=house, company=company, cvr=cvr, name=contact.name, email=contact.email, phone=contact.phone, language=contact.language
        )
        write_group_entry("employer.asked", booking)
    if employer_letters.link_sent_just_now(booking=booking):
        return booking
    if employer_letters.links_sent_today(booking=booking) >= LETTERS_A_DAY:
        raise TooManyBookings(_("We have sent you several e-mails today. Look under spam too, or write to us."))
    booking.letters += 1
    booking.save(update_fields=["letters"])
    employer_letters.send_link(booking=booking)
    return booking


def write_group_entry(
    verb: str, booking: EmployerBooking, *, actor: Actor = ANONYMOUS, at: dt.datetime | None = None, after: Mapping[str, Any] | None = None
) -> None:
    """Note what was done with a group. Facts only: names stand with the journeys."""
    journal.record(actor=actor, verb=verb, subject=booking, at=at, organisation=host_of(booking.house), house=booking.house, after=after)


def locked_group(booking: EmployerBooking) -> EmployerBooking:
    """The group as it is now, locked until the end of the transaction: whoever changes it or its people locks it first."""
    booking = EmployerBooking.objects.select_for_update(of=("self",)).select_related("house__region").get(pk=booking.pk)
    if booking.forgotten_at:
        raise NotNow(_("This group is over and its people have been forgotten. Begin a new one."))
    return booking


@transaction.atomic
def confirm_group(*, booking: EmployerBooking) -> EmployerBooking:
    """The contact reads the mail of the address they gave. Once is enough."""
    booking = locked_group(booking)
    if booking.confirmed_at is None:
        booking.confirmed_at = clock.now()
        booking.save(update_fields=["confirmed_at"])
        write_group_entry("employer.confirmed", booking)
    return booking


@dataclass
class Added:
    """What became of the people who were handed in: new ones, changed ones, and those who have a visit already and stay as they are."""

    new: list[Employee] = field(default_factory=list)
    changed: list[Employee] = field(default_factory=list)
    unchanged: list[Employee] = field(default_factory=list)
    booked: list[Employee] = field(default_factory=list)


@transaction.atomic
def add_people(*, booking: EmployerBooking, people: Sequence[Wanted]) -> Added:
    """Put people into the group. Somebody who is in it already is recognised; a visit that is booked stays as it is.

    `people` have been checked (`checked_people`). Raises NotNow when the group would be too large.
    """
    booking = locked_group(booking)
    standing = list(booking.employees.select_related("journey", "waiting").order_by("position"))
    known = [Identity(one.reference, one.name, one.email) for one in standing]
    last = booking.employees.aggregate(last=Max("position"))["last"] or 0
    added = Added()
    for wanted in people:
        place = known_as(Identity(wanted.reference, wanted.name, wanted.email), known)
        if place is not None:
            _renew(standing[place], wanted, added)
            continue
        last += 1
        added.new.append(Employee(booking=booking, position=last, **wanted.as_fields()))
    if len(standing) + len(added.new) > EMPLOYEES_AT_MOST:
        raise NotNow(
            _("A group has at most %(most)s employees. Book for the others in a further group, or write to us.")
            % {"most": EMPLOYEES_AT_MOST}
        )
    Employee.objects.bulk_create(added.new)
    if added.new or added.changed:
        write_group_entry("employer.people-added", booking, after={"new": len(added.new), "changed": len(added.changed)})
    return added


def _renew(employee: Employee, wanted: Wanted, added: Added) -> None:
    fields = wanted.as_fields()
    if all(getattr(employee, name) == value for name, value in fields.items()):
        (added.booked if employee.journey_id or employee.waiting_id else added.unchanged).append(employee)
    elif employee.journey_id or employee.waiting_id:
        added.booked.append(employee)
    else:
        renew_employee(employee, fields)
        added.changed.append(employee)


def renew_employee(employee: Employee, fields: Mapping[str, Any]) -> None:
    """Write what is new about somebody who has no visit yet; what was proposed is for the person as they were."""
    for name, value in fields.items():
        setattr(employee, name, value)
    employee.offer, employee.starts, employee.problem = "", None, ""
    employee.save()


@transaction.atomic
def change_employee(*, booking: EmployerBooking, number: int, wanted: Wanted) -> Employee:
    """Correct what was said of one person. Raises NotNow once there is a visit, which is the person's own."""
    booking = locked_group(booking)
    employee = _without_visit(booking, number)
    renew_employee(employee, wanted.as_fields())
    return employee


@transaction.atomic
def remove_employee(*, booking: EmployerBooking, number: int) -> None:
    """Take somebody without a visit out of the group, and forget what was said of them."""
    booking = locked_group(booking)
    _without_visit(booking, number).delete()
    write_group_entry("employer.person-removed", booking)


def _without_visit(booking: EmployerBooking, number: int) -> Employee:
    employee = booking.employees.filter(pk=number).first()
    if employee is None:
        raise NotNow(_("This person is not in the group any more."))
    if employee.journey_id or employee.waiting_id:
        raise NotNow(_("%(name)s has a visit or waits for one. Cancel it first.") % {"name": employee.name})
    return employee


@transaction.atomic
def propose_times(*, booking: EmployerBooking, wishes: Wishes, move: Sequence[int] | None = None) -> list[Employee]:
    """Keep the wishes, and find a time for everybody who has none; with `move` other times for those of these numbers who have one.

    Nothing is taken. Answers those it looked for. Raises InvalidRequest, and NotNow when there is nobody to look for.
    """
    booking = locked_group(booking)
    checked_wishes(booking.house, wishes)
    for name, value in wishes.as_fields().items():
        setattr(booking, name, value)
    booking.save(update_fields=list(wishes.as_fields()))
    rows = rows_of(booking)
    if wishes.needed is not None:
        for row in rows:
            row.employee.needed = row.employee.pk in wishes.needed
        Employee.objects.bulk_update([row.employee for row in rows], ["needed"])
    chosen = [row for row in rows if _is_wanted(row, move)]
    if not chosen:
        raise NotNow(_("Everybody in the group has a time.") if move is None else _("None of these visits can be moved by you."))
    propose_for(booking, rows, chosen)
    write_group_entry("employer.planned", booking, after={"people": len(chosen)})
    return [row.employee for row in chosen]


def _is_wanted(row: EmployeeRow, move: Sequence[int] | None) -> bool:
    if move is None:
        return row.state in ("proposed", "no-time", "new")
    return row.changeable and row.employee.pk in move


def propose_for(booking: EmployerBooking, rows: Sequence[EmployeeRow], chosen: Sequence[EmployeeRow]) -> None:
    """Write new proposals for the chosen, clear of what is proposed to the others of the group."""
    chosen_ids = {row.employee.pk for row in chosen}
    others = [row for row in rows if row.employee.pk not in chosen_ids]
    asked = [(row.employee, _request(row, booking)) for row in chosen]
    to_plan = [(employee, request) for employee, request in asked if request is not None]
    proposals = plan_group(
        booking.house,
        [request for _employee, request in to_plan],
        wish_of_group(booking),
        promised=[
            (stop.desk, stop.starts, stop.ends, stop.resources)
            for row in others
            if row.employee.offer
            for stop in read_offer(row.employee.offer, age_minutes=None).stops
        ],
        starts=_starts_of(others),
        present={row.employee.journey_id: row.times[0][0] for row in chosen if row.employee.journey_id and row.times},
    )
    found = {employee.pk: proposal for (employee, _request), proposal in zip(to_plan, proposals, strict=True)}
    for row in chosen:
        _note_proposal(row.employee, found.get(row.employee.pk, Proposal(None, NO_TIME)))
    Employee.objects.bulk_update([row.employee for row in chosen], ["offer", "starts", "problem", "replaced"])


def _starts_of(rows: Sequence[EmployeeRow]) -> list[dt.datetime]:
    proposed = [row.employee.starts for row in rows if row.employee.offer and row.employee.starts]
    return [*proposed, *(starts for row in rows if row.state == "booked" for starts, _ends in row.times)]


def _note_proposal(employee: Employee, proposal: Proposal) -> None:
    employee.offer = proposal.way.offer if proposal.way else ""
    employee.starts = proposal.way.starts if proposal.way else None
    employee.problem, employee.replaced = proposal.problem, False


def _request(row: EmployeeRow, booking: EmployerBooking) -> PlanRequest | None:
    """What to look for: the whole visit, or for one that is booked the steps that have not begun."""
    assert booking.first_day and booking.last_day, "times are looked for when there are wishes"
    first = max(booking.first_day, clock.today(booking.house.zone))
    if row.employee.journey is None:
        return request_for_employee(row.employee, booking.house, first, booking.last_day)
    journey = row.employee.journey
    journey.house = booking.house
    request = move_request(journey)
    arrival = row.employee.arrival or first
    return replace(request, earliest=max(first, arrival), latest=booking.last_day) if request else None


def wish_of_group(booking: EmployerBooking) -> GroupWish:
    """The contact's wishes, as the planner takes them."""
    assert booking.first_day and booking.last_day, "times are looked for when there are wishes"
    between: tuple[int, ...] = ()
    if booking.earliest_time or booking.latest_time:
        first, last = booking.earliest_time or dt.time(), booking.latest_time or dt.time(23, 55)
        between = (first.hour * 60 + first.minute, last.hour * 60 + last.minute)
    first_day = max(booking.first_day, clock.today(booking.house.zone))
    return GroupWish(first_day, booking.last_day, between, booking.same_day, booking.minutes_apart)


@transaction.atomic
def drop_moves(*, booking: EmployerBooking) -> None:
    """Leave what is booked where it is: other times that were looked for are forgotten."""
    booking = locked_group(booking)
    booking.employees.exclude(journey=None).update(offer="", starts=None, problem="", replaced=False)


def group_now(booking: EmployerBooking) -> list[EmployeeRow]:
    """The group as it stands, for whoever has it locked."""
    return rows_of(booking, employees_of(booking))
