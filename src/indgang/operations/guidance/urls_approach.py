"""Addresses of who approaches whom."""

from __future__ import annotations

from django.urls import URLPattern, path

from indgang.operations.guidance.views import approach, approach_company, grey_zones, notices, outreach, who_is_who

YEAR = "approach/agreements/<int:year>/"
OFFICE = f"{YEAR}<slug:office>/"

urlpatterns: list[URLPattern] = [
    path("approach/", approach.approach, name="approach"),
    path("approach/companies/<int:company>/", approach_company.company, name="approach-company"),
    path("approach/companies/<int:company>/announce", approach_company.announce, name="announce-contact"),
    path("approach/contacts/<int:contact>/take-back", approach_company.take_back, name="take-back-contact"),
    path("approach/contacts/<int:contact>/bring-back", approach_company.bring_back, name="bring-back-contact"),
    path("approach/grey-zones/", grey_zones.grey_zones, name="grey-zones"),
    path("approach/grey-zones/new", grey_zones.new_grey_zone, name="new-grey-zone"),
    path("approach/grey-zones/<int:zone>/", grey_zones.grey_zone, name="grey-zone"),
    path(YEAR, outreach.year, name="outreach-year"),
    path(OFFICE, outreach.outreach, name="outreach"),
    path(f"{OFFICE}begin", outreach.begin, name="begin-outreach"),
    path(f"{OFFICE}carry-on", outreach.carry_on, name="carry-on-outreach"),
    path(f"{OFFICE}write", outreach.write, name="write-outreach"),
    path(f"{OFFICE}agree", outreach.agree, name="outreach-agree"),
    path(f"{OFFICE}not-agreed", outreach.not_agreed, name="outreach-not-agreed"),
    path(f"{OFFICE}meetings/<int:meeting>", outreach.meeting, name="outreach-meeting"),
    path("approach/who/", who_is_who.matrix, name="who-is-who"),
    path("approach/who.<str:form>", who_is_who.file, name="who-is-who-file"),
    path("approach/who/new", who_is_who.new, name="new-duty"),
    path("approach/who/<int:duty>/", who_is_who.change, name="change-duty"),
    path("approach/who/<int:duty>/confirm", who_is_who.confirm, name="confirm-duty"),
    path("approach/who/<int:duty>/end", who_is_who.end, name="end-duty"),
    path("approach/who/<int:duty>/take-up", who_is_who.take_up, name="take-up-duty"),
    path("approach/notices/", notices.notices, name="office-notices"),
    path("approach/notices/read", notices.read, name="notices-read"),
]
