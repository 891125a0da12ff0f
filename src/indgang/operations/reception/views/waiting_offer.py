"""A time that is held for somebody who waits: what it is, until when, and one button to take it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from indgang.foundation.database import clock
from indgang.foundation.ui.context import speak_for
from indgang.foundation.ui.tell import tell
from indgang.operations.reception.actions.waiting import accept_offer, decline_offer, still_wait
from indgang.operations.reception.errors import OfferRefused, ReceptionError
from indgang.operations.reception.models import WaitingOffer
from indgang.operations.reception.models.waiting import Answer
from indgang.operations.reception.offers import read_offer
from indgang.operations.reception.queries.times import offered_itinerary
from indgang.operations.reception.queries.waiting_list import is_resting
from indgang.operations.reception.views import newcomer_session as session
from indgang.operations.reception.views.newcomer_plan import OfferedTime, offered_times
from indgang.operations.reception.views.waiting import KEY_LENGTH, not_found
from indgang.operations.reception.waiting_links import offer_key, opens


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def waiting_offer(request: HttpRequest, entry: UUID, offer: UUID) -> HttpResponse:
    """Show what is offered (GET); take it, decline it, or say that they still wait (POST). The key in the letter does it, once."""
    found = WaitingOffer.objects.filter(pk=offer, entry=entry).select_related("entry__house__region", "entry__journey").first()
    key = (request.POST.get("key") or request.GET.get("key") or "")[:KEY_LENGTH]
    if found is None or not opens(offer_key(found), key):
        return not_found(request)
    if request.method != "POST":
        return _show(request, found, key)
    session.remember_waited(request, str(found.entry_id))
    try:
        if "decline" in request.POST:
            decline_offer(offer=found)
            tell(request, _("This time goes to the next in line. You wait on, and we write again when another one fits."))
            return redirect("reception:waiting", found.entry_id)
        if "still" in request.POST:
            still_wait(entry=found.entry)
            tell(request, _("Good. We write again when a time fits."))
            return redirect("reception:waiting", found.entry_id)
        if "accept" in request.POST:
            booking = accept_offer(offer=found)
            session.open_journey(request, booking.journey.reference)
            tell(request, _("The time is yours. We have sent you a confirmation."))
            return redirect("reception:my-arrival", booking.journey.reference)
    except ReceptionError as refusal:
        found.refresh_from_db()
        return _show(request, found, key, refusal.message)
    return _show(request, found, key)


def _show(request: HttpRequest, offer: WaitingOffer, key: str, problem: str = "") -> HttpResponse:
    entry = offer.entry
    speak_for(request, entry.house.region)
    journey = entry.journey if offer.answer == Answer.ACCEPTED else None
    if journey and session.has_opened(request, journey.reference):
        return redirect("reception:my-arrival", journey.reference)
    stands = offer.answer == Answer.OPEN and offer.until > clock.now() and not entry.ended_at
    time = _time(offer) if stands else None
    context = {
        "visits": len(time.days) if time else 0,
        "house": entry.house,
        "entry": entry,
        "offer": offer,
        "key": key,
        "problem": problem,
        "stands": stands,
        "taken": offer.answer == Answer.ACCEPTED,
        "closed": offer.answer == Answer.WITHDRAWN and not entry.ended_at,
        "resting": is_resting(entry),
        "time": time,
    }
    return render(request, "reception/waiting/offer.html", context)


def _time(offer: WaitingOffer) -> OfferedTime | None:
    """What is offered, in words; None where the house has closed it meanwhile."""
    house = offer.entry.house
    try:
        return offered_times((offered_itinerary(read_offer(offer.offer), house),), house)[0]
    except OfferRefused:
        return None
