"""Addresses of the pages that join several rooms."""

from __future__ import annotations

from django.urls import path

from indgang.workspace.views import home

app_name = "workspace"
urlpatterns = [
    path("", home.home, name="home"),
]
