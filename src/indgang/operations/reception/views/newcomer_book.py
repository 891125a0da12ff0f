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
from indgang.operations.reception.actions.holds import hold_offer
from indgang.operations.reception.errors import InvalidRequest, NotNow, OfferRefused, PlacesGone, TooManyBookings
from indgang.operations.reception.forms.booking import BookingForm
from indgang.operations.reception.forms.interview import Interview
from indgang.operations.reception.offers import read_offer
from indgang.operations.reception.queries.plans import PlannedItinerary, request_of
from indgang.operations.reception.queries.times import offered_itinerary, times_to_choose
from indgang.operations.reception.views import newcomer_session as session
from indgang.operations.reception.views.newcomer import interview_of, plan_address, question_address
from indgang.operations.reception.views.newcomer_plan import offered_times

TOKEN_LENGTH = 100


@dataclass
class Page:
    """What the booking page shows: the choice, the form, what went wrong, and other times where the chosen one is gone."""

    interview: Interview
    choice: session.Choice
    form: BookingForm
    chosen: PlannedItinerary | None = None
    problem: str = ""
    calling_helps: bool = False
    alternatives: tuple[PlannedItinerary, ...] = ()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest) -> HttpResponse:
    """Hold the chosen time and ask who comes (POST with `choose`), show that again (GET), or book (POST)."""
    interview = interview_of(request)
    if interview.first_open():
        return redirect(question_address(interview, interview.first_open()))
    if request.method != "POST":
        choice = session.choice_of(request)
        return _show(request, _page(interview, choice)) if choice else redirect(plan_address(interview))
    if "choose" in request.POST:
        return _choose(request, interview)
    return _confirm(request, interview)


def _page(interview: Interview, choice: session.Choice, data: Mapping[str, Any] | None = None, *, again: bool = False) -> Page:
    """The page for a chosen offer; with `again` the data stand in the form but are not judged yet."""
    wish, chosen, problem = interview.request(), None, ""
    try:
        offer = read_offer(choice.offer)
        chosen = offered_itinerary(offer, interview.house)
        wish = request_of(offer.wish, interview.house)
    except OfferRefused as refusal:
        problem = refusal.message
    form = BookingForm(
        None if again else data, travellers=wish.travellers, language=wish.language, initial=dict(data.items()) if data and again else None
    )
    page = Page(interview, choice, form, chosen, problem)
    if problem:
        page.alternatives = times_to_choose(interview.request(), interview.request().earliest).itineraries
    return page


def _choose(request: HttpRequest, interview: Interview) -> HttpResponse:
    """Hold the offer for this browser session; then the form, with everything that was written in it before."""
    offer = request.POST["choose"]
    again = "token" in request.POST
    problem, alternatives, held_until = "", (), None
    try:
        held_until = hold_offer(client=session.client_key(request), offer=offer).held_until
    except NotNow:
        pass  # booking works all the same; the page says that nothing is held
    except OfferRefused as refusal:
        problem = refusal.message
    except PlacesGone as gone:
        problem, alternatives = gone.message, gone.alternatives
    choice = session.remember_choice(request, offer, held_until)
    if not problem and not again:
        return redirect(f"{request.path}?{interview.query()}")
    page = _page(interview, choice, request.POST, again=True)
    page.problem = problem or page.problem
    page.alternatives = alternatives or page.alternatives
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
    except OfferRefused as refusal:
        page.problem = refusal.message
    except TooManyBookings as refusal:
        page.problem, page.calling_helps = refusal.message, True
    except NotNow:
        page.problem = _("You have booked with this page already. Open the link in your confirmation, or plan a new visit.")
    except PlacesGone as gone:
        page.problem, page.alternatives = gone.message, gone.alternatives
    else:
        session.forget_choice(request)
        session.open_journey(request, booking.journey.reference)
        return redirect("reception:my-arrival", booking.journey.reference)
    return _show(request, page)


def _show(request: HttpRequest, page: Page) -> HttpResponse:
    house = page.interview.house
    chosen = None if page.alternatives else page.chosen
    context = {
        "house": house,
        "form": page.form,
        "choice": page.choice,
        "query": page.interview.query(),
        "problem": page.problem,
        "calling_helps": page.calling_helps,
        "chosen": offered_times((chosen,), house)[0] if chosen else None,
        "alternatives": offered_times(page.alternatives, house),
        "held_until": page.choice.held_until,
        "held": bool(page.choice.held_until and page.choice.held_until > clock.now()),
        "plan_address": plan_address(page.interview),
        "has_errors": bool(page.problem) or (page.form.is_bound and not page.form.is_valid()),
    }
    return render(request, "reception/newcomer/book.html", context)
