"""Information and service: registered from a company's page, corrected, removed."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import require
from indgang.foundation.access.decorators import StaffRequest
from indgang.foundation.ui.tell import tell, warn
from indgang.operations.guidance import permissions
from indgang.operations.guidance.actions import deliveries as actions
from indgang.operations.guidance.errors import InvalidRequest, NotNow
from indgang.operations.guidance.forms.courses import DeliveryForm
from indgang.operations.guidance.models import Delivery
from indgang.operations.guidance.views.answers import address_of_company, company_numbered, filled_in, posted
from indgang.operations.guidance.views.course_answers import delivery_numbered


@filled_in
def deliver(request: StaffRequest, company: int) -> HttpResponse:
    """Register what a company was given."""
    found = company_numbered(request.actor, company)
    organisation = request.actor.organisation
    require(lambda actor: organisation is not None and permissions.deliver(organisation)(actor), request.actor)
    form = DeliveryForm(request.POST or None, company=found)
    if request.method == "POST" and form.is_valid():
        try:
            key = form.cleaned_data["form_key"]
            made = actions.register_delivery(actor=request.actor, company=found, facts=form.facts(), request_key=key)
        except InvalidRequest as refusal:
            form.refuse(refusal)
        else:
            said = _("Registered: %(kind)s to %(company)s.") % {"kind": made.get_kind_display(), "company": found.name}
            tell(request, said, undo=reverse("guidance:delivery-remove", args=[made.pk]))
            return redirect(address_of_company(found.pk))
    context = {"form": form, "company": found, "company_address": address_of_company(found.pk)}
    return render(request, "guidance/courses/deliver.html", context, status=422 if form.errors else 200)


@filled_in
def delivery(request: StaffRequest, delivery: int) -> HttpResponse:
    """Look at what was given, and correct it."""
    found = delivery_numbered(request.actor, delivery)
    writes = permissions.deliver(found.organisation)(request.actor)
    form = DeliveryForm(request.POST or None, company=found.company, delivery=found) if writes else None
    if request.method == "POST":
        require(permissions.deliver(found.organisation), request.actor)
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            actions.change_delivery(actor=request.actor, delivery=found, facts=form.facts())
        except InvalidRequest as refusal:
            form.refuse(refusal)
        except NotNow as refusal:
            warn(request, refusal.message)
            return redirect(address_of_company(found.company_id))
        else:
            tell(request, _("It is corrected."))
            return redirect(address_of_company(found.company_id))
    context = {"form": form, "delivery": found, "company": found.company, "company_address": address_of_company(found.company_id)}
    return render(request, "guidance/courses/delivery.html", context, status=422 if form is not None and form.errors else 200)


@posted
def remove(request: StaffRequest, delivery: int) -> HttpResponse:
    """It was registered by mistake."""
    found = _kept(delivery)
    actions.remove_delivery(actor=request.actor, delivery=found)
    tell(request, _("It is removed, and counts nowhere any more."), undo=reverse("guidance:delivery-bring-back", args=[found.pk]))
    return redirect(address_of_company(found.company_id))


@posted
def bring_back(request: StaffRequest, delivery: int) -> HttpResponse:
    """It was no mistake."""
    found = _kept(delivery)
    actions.bring_back_delivery(actor=request.actor, delivery=found)
    tell(request, _("It is back."))
    return redirect(address_of_company(found.company_id))


def _kept(number: int) -> Delivery:
    found = Delivery.objects.filter(pk=number).first()
    if found is None:
        raise Http404
    return found
