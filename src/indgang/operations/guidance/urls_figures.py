"""Addresses of guidance: its figures. Part of urls.py, in its namespace."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from indgang.operations.guidance.views import figure_rows, figures

urlpatterns: list[URLPattern | URLResolver] = [
    path("guidance/figures/", figures.page, name="figures"),
    path("guidance/figures/rows/", figure_rows.rows, name="figure-rows"),
    path("guidance/figures/file/<slug:form>/", figures.download, name="figures-file"),
]
