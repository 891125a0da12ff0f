"""Moving back: undoing the last move of a visit, and those whom a closure had moved when it is taken back."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.journal.actions import record_read
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House
from indgang.foundation.ui.tell import tell, warn
from indgang.foundation.ui.words import number_in_words
from indgang.operations.reception import permissions
from indgang.operations.reception.actions import moved_back
from indgang.operations.reception.actions.moved_back import Back
from indgang.operations.reception.models import Desk, Journey
from indgang.operations.reception.opening_changes import VERBS
from indgang.operations.reception.queries.moves import Move, OldTime, desks_of, last_move, moved_because
from indgang.operations.reception.views.opening import house_of
from indgang.operations.reception.views.staff_answers import address, back, journey_named, staff_post
from indgang.operations.reception.views.staff_floor import party_in_words
from indgang.operations.reception.views.staff_rows import party_name


def way_back(request: StaffRequest, journey: Journey, page: str = "journey", **where: str) -> str:
    """The address that undoes the journey's last move; "" where it was a booking of something new, or the old times cannot be had again."""
    move = last_move(journey)
    if move is None or moved_back.why_not_back(actor=request.actor, journey=journey, move=move):
        return ""
    return address("undo-move", journey.reference, move.entry.pk, back=page, **where)


@staff_post
def undo(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """The old times again, as one."""
    journey = journey_named(request.actor, reference)
    done = moved_back.undo_move(actor=request.actor, journey=journey, entry=number)
    tell(request, _("Undone: %(party)s has the old times again.") % {"party": party_in_words(journey)})
    _say_who_knows(request, done)
    return back(request, reference=reference)


def _say_who_knows(request: StaffRequest, done: Back) -> None:
    """Whether a letter has told them."""
    contact = done.journey.contact
    if done.told:
        tell(request, _("We have written to them."))
    elif done.unsent:
        tell(request, _("The e-mail about the new times had not been sent, so it was taken back and nothing more is written."))
    elif contact and contact.email:
        tell(request, _("The time is the same, and no e-mail had named the desk, so none is written."))
    else:
        warn(request, _("No e-mail address. Somebody has to tell them."))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def moved(request: StaffRequest, house: str, number: int) -> HttpResponse:
    """Who had been moved for what was taken back: those whose old times are still free can have them again, in one click."""
    here = house_of(request.actor, house)
    entry = Entry.objects.filter(pk=number, house=here, verb__in=set(VERBS.values())).first()
    if entry is None:
        raise Http404
    rows = [row for row in (_row(request, here, *one) for one in moved_because(here, entry)) if row["may"]]
    if request.method == "POST":
        _move_back(request, here, entry, rows)
        return _leave(here, request.GET.get("desk", ""))
    people = [row["journey"].contact for row in rows if row["named"] and row["journey"].contact]
    if people:
        record_read(actor=request.actor, subject=here, about=people, house=here)
    context = {
        "house": here,
        "zone": here.zone,
        "rows": rows,
        "free": [row for row in rows if not row["why"]],
        "taken": [row for row in rows if row["why"]],
        "held_until": moved_back.held_until([row["journey"] for row in rows]),
        "desk": Desk.objects.filter(house=here, key=request.GET.get("desk", "")).first(),
    }
    return render(request, "reception/opening/moved.html", context)


def _row(request: StaffRequest, house: House, journey: Journey, move: Move) -> dict[str, Any]:
    known = desks_of(house, [*move.before.values(), *move.after.values()])
    desks = {one.desk: known[one.desk] for one in move.before.values() if one.desk in known}
    named = any(permissions.see_parties_of(house, desk.organisation_id)(request.actor) for desk in desks.values())
    may = permissions.close_one_of(desks.values())(request.actor)
    titles = {visit.service.key: visit.service.title for visit in journey.visits.all()}
    return {
        "journey": journey,
        "named": named,
        "may": may,
        "name": party_name(journey) if named else journey.reference,
        "unwritten": not (journey.contact and journey.contact.email),
        "steps": [
            _step(old, move.after[key], titles.get(key, ""), known)
            for key, old in move.before.items()
            if old.where != move.after[key].where
        ],
        "why": moved_back.why_not_back(actor=request.actor, journey=journey, move=move) if may else "",
    }


def _step(old: OldTime, new: OldTime, title: str, desks: dict[str, Desk]) -> dict[str, Any]:
    """One step that was moved: where it was, and where it is now."""
    same_time = (old.starts, old.ends) == (new.starts, new.ends)
    was, now = (desks[one.desk].title if one.desk in desks else one.desk for one in (old, new))
    return {"title": title, "old": old, "was": was, "new": new, "now": now, "same_time": same_time}


def _move_back(request: StaffRequest, house: House, entry: Entry, rows: list[dict[str, Any]]) -> None:
    chosen = {row["journey"].pk for row in rows if str(row["journey"].pk) in request.POST.getlist("back")}
    done, left = moved_back.move_back(actor=request.actor, house=house, undoing=entry, chosen=chosen)
    left += [(row["journey"], row["why"]) for row in rows if row["why"] and row["journey"].pk not in chosen]
    words = ngettext(
        "%(number)s of %(all)s visit has its old time again.", "%(number)s of %(all)s visits have their old times again.", len(rows)
    )
    tell(request, words % {"number": number_in_words(len(done)), "all": number_in_words(len(rows))})
    silent = [one.journey for one in done if not (one.journey.contact and one.journey.contact.email)]
    if silent:
        codes = ", ".join(journey.reference for journey in silent)
        warn(request, _("Call these, because we have no e-mail address: %(references)s.") % {"references": codes})
    for journey, why in left:
        warn(request, _("%(reference)s could not be moved. %(why)s") % {"reference": journey.reference, "why": why})


def _leave(house: House, desk: str) -> HttpResponse:
    if desk and Desk.objects.filter(house=house, key=desk).exists():
        return redirect("reception:desk-page", house=house.key, desk=desk)
    return redirect("reception:hours-page", house=house.key)
