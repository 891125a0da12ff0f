"""Addresses of the pages that join several rooms."""

from __future__ import annotations

from django.urls import path

from indgang.workspace.views import companies, company, doubles, home, my_day, person, search, segments

app_name = "workspace"
urlpatterns = [
    path("", home.home, name="home"),
    path("my-day/", my_day.my_day, name="my-day"),
    path("search/", search.search, name="search"),
    path("people/<uuid:key>/", person.person, name="person"),
    path("people/<uuid:key>/cpr/", person.reveal_cpr, name="reveal-cpr"),
    path("people/<uuid:key>/notes/", person.note, name="person-note"),
    path("companies/", companies.companies, name="companies"),
    path("companies/new/", companies.new_company, name="new-company"),
    path("companies/lists/", segments.segments, name="segments"),
    path("companies/lists/file/<slug:form>/", segments.segment_file, name="segment-file"),
    path("companies/lists/<int:segment>/remove/", segments.remove, name="segment-remove"),
    path("companies/lists/<int:segment>/bring-back/", segments.bring_back, name="segment-bring-back"),
    path("companies/doubles/", doubles.doubles, name="doubles"),
    path("companies/doubles/<int:double>/", doubles.judge_double, name="judge-double"),
    path("companies/doubles/<int:double>/take-back/", doubles.take_back_double, name="take-back-double"),
    path("companies/<int:company>/", company.company, name="company"),
    path("companies/<int:company>/facts/", company.facts, name="company-facts"),
    path("companies/<int:company>/notes/", company.write_note, name="company-write-note"),
    path("companies/<int:company>/notes/<int:record>/", company.note, name="company-note"),
    path("companies/<int:company>/contacts/", company.contact, name="contact-new"),
    path("companies/<int:company>/contacts/<int:record>/", company.contact, name="contact"),
    path("companies/<int:company>/consents/", company.give_consent, name="consent-give"),
    path("companies/<int:company>/changes/<int:change>/take-back/", company.take_back_change, name="change-take-back"),
    *(path(f"companies/<int:company>/{deed}/<int:record>/", company.deed, {"deed": deed}, name=deed) for deed in company.DEEDS),
]
