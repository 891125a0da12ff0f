"""Records that may be one and the same company: one pair after the other, side by side."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.ui.tell import tell, warn
from indgang.foundation.ui.words import short_day
from indgang.registers.parties import permissions
from indgang.registers.parties.actions.doubles import judge, take_back
from indgang.registers.parties.errors import NotNow, NotTogether
from indgang.registers.parties.industry_words import industry_in_words
from indgang.registers.parties.models import Company, Double, Judgement
from indgang.registers.parties.queries.doubles import doubles_visible_to, judged_lately, left_to_judge
from indgang.registers.parties.queries.ties import known_by
from indgang.registers.parties.rules.alike import Agreement, agreement
from indgang.registers.parties.wording import cvr_in_words, employees_in_words

LATELY = 10


@require_safe
@staff_required
def doubles(request: StaffRequest) -> HttpResponse:
    """The likeliest pair that nobody has judged; after `?after=` the next one."""
    require(permissions.see_companies, request.actor)
    left = left_to_judge(request.actor)
    number = _next(left, request.GET.get("after", ""))
    pair = doubles_visible_to(request.actor).filter(pk=number).first() if number else None
    lately = judged_lately(request.actor, LATELY)
    context = {
        "pair": pair,
        "rows": compared(request.actor, pair) if pair else [],
        "left": len(left),
        "more": len(left) > 1,
        "lately": lately,
        "writes": permissions.keep_doubles(request.actor),
    }
    return render(request, "workspace/doubles.html", context)


@require_POST
@staff_required
def judge_double(request: StaffRequest, double: int) -> HttpResponse:
    """They are the same, or they are not."""
    require(permissions.keep_doubles, request.actor)
    found, judgement = _found(request.actor, double), request.POST.get("judgement", "")
    if judgement not in (Judgement.SAME, Judgement.DIFFERENT):
        raise Http404
    if found is None:
        return _gone(request)
    try:
        judge(actor=request.actor, double=found, judgement=judgement, seen=Judgement.PROBABLE)
    except (NotTogether, NotNow) as refusal:
        warn(request, str(refusal))
        return redirect("workspace:doubles")
    names = {"one": found.one.name, "other": found.other.name}
    if judgement == Judgement.SAME:
        text = _("%(one)s and %(other)s are linked: they count as one company.") % names
    else:
        text = _("%(one)s and %(other)s are two companies. They are not proposed again.") % names
    tell(request, text, undo=reverse("workspace:take-back-double", args=[found.pk]))
    return redirect("workspace:doubles")


@require_POST
@staff_required
def take_back_double(request: StaffRequest, double: int) -> HttpResponse:
    """Nobody has judged it."""
    require(permissions.keep_doubles, request.actor)
    found = _found(request.actor, double)
    if found is None:
        return _gone(request)
    take_back(actor=request.actor, double=found)
    tell(
        request, _("It is as it was before: nobody has judged %(one)s and %(other)s.") % {"one": found.one.name, "other": found.other.name}
    )
    return redirect("workspace:doubles")


def compared(actor: Actor, pair: Double) -> list[dict[str, Any]]:
    """What the two records say, line by line, and whether they agree."""
    told = [_told(company) for company in (pair.one, pair.other)]
    rows = [
        {"label": label, "one": one, "other": other, "said": agreement(one, other)}
        for (label, one), (_label, other) in zip(*told, strict=True)
    ]
    known = known_by(actor, [pair.one_id, pair.other_id])
    names = [", ".join(one.title for one in known.get(company, [])) for company in (pair.one_id, pair.other_id)]
    rows.append({"label": _("Known by"), "one": names[0], "other": names[1], "said": Agreement.UNKNOWN})
    return [row for row in rows if row["one"] or row["other"]]


def _told(company: Company) -> list[tuple[str, str]]:
    return [
        (_("CVR number"), cvr_in_words(company.cvr)),
        (_("Telephone"), company.phone),
        (_("E-mail"), company.email),
        (_("Address"), company.address),
        (_("Postcode"), company.postcode),
        (_("City"), company.city),
        (_("Municipality"), company.municipality.title if company.municipality else ""),
        (_("Industry"), industry_in_words(company)),
        (_("Employees"), employees_in_words(company)),
        (_("Founded"), short_day(company.founded) if company.founded else ""),
    ]


def _next(left: list[int], after: str) -> int | None:
    """The pair after the one that is put off; after the last the first again."""
    if not left:
        return None
    place = left.index(int(after)) + 1 if after.isascii() and after.isdigit() and int(after) in left else 0
    return left[place % len(left)]


def _found(actor: Actor, number: int) -> Double | None:
    return doubles_visible_to(actor).filter(pk=number).first()


def _gone(request: HttpRequest) -> HttpResponse:
    warn(request, _("This pair does not look the same any more, or was taken back. Nothing was changed."))
    return redirect("workspace:doubles")
