"""The waiting list: leave a wish where no time fits, and the page behind the link in the letter.

Looking changes nothing. The key of a letter shows that somebody reads the mail; what they then press is sent by POST.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indgang.foundation.access.actors import ANONYMOUS
from indgang.foundation.identifiers.keys import new_key
from indgang.foundation.ui.context import speak_for
from indgang.foundation.ui.tell import tell, warn
from indgang.operations.reception.actions import waiting as actions
from indgang.operations.reception.errors import InvalidRequest, NotNow, TooManyBookings
from indgang.operations.reception.forms.interview import Interview
from indgang.operations.reception.forms.waiting import DaysForm, WaitingForm
from indgang.operations.reception.models import WaitingEntry
from indgang.operations.reception.models.waiting import Answer
from indgang.operations.reception.queries.plans import PlanRequest
from indgang.operations.reception.queries.times import WEEKS
from indgang.operations.reception.queries.waiting_list import is_resting
from indgang.operations.reception.rules.waiting_list import HELD_MINUTES
from indgang.operations.reception.views import newcomer_session as session
from indgang.operations.reception.views.newcomer import check_address, interview_of, plan_address, question_address
from indgang.operations.reception.waiting_links import entry_key, offer_path, opens

KEY_LENGTH = TOKEN_LENGTH = 100


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Ask who waits and for which days (GET), or put them on the list (POST); then they look in their mail."""
    interview = interview_of(request)
    if interview.first_open():
        return redirect(question_address(interview, interview.first_open()))
    try:
        wish = interview.request()
    except InvalidRequest:
        return redirect(check_address(interview))
    last = wish.earliest + dt.timedelta(days=7 * WEEKS - 1)
    form = WaitingForm(
        request.POST if request.method == "POST" else None,
        house=interview.house,
        travellers=wish.travellers,
        language=wish.language,
        initial={"earliest": wish.earliest, "latest": _last_day(request, wish.earliest, last)},
    )
    return _join(request, interview, wish, form) if form.is_bound else _ask(request, interview, form, new_key())


def _last_day(request: HttpRequest, earliest: dt.date, last: dt.date) -> dt.date:
    """The day before the times that were not early enough, where they come from those."""
    try:
        before = dt.date.fromisoformat(request.GET.get("before", ""))
    except ValueError:
        return last
    return before if earliest <= before <= last else last


def _join(request: HttpRequest, interview: Interview, wish: PlanRequest, form: WaitingForm) -> HttpResponse:
    token, problem = request.POST.get("token", "")[:TOKEN_LENGTH] or new_key(), ""
    if form.is_valid():
        days = form.cleaned_data["earliest"], form.cleaned_data["latest"]
        try:
            entry = actions.join_waiting_list(
                request=replace(wish, earliest=days[0], latest=days[1]),
                contact=form.contact,
                companions=form.companion_names,
                consent=form.cleaned_data["consent"],
                request_key=f"page:{token}:{form.contact}:{form.companion_names}:{days}",  # something else that is sent is another wish
            )
        except InvalidRequest as refusal:
            form.refuse(refusal)
        except TooManyBookings as refusal:
            problem = refusal.message
        else:
            session.remember_joined(request, str(entry.pk))
            return redirect("reception:waiting", entry.pk)
    return _ask(request, interview, form, token, problem)


def _ask(request: HttpRequest, interview: Interview, form: WaitingForm, token: str, problem: str = "") -> HttpResponse:
    context = {
        "house": interview.house,
        "form": form,
        "token": token,
        "problem": problem,
        "query": interview.query(),
        "plan_address": plan_address(interview),
        "minutes": HELD_MINUTES,
    }
    return render(request, "reception/waiting/join.html", context)


@never_cache
@require_safe
def waiting(request: HttpRequest, entry: UUID) -> HttpResponse:
    """What somebody waits for; whoever has only just asked is told to look in their mail."""
    found, proved = _opened(request, entry)
    if found is None:
        return not_found(request)
    return _show(request, found, proved)


def _opened(request: HttpRequest, pk: UUID) -> tuple[WaitingEntry | None, bool]:
    """The entry, if this browser may see it, and whether it has shown the key of its letter."""
    entry = WaitingEntry.objects.filter(pk=pk).select_related("house__region").first()
    if entry is None:
        return None, False
    key = (request.POST.get("key") or request.GET.get("key") or "")[:KEY_LENGTH]
    if session.has_waited(request, str(pk)) or opens(entry_key(entry), key):
        return entry, True
    return (entry, False) if session.has_joined(request, str(pk)) else (None, False)


def not_found(request: HttpRequest) -> HttpResponse:
    """The same answer for an entry that is not there, is forgotten, or whose key was not shown."""
    return render(request, "reception/waiting/not_found.html", status=404)


def _show(request: HttpRequest, entry: WaitingEntry, proved: bool, form: DaysForm | None = None) -> HttpResponse:
    speak_for(request, entry.house.region)
    offer = entry.offers.filter(answer=Answer.OPEN).first() if proved else None
    days = {"earliest": entry.earliest, "latest": entry.latest}
    name, _at, domain = entry.email.rpartition("@")
    context = {
        "entry": entry,
        "house": entry.house,
        "proved": proved,
        "key": request.GET.get("key") or request.POST.get("key", ""),
        "email": entry.email if proved else f"{name[:1]}•••@{domain}",
        "form": form or DaysForm(house=entry.house, initial=days),
        "offer": offer,
        "offer_path": offer_path(offer) if offer else "",
        "resting": is_resting(entry),
        "minutes": HELD_MINUTES,
    }
    return render(request, "reception/waiting/entry.html", context)


@never_cache
@require_POST
def change(request: HttpRequest, entry: UUID) -> HttpResponse:
    """Confirm, wait on, other days, leave, or the letter once more: what the button says."""
    found, proved = _opened(request, entry)
    if found is None:
        return not_found(request)
    if not proved:
        return _before_proof(request, found)
    session.remember_waited(request, str(found.pk))
    form = DaysForm(request.POST if "days" in request.POST else None, house=found.house)
    try:
        if "confirm" in request.POST:
            actions.confirm_entry(entry=found)
            tell(request, _("You are on the waiting list."))
        elif "still" in request.POST:
            actions.still_wait(entry=found)
            tell(request, _("Good. We write again when a time fits."))
        elif "leave" in request.POST:
            actions.leave_waiting_list(actor=ANONYMOUS, entry=found)
        elif form.is_bound and form.is_valid():
            actions.change_days(entry=found, earliest=form.cleaned_data["earliest"], latest=form.cleaned_data["latest"])
            tell(request, _("Your days are changed. You keep your place in line."))
    except InvalidRequest as refusal:
        form.refuse(refusal)
    except NotNow as refusal:
        warn(request, refusal.message)
    if form.is_bound and not form.is_valid():
        return _show(request, found, proved, form)
    return redirect("reception:waiting", found.pk)


def _before_proof(request: HttpRequest, entry: WaitingEntry) -> HttpResponse:
    """Whoever has not shown the key may have the letter sent again, and nothing else."""
    if "again" in request.POST:
        try:
            actions.send_confirmation_again(entry=entry)
            tell(request, _("We have sent the e-mail again."))
        except NotNow as refusal:
            warn(request, refusal.message)
    return redirect("reception:waiting", entry.pk)
