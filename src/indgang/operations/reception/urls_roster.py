"""Addresses of reception: who sits where, and who is away. Part of urls.py, in its namespace."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from indgang.operations.reception.views import absences, roster

urlpatterns: list[URLPattern | URLResolver] = [
    path("hours/<slug:house>/week/", roster.week, name="week-plan"),
    path("hours/<slug:house>/desks/<slug:desk>/roster/", roster.desk_roster, name="desk-roster"),
    path("hours/<slug:house>/desks/<slug:desk>/roster/<int:number>/", roster.desk_roster, name="roster-change"),
    path("hours/<slug:house>/roster/<int:number>/end/", roster.end, name="roster-end"),
    path("hours/<slug:house>/roster/<int:number>/resume/", roster.resume, name="roster-resume"),
    path("hours/<slug:house>/away/", absences.away, name="away"),
    path("hours/<slug:house>/away/today/", absences.away_today, name="away-today"),
    path("hours/<slug:house>/away/<int:number>/back/", absences.lift, name="absence-lift"),
    path("hours/<slug:house>/nobody/", absences.nobody, name="unstaffed"),
    path("hours/<slug:house>/nobody/close/", absences.close, name="unstaffed-close"),
]
