"""Finding a company, and writing down one that nobody knows yet."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.identifiers.companies import normal_cvr
from indgang.foundation.identity.models import Organisation
from indgang.foundation.ui.tell import tell
from indgang.registers.parties import permissions
from indgang.registers.parties.actions.companies import create_company
from indgang.registers.parties.errors import AlreadyKnown, InvalidFacts
from indgang.registers.parties.facts import read_facts
from indgang.registers.parties.models import Company
from indgang.registers.parties.queries.probable import probable_doubles
from indgang.registers.parties.queries.search import FOUND_AT_MOST, companies_found
from indgang.registers.parties.queries.ties import known_by
from indgang.workspace.company_page import recently_opened, result_of
from indgang.workspace.forms.company import FactsForm

LENGTH = 200
LETTERS = 2


@require_safe
@staff_required
def companies(request: StaffRequest) -> HttpResponse:
    """Find a company by name, place, CVR number or telephone. Asked by the page itself while somebody types, it answers the list alone."""
    require(permissions.see_companies, request.actor)
    words = request.GET.get("q", "").strip()[:LENGTH]
    enough = len(words) >= LETTERS
    found = results_for(request.actor, list(companies_found(words, actor=request.actor)) if enough else [])
    context = {
        "words": words,
        "words_in_address": quote(words),
        "enough": enough,
        "found": found,
        "full": len(found) == FOUND_AT_MOST,
        "recent": [] if words else results_for(request.actor, recently_opened(request.actor)),
        "writes": permissions.serve_companies(request.actor),
    }
    template = "workspace/companies_found.html" if "HX-Request" in request.headers else "workspace/companies.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def results_for(actor: Actor, companies: list[Company]) -> list[dict[str, Any]]:
    """Companies as a list shows them, with who knows them; one query for all."""
    known = known_by(actor, [company.pk for company in companies])
    return [result_of(company, known.get(company.pk, [])) for company in companies]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def new_company(request: StaffRequest) -> HttpResponse:
    """First the CVR number or the name: what is known is shown. Then what nobody knows is written down."""
    require(permissions.serve_companies, request.actor)
    asked = request.GET.get("q", "").strip()[:LENGTH]
    if request.method == "POST":
        return _written(request)
    number = normal_cvr(asked)
    known = Company.objects.filter(cvr=number).select_related("municipality").first() if number else None
    alike = [] if known or len(asked) < LETTERS else list(companies_found(asked))[:5]
    form = FactsForm(initial={"cvr": number} if number else {"name": asked}) if asked and not known else None
    context = {
        "asked": asked,
        "known": results_for(request.actor, [known])[0] if known else None,
        "alike": results_for(request.actor, alike),
        "looks_like_number": asked.replace(" ", "").isdigit() and not number,
        "form": form,
    }
    return render(request, "workspace/new_company.html", context)


def _written(request: StaffRequest) -> HttpResponse:
    form = FactsForm(request.POST)
    if form.is_valid():
        alike = _probably_known(request, form)
        if alike:
            context = {"form": form, "alike": results_for(request.actor, alike), "sure": True}
            return render(request, "workspace/new_company.html", context)
        try:
            company = create_company(actor=request.actor, **form.facts())
        except AlreadyKnown as known:
            tell(request, told_known(request.actor, known.company))
            return redirect("workspace:company", company=known.company.pk)
        except InvalidFacts as refusal:
            for field, message in refusal.fields.items():
                form.add_error(field if field in form.fields else None, message)
        else:
            tell(request, _("%(name)s is written down.") % {"name": company.name})
            return redirect("workspace:company", company=company.pk)
    return render(request, "workspace/new_company.html", {"form": form}, status=422)


def _probably_known(request: StaffRequest, form: FactsForm) -> list[Company]:
    """Companies of nearly the same name in the same place, unless somebody has looked at them and is sure."""
    if "sure" in request.POST:
        return []
    try:
        facts = read_facts(form.facts())
    except InvalidFacts:
        return []  # the faults are told first
    return [company for company in probable_doubles(request.actor, facts) if not facts["cvr"] or company.cvr != facts["cvr"]]


def told_known(actor: Actor, company: Company) -> str:
    """That a company is in the register already, and whom to ask; of whom nobody may know, nobody is named."""
    known: list[Organisation] = known_by(actor, [company.pk]).get(company.pk, [])
    if not known:
        return _("%(name)s is in the register already. This is its page.") % {"name": company.name}
    asked = ", ".join(one.title for one in known)
    return _("%(name)s is known already: ask %(organisations)s.") % {"name": company.name, "organisations": asked}
