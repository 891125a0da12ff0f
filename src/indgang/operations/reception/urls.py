"""Addresses of reception: the newcomer's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from indgang.operations.reception.views import my_arrival

app_name = "reception"

urlpatterns: list[URLPattern | URLResolver] = [
    path("arrival/<str:reference>/", my_arrival.my_arrival, name="my-arrival"),
]
