"""Search: people, companies, references and pages, from anywhere with "/"."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.journal.actions import record_read
from indgang.operations.reception.views.staff_rows import country_in_words
from indgang.registers.parties.permissions import see_companies
from indgang.registers.parties.queries.search import companies_found
from indgang.workspace.queries import FOUND_AT_MOST, journey_with, people_named, says_enough
from indgang.workspace.views.companies import results_for

LENGTH = 200
COMPANIES = 5


@require_safe
@staff_required
def search(request: StaffRequest) -> HttpResponse:
    """A whole reference goes straight to its visit; a name lists the people and companies one may see."""
    words = request.GET.get("q", "").strip()[:LENGTH]
    journey = journey_with(request.actor, words)
    if journey:
        return redirect("reception:journey", reference=journey.reference)
    people = people_named(request.actor, words)
    if people and request.actor.organisation:
        record_read(actor=request.actor, subject=request.actor.organisation, about=people)
    listed = [(person, country_in_words(person.citizenship)) for person in people]
    with_companies = see_companies(request.actor)
    firms = list(companies_found(words, actor=request.actor))[:COMPANIES] if with_companies and says_enough(words) else []
    context = {
        "words": words,
        "people": listed,
        "full": len(people) == FOUND_AT_MOST,
        "says_enough": says_enough(words),
        "companies": results_for(request.actor, firms) if firms else [],
        "more_companies": len(firms) == COMPANIES,
        "with_companies": with_companies,
    }
    return render(request, "workspace/search.html", context)
