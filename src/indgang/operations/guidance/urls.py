"""Addresses of guidance, by what they are about."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

app_name = "guidance"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("indgang.operations.guidance.urls_courses")),
    path("", include("indgang.operations.guidance.urls_figures")),
    path("", include("indgang.operations.guidance.urls_approach")),
    path("", include("indgang.operations.guidance.urls_screening")),
]
