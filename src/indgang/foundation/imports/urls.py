"""Addresses of import and export."""

from __future__ import annotations

from django.urls import path

from indgang.foundation.imports import views

app_name = "imports"
urlpatterns = [
    path("imports/", views.overview, name="overview"),
    path("imports/<int:batch>/", views.batch, name="batch"),
    path("imports/<int:batch>/undo/", views.undo, name="undo"),
    path("imports/<slug:kind>/files/<int:file>/", views.preview, name="preview"),
    path("imports/<slug:kind>/export.<slug:form>", views.export, name="export"),
]
