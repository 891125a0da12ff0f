"""Addresses of the pages that join several rooms."""

from __future__ import annotations

from django.urls import path

from indgang.workspace.views import home, my_day, person, search

app_name = "workspace"
urlpatterns = [
    path("", home.home, name="home"),
    path("my-day/", my_day.my_day, name="my-day"),
    path("search/", search.search, name="search"),
    path("people/<uuid:key>/", person.person, name="person"),
    path("people/<uuid:key>/cpr/", person.reveal_cpr, name="reveal-cpr"),
    path("people/<uuid:key>/notes/", person.note, name="person-note"),
]
