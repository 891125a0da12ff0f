"""Regions, municipalities and houses: all of it region data, loaded from a folder."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models

from indgang.foundation.database.bilingual import Titled
from indgang.foundation.database.personal import NOTHING_PERSONAL


class Region(Titled):
    """A region with one entrance. `facts` holds what the footer, the notices and the mails need to know (see regions/README.md)."""

    key = models.SlugField(max_length=60, unique=True)
    country = models.CharField(max_length=2, default="DK", help_text="ISO 3166 alpha-2; decides the public holidays")
    time_zone = models.CharField(max_length=60, default="Europe/Copenhagen")
    facts = models.JSONField(default=dict)

    personal = NOTHING_PERSONAL

    @property
    def zone(self) -> ZoneInfo:
        """The region's time zone."""
        return ZoneInfo(self.time_zone)


class Municipality(Titled):
    """A municipality, by its official code without leading zero ("851")."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="municipalities")
    code = models.CharField(max_length=4, unique=True)
    key = models.SlugField(max_length=60)
    tile: models.JSONField[list[int] | None, list[int] | None] = models.JSONField(
        null=True, blank=True, help_text="Its tile on the map of the region, as column and row from 0; empty = on no map"
    )

    personal = NOTHING_PERSONAL


class House(Titled):
    """A place where several authorities receive people under one roof."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="houses")
    key = models.SlugField(max_length=60, unique=True)
    address = models.CharField(max_length=200)
    postcode = models.CharField(max_length=10)
    city = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    directions: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict, help_text="{language: text}")
    facts: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    active_from = models.DateField(null=True, blank=True, help_text="Of a house for a time: its first day")
    active_until = models.DateField(null=True, blank=True, help_text="Of a house for a time: its last day")

    personal = NOTHING_PERSONAL

    def active_on(self, date: dt.date) -> bool:
        """Whether the house receives people at that time of its life."""
        return (self.active_from is None or self.active_from <= date) and (self.active_until is None or date <= self.active_until)

    @property
    def zone(self) -> ZoneInfo:
        """The house keeps its region's time."""
        return self.region.zone

    @property
    def full_address(self) -> str:
        """One line for an envelope, a mail or a calendar entry."""
        return f"{self.address}, {self.postcode} {self.city}"
