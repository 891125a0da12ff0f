"""Who is who: the matrix of offices and fields, its file, and keeping one's entries."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import NotAllowed
from indgang.foundation.access.decorators import StaffRequest
from indgang.foundation.database import clock
from indgang.foundation.documents.reports import FORMS
from indgang.foundation.documents.tables import FILES, Words
from indgang.foundation.ui.tell import tell
from indgang.foundation.ui.words import short_day, time_in_words
from indgang.operations.guidance.actions import duties as actions
from indgang.operations.guidance.approach_permissions import keep_duty
from indgang.operations.guidance.approach_words import field_in_words
from indgang.operations.guidance.errors import GuidanceError
from indgang.operations.guidance.forms.outreach import DutyForm, ReachForm
from indgang.operations.guidance.models import Duty
from indgang.operations.guidance.queries.duties import Row, duties_visible_to, who_is_who
from indgang.operations.guidance.views.answers import filled_in, posted, shown
from indgang.operations.guidance.views.outreach import division_of
from indgang.registers.parties.permissions import serve_openly


@shown
def matrix(request: StaffRequest) -> HttpResponse:
    """Whom to ask: about each office, and about each field."""
    division, today = division_of(request), clock.today()
    offices, fields = who_is_who(request.actor, division, today)
    rows = [*offices, *fields]
    own = request.actor.organisation
    context = {
        "groups": [
            (_("Offices (geography)"), [(row, row.office.title if row.office else "") for row in offices]),
            (_("Fields"), [(row, field_in_words(row.field)) for row in fields]),
        ],
        "vacant": sum((not row.hub) + (row.has_office and not row.own) for row in rows),
        "old": sum(person.old for row in rows for person in (*row.hub, *row.own)),
        "days": division.confirm_after_days,
        "hub": division.hub,
        "may_add": serve_openly(request.actor) and own is not None and (own == division.hub or own in division.offices.values()),
    }
    return render(request, "guidance/approach/who_is_who.html", context)


@shown
def file(request: StaffRequest, form: str) -> HttpResponse:
    """The matrix as a file: one line for each person, and one for each vacant cell."""
    if form not in FILES:
        raise Http404
    division, now = division_of(request), clock.now()
    offices, fields = who_is_who(request.actor, division, clock.today())
    facts = {"region": division.region.title, "day": short_day(now), "time": time_in_words(now, division.region.zone)}
    words = Words(
        heading=_("Who is who"),
        source=_("Who is who, %(region)s. Source: Indgang, %(day)s at %(time)s.") % facts,
        columns=(_("What for"), _("Where"), _("Name"), _("E-mail"), _("Telephone"), _("Confirmed")),
        rows=[line for row in [*offices, *fields] for line in _lines(row)],
    )
    headers = {"Content-Disposition": f'attachment; filename="who-is-who-{clock.today()}.{form}"'}
    return HttpResponse(FILES[form](words), content_type=FORMS[form], headers=headers)


def _lines(row: Row) -> Iterator[list[str]]:
    what = row.office.title if row.office else field_in_words(row.field)
    for where, people in ((_("At the hub"), row.hub), *([(_("At the office"), row.own)] if row.has_office else [])):
        for person in people:
            duty = person.duty
            yield [what, where, duty.name, duty.email, duty.phone, duty.confirmed_on.isoformat()]
        if not people:
            yield [what, where, _("Vacant"), "", "", ""]


@filled_in
def new(request: StaffRequest) -> HttpResponse:
    """Put oneself there, or as a leader a colleague."""
    division = division_of(request)
    own = request.actor.organisation
    if not serve_openly(request.actor) or not (own == division.hub or own in division.offices.values()):
        raise NotAllowed
    initial = {"what": request.GET.get("what", ""), "who": str(request.user.pk)}
    form = DutyForm(request.POST or None, actor=request.actor, division=division, initial=initial)
    if form.is_valid():
        try:
            duty = actions.add_duty(actor=request.actor, entry=form.entry())
        except GuidanceError as refusal:
            form.add_error(None, refusal.message)
        else:
            undo = reverse("guidance:end-duty", args=[duty.pk])
            tell(request, _("%(name)s stands in who is who.") % {"name": duty.name}, undo=undo)
            return redirect("guidance:who-is-who")
    words = {"title": _("New in who is who"), "lead": _("Colleagues see it at once."), "above": "", "back": reverse("guidance:who-is-who")}
    return render(request, "guidance/approach/form.html", {"form": form, **words})


@filled_in
def change(request: StaffRequest, duty: int) -> HttpResponse:
    """How to reach somebody; saving confirms it."""
    found = _kept(request, duty)
    form = ReachForm(request.POST or None, duty=found)
    if form.is_valid():
        facts = form.cleaned_data
        actions.change_duty(actor=request.actor, duty=found, name=facts["name"], email=facts["email"], phone=facts["phone"])
        tell(request, _("Saved and confirmed."))
        return redirect("guidance:who-is-who")
    what = found.office.title if found.office else field_in_words(found.field)
    words = {"title": found.name, "lead": _("Saving confirms the entry."), "above": what, "back": reverse("guidance:who-is-who")}
    return render(request, "guidance/approach/form.html", {"form": form, **words})


@posted
def confirm(request: StaffRequest, duty: int) -> HttpResponse:
    """It is right as it stands."""
    found = actions.confirm_duty(actor=request.actor, duty=_kept(request, duty))
    tell(request, _("Confirmed: %(name)s.") % {"name": found.name})
    return redirect("guidance:who-is-who")


@posted
def end(request: StaffRequest, duty: int) -> HttpResponse:
    """Not the one to ask any more."""
    found = actions.end_duty(actor=request.actor, duty=_kept(request, duty))
    undo = reverse("guidance:take-up-duty", args=[found.pk])
    tell(request, _("%(name)s does not stand there any more.") % {"name": found.name}, undo=undo)
    return redirect("guidance:who-is-who")


@posted
def take_up(request: StaffRequest, duty: int) -> HttpResponse:
    """Undo that."""
    ended = Duty.objects.filter(pk=duty).select_related("user", "organisation", "office").first()
    if ended is None or not keep_duty(ended)(request.actor):
        raise Http404
    actions.take_up_duty_again(actor=request.actor, duty=ended)
    tell(request, _("%(name)s stands in who is who.") % {"name": ended.name})
    return redirect("guidance:who-is-who")


def _kept(request: StaffRequest, number: int) -> Duty:
    found = duties_visible_to(request.actor).filter(pk=number).first()
    if found is None or not keep_duty(found)(request.actor):
        raise Http404
    return found
