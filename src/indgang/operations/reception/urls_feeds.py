"""Addresses of reception: calendar feeds. Part of urls.py, in its namespace."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from indgang.operations.reception.views import feeds

urlpatterns: list[URLPattern | URLResolver] = [
    path("feeds/", feeds.feeds, name="feeds"),
    path("feeds/<int:number>/end/", feeds.end, name="feed-end"),
    path("feeds/calendar.ics", feeds.feed, name="feed"),
]
