"""Book a visit: choose a time, say who comes, confirm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from indgang.foundation.access.actors import ANONYMOUS
from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import new_key
from indgang.operations.reception.actions.booking import book_journey
from indgang.operations.reception.actions.holds import hold_offer, release_hold
from indgang.operations.reception.errors import AlreadyBooked, InvalidRequest, NotNow, OfferRefused, PlacesGone, TooManyBookings
from indgang.operations.reception.forms.booking import BookingForm
from indgang.operations.reception.forms.interview import Interview
from indgang.operations.reception.offers import Offer, read_offer
from indgang.operations.reception.queries.itineraries import PlannedItinerary
from indgang.operations.reception.queries.plans import request_of
from indgang.operations.reception.queries.times import offered_itinerary, times_to_choose
from indgang.operations.reception.views import newcomer_session as session
from indgang.operations.reception.views.newcomer import interview_of, plan_address, question_address
from indgang.operations.reception.views.newcomer_plan import OfferedTime, offered_times

TOKEN_LENGTH = 100


@dataclass
class Page:
    """What the booking page shows: the form, the chosen offer (None: it cannot be had), what went wrong, and other times instead."""

    interview: Interview
    choice: session.Choice
    form: BookingForm
    offer: Offer | None = None
    problem: str = ""
    calling_helps: bool = False
    alternatives: tuple[PlannedItinerary, ...] = ()

    def refuse(self, problem: str, alternatives: tuple[PlannedItinerary, ...] | None = None) -> None:
        """The offer cannot be had: other times instead, looked for here where nobody has found them yet."""
        self.offer, self.problem = None, problem
        if alternatives is None:
            wish = self.interview.request()
            alternatives = times_to_choose(wish, wish.earliest).itineraries
        self.alternatives = alternatives


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest) -> HttpResponse:
    """Hold the chosen time and ask who comes (POST with `choose`), offer others (with `another`), show that again (GET), or book."""
    interview = interview_of(request)
    if interview.first_open():
        return redirect(question_address(interview, interview.first_open()))
    if request.method != "POST":
        choice = session.choice_of(request)
        return _show(request, _page(interview, choice)) if choice else redirect(plan_address(interview))
    if "choose" in request.POST:
        return _choose(request, interview)
    if "another" in request.POST:
        return _another(request, interview)
    return _confirm(request, interview)


def _page(interview: Interview, choice: session.Choice, data: Mapping[str, Any] | None = None, *, again: bool = False) -> Page:
    """The page for a chosen offer; with `again` the data stand in the form but are not judged yet."""
    wish, offer, problem = interview.request(), None, ""
    try:
        offer = read_offer(choice.offer)
        wish = request_of(offer.wish, interview.house)
    except OfferRefused as refusal:
        problem = refusal.message
    kept = dict(data.items()) if data and again else None
    form = BookingForm(None if again else data, travellers=wish.travellers, language=wish.language, initial=kept)
    page = Page(interview, choice, form, offer)
    if problem:
        page.refuse(problem)
    return page


def _choose(request: HttpRequest, interview: Interview) -> HttpResponse:
    """Hold the offer for this browser session; then the form, with everything that was written in it before."""
    offer = request.POST["choose"]
    held_until, gone = None, None
    try:
        held_until = hold_offer(client=session.client_key(request), offer=offer).held_until
    except PlacesGone as refusal:
        gone = refusal
    except (NotNow, OfferRefused):
        pass  # not held: booking works all the same, or the page says what is wrong with the offer
    choice = session.remember_choice(request, offer, held_until)
    if held_until and "token" not in request.POST:
        return redirect(f"{request.path}?{interview.query()}")
    page = _page(interview, choice, request.POST, again=True)
    if gone:
        page.refuse(gone.message, gone.alternatives)
    return _show(request, page)


def _another(request: HttpRequest, interview: Interview) -> HttpResponse:
    """Let go of the time that is held and show others, with everything that was written kept."""
    release_hold(client=session.client_key(request))
    session.forget_choice(request)
    page = _page(interview, session.Choice(request.POST.get("offer", ""), new_key()), request.POST, again=True)
    page.refuse("")
    return _show(request, page)


def _confirm(request: HttpRequest, interview: Interview) -> HttpResponse:
    """Book, and open the journey for this browser session."""
    kept = session.choice_of(request)
    offer = request.POST.get("offer", "")
    token = request.POST.get("token", "")[:TOKEN_LENGTH] or new_key()
    choice = session.Choice(offer, token, kept.held_until if kept and kept.offer == offer else None)
    page = _page(interview, choice, request.POST)
    if not page.form.is_valid():
        return _show(request, page)
    try:
        booking = book_journey(
            actor=ANONYMOUS,
            offer=offer,
            contact=page.form.contact,
            people=page.form.people,
            consent=page.form.cleaned_data["consent"],
            idempotency_key=token,
        )
    except InvalidRequest as refusal:
        page.form.refuse(refusal)
    except (OfferRefused, AlreadyBooked) as refusal:
        page.problem = refusal.message
    except TooManyBookings as refusal:
        page.problem, page.calling_helps = refusal.message, True
    except NotNow:
        page.problem = _("You have booked with this page already. Open the link in your confirmation, or plan a new visit.")
    except PlacesGone as gone:
        page.refuse(gone.message, gone.alternatives)
    else:
        session.forget_choice(request)
        session.open_journey(request, booking.journey.reference)
        return redirect("reception:my-arrival", booking.journey.reference)
    return _show(request, page)


def _chosen(page: Page) -> OfferedTime | None:
    """The time that was chosen, where it can still be had."""
    if page.offer is None:
        return None
    try:
        return offered_times((offered_itinerary(page.offer, page.interview.house),), page.interview.house)[0]
    except OfferRefused as refusal:
        page.refuse(refusal.message)
        return None


def _show(request: HttpRequest, page: Page) -> HttpResponse:
    house, chosen = page.interview.house, _chosen(page)
    context = {
        "house": house,
        "form": page.form,
        "choice": page.choice,
        "query": page.interview.query(),
        "problem": page.problem,
        "calling_helps": page.calling_helps,
        "chosen": chosen,
        "alternatives": offered_times(page.alternatives, house),
        "held_until": page.choice.held_until,
        "held": bool(page.choice.held_until and page.choice.held_until > clock.now()),
        "plan_address": plan_address(page.interview),
        "has_errors": bool(page.problem) or (page.form.is_bound and not page.form.is_valid()),
    }
    return render(request, "reception/newcomer/book.html", context)
