"""What a person may set about the pages: the language, and keyboard shortcuts. Changed by POST only."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from indgang.foundation.access.decorators import StaffRequest, staff_required


@require_POST
def change_language(request: HttpRequest) -> HttpResponse:
    """Keep the language in a cookie (and for a colleague in the account, for mails) and show the same page again."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        request.user.language = language
        request.user.save(update_fields=["language"])
    return set_language(request)


@require_POST
@staff_required
def change_shortcuts(request: StaffRequest) -> HttpResponse:
    """Turn keyboard shortcuts on or off and show the same page again."""
    request.user.shortcuts = request.POST.get("shortcuts") == "on"
    request.user.save(update_fields=["shortcuts"])
    return HttpResponseRedirect(_next(request))


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()) else "/"
