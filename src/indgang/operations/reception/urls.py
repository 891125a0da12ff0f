"""Addresses of reception: the newcomer's pages; those of the house's staff are in urls_staff."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from indgang.operations.reception.views import (
    after_visit,
    display,
    employer_people,
    employer_times,
    employers,
    kiosk,
    my_arrival,
    my_arrival_change,
    newcomer,
    newcomer_book,
    newcomer_plan,
    ticket,
    waiting,
    waiting_offer,
)

app_name = "reception"

urlpatterns: list[URLPattern | URLResolver] = [
    path("arrive/", newcomer.arrive, name="arrive"),
    path("arrive/plan", newcomer_plan.plan, name="plan"),
    path("arrive/book", newcomer_book.book, name="book"),
    path("arrival/<str:reference>/", my_arrival.my_arrival, name="my-arrival"),
    path("arrival/<str:reference>/code", my_arrival.enter_code, name="enter-code"),
    path("arrival/<str:reference>/new-code", my_arrival.new_code, name="new-code"),
    path("arrival/<str:reference>/calendar.ics", my_arrival.calendar, name="calendar"),
    path("arrival/<str:reference>/move", my_arrival_change.move, name="move"),
    path("arrival/<str:reference>/cancel", my_arrival_change.cancel, name="cancel"),
    path("arrive/wait", waiting.join, name="join-waiting-list"),
    path("waiting/<uuid:entry>/", waiting.waiting, name="waiting"),
    path("waiting/<uuid:entry>/change", waiting.change, name="change-waiting"),
    path("waiting/<uuid:entry>/offer/<uuid:offer>/", waiting_offer.waiting_offer, name="waiting-offer"),
    path("employers/", employers.start, name="employers"),
    path("employers/template.<str:form>", employers.template, name="employer-template"),
    path("employers/<uuid:booking>/", employers.group, name="employer-group"),
    path("employers/<uuid:booking>/people", employer_people.people, name="employer-people"),
    path("employers/<uuid:booking>/people/<int:number>", employer_people.person, name="employer-person"),
    path("employers/<uuid:booking>/times", employer_times.times, name="employer-times"),
    path("employers/<uuid:booking>/preview", employer_times.preview, name="employer-preview"),
    path("employers/<uuid:booking>/change", employer_times.change, name="employer-change"),
    path("employers/<uuid:booking>/group.<str:form>", employer_times.file, name="employer-file"),
    path("hall/<slug:house>/", kiosk.kiosk, name="kiosk"),
    path("hall/<slug:house>/taken/<int:number>/", kiosk.paper, name="ticket-paper"),
    path("hall/<slug:house>/display/", display.display, name="display"),
    path("ticket/<int:number>/", ticket.ticket, name="ticket"),
    path("after/", after_visit.after_visit, name="after-visit"),
    path("", include("indgang.operations.reception.urls_staff")),
    path("", include("indgang.operations.reception.urls_roster")),
    path("", include("indgang.operations.reception.urls_feeds")),
    path("", include("indgang.operations.reception.urls_statistics")),
]
