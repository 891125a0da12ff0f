"""What the hub has told a business office of its companies."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from indgang.foundation.access.decorators import StaffRequest
from indgang.foundation.identity.models import Organisation
from indgang.foundation.ui.tell import tell
from indgang.operations.guidance.actions.notices import mark_read
from indgang.operations.guidance.approach_words import field_in_words
from indgang.operations.guidance.models import OfficeNotice
from indgang.operations.guidance.models.course import How
from indgang.operations.guidance.queries.notices import notices_visible_to
from indgang.operations.guidance.views.answers import posted, shown

ON_A_PAGE = 50


@shown
def notices(request: StaffRequest) -> HttpResponse:
    """The latest first; what nobody at the office has read is marked."""
    found = notices_visible_to(request.actor)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    newest = found.order_by("-pk").first()
    context = {
        "page": page,
        "rows": [(row, what_in_words(row), ", ".join(field_in_words(one) for one in row.fields)) for row in page],
        "unread": found.filter(read_at=None).count(),
        "until": newest.pk if newest else 0,
    }
    return render(request, "guidance/approach/notices.html", context)


def what_in_words(row: OfficeNotice) -> str:
    """What the hub did."""
    return str(How(row.what).label) if row.what in How.values else _("A guidance course began")


@posted
def read(request: StaffRequest) -> HttpResponse:
    """All that stands there has been read."""
    until = request.POST.get("until", "")
    if not until.isascii() or not until.isdigit() or len(until) > 18:
        raise Http404
    offices = notices_visible_to(request.actor).order_by().values("office")
    for office in Organisation.objects.filter(pk__in=offices):
        mark_read(actor=request.actor, office=office, until=int(until))
    tell(request, _("Marked as read, for you and your colleagues."))
    return redirect("guidance:office-notices")
