"""Addresses of the frame: language, shortcuts, notices and the gallery of components."""

from __future__ import annotations

from django.urls import path

from indgang.foundation.ui import gallery, notices, preferences

app_name = "ui"
urlpatterns = [
    path("language/", preferences.change_language, name="language"),
    path("shortcuts/", preferences.change_shortcuts, name="shortcuts"),
    path("privacy/", notices.privacy, name="privacy"),
    path("accessibility/", notices.accessibility, name="accessibility"),
    path("ui/", gallery.gallery, name="gallery"),
]
