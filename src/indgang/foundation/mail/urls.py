"""Addresses of the outbox, and of the letters that a demonstration shows instead of sending."""

from __future__ import annotations

from django.urls import path

from indgang.foundation.mail import views

app_name = "mail"
urlpatterns = [
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/<uuid:letter>/again/", views.send_again, name="send-again"),
    path("demo/mail/", views.demo_letters, name="demo"),
    path("demo/mail/<uuid:letter>/", views.demo_letter, name="demo-letter"),
    path("demo/mail/<uuid:letter>/calendar.ics", views.demo_calendar, name="demo-calendar"),
]
