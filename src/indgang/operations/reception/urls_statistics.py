"""Addresses of reception: the statistics of a house. Part of urls.py, in its namespace."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from indgang.operations.reception.views import statistics, statistics_rows

urlpatterns: list[URLPattern | URLResolver] = [
    path("statistics/", statistics.choose, name="statistics"),
    path("statistics/<slug:house>/", statistics.page, name="statistics-page"),
    path("statistics/<slug:house>/steps/", statistics_rows.rows, name="statistics-rows"),
    path("statistics/<slug:house>/file/<slug:form>/", statistics.download, name="statistics-file"),
]
