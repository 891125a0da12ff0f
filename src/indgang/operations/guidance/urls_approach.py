"""Addresses of who approaches whom."""

from __future__ import annotations

from django.urls import URLPattern, path

from indgang.operations.guidance.views import approach, approach_company, grey_zones

urlpatterns: list[URLPattern] = [
    path("approach/", approach.approach, name="approach"),
    path("approach/companies/<int:company>/", approach_company.company, name="approach-company"),
    path("approach/companies/<int:company>/announce", approach_company.announce, name="announce-contact"),
    path("approach/contacts/<int:contact>/take-back", approach_company.take_back, name="take-back-contact"),
    path("approach/contacts/<int:contact>/bring-back", approach_company.bring_back, name="bring-back-contact"),
    path("approach/grey-zones/", grey_zones.grey_zones, name="grey-zones"),
    path("approach/grey-zones/new", grey_zones.new_grey_zone, name="new-grey-zone"),
    path("approach/grey-zones/<int:zone>/", grey_zones.grey_zone, name="grey-zone"),
]
