"""Errors of the HTTP API as RFC 9457 problem+json, wherever they arise: also an unknown address or a method that is not allowed."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

CONTENT_TYPE = "application/problem+json"


def problem(status: int, detail: str, **members: Any) -> HttpResponse:
    """An RFC 9457 answer. `type` is about:blank, so `title` is the status in words."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail} | members
    answer = JsonResponse(body, status=status, content_type=CONTENT_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


class ProblemMiddleware:
    """Scripts never get a page meant for people: under /api/ every error that is not a problem document yet becomes one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith("/api/") or response.status_code < 400 or response["Content-Type"] == CONTENT_TYPE:
            return response
        answer = problem(response.status_code, _detail(response.status_code))
        if response.has_header("Allow"):
            answer["Allow"] = response["Allow"].replace("GET", "GET, HEAD")
        return answer


class HeadMiddleware:
    """HEAD is answered wherever GET is (RFC 9110): as GET would be, and the server leaves the body out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/") or request.method != "HEAD":
            return self.get_response(request)
        request.method = "GET"
        response = self.get_response(request)
        request.method = "HEAD"
        return response


def _detail(status: int) -> str:
    if status == HTTPStatus.NOT_FOUND:
        return _("There is nothing here under this address with this key.")
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return _("This address does not take this method.")
    return _("We could not read that")
