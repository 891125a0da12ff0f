"""Addresses of screening visits and the sustainability wheel. Part of urls.py, in its namespace."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from indgang.operations.guidance.views import (
    screening_coverage,
    screening_fill,
    screening_plan,
    screening_public,
    screening_results,
    screenings,
    wheel,
    wheel_rows,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("screening/", screening_public.ask, name="ask-for-screening"),
    path("screening/asked/<str:asked>/", screening_public.asked, name="screening-asked"),
    path("screenings/", screenings.screenings, name="screenings"),
    path("screenings/new/", screening_plan.new, name="new-screening"),
    path("screenings/coverage/", screening_coverage.coverage_page, name="screening-coverage"),
    path("screenings/coverage/rows/", screening_coverage.rows, name="screening-rows"),
    path("screenings/coverage/wheels/", wheel_rows.rows, name="wheel-rows"),
    path("screenings/offline.js", screening_fill.worker, name="screening-worker"),
    path("screenings/<int:screening>/", screenings.screening, name="screening"),
    path("screenings/<int:screening>/plan/", screening_plan.plan, name="plan-screening"),
    path("screenings/<int:screening>/hold/", screenings.hold, name="hold-screening"),
    path("screenings/<int:screening>/undo-hold/", screenings.undo_hold, name="undo-hold-screening"),
    path("screenings/<int:screening>/cancel/", screenings.cancel, name="cancel-screening"),
    path("screenings/<int:screening>/undo-cancel/", screenings.undo_cancel, name="undo-cancel-screening"),
    path("screenings/<int:screening>/fill/", screening_fill.begin, name="fill-screening"),
    path("screenings/<int:screening>/fill/<slug:topic>/", screening_fill.topic_page, name="fill-topic"),
    path("screenings/<int:screening>/result/", screening_results.result, name="screening-result"),
    path("screenings/<int:screening>/result.pdf", screening_results.paper, name="screening-pdf"),
    path("screenings/<int:screening>/summary/", screening_results.summary, name="screening-summary"),
    path("screenings/<int:screening>/share/", screening_results.share, name="share-screening"),
    path("screenings/<int:screening>/withdraw-consent/", screening_results.withdraw, name="withdraw-screening-consent"),
    path("screenings/<int:screening>/leads/", screening_results.lead, name="screening-lead"),
    path("leads/<int:lead>/withdraw/", screening_results.withdraw_lead, name="withdraw-lead"),
    path("leads/<int:lead>/undo-withdraw/", screening_results.undo_withdraw_lead, name="undo-withdraw-lead"),
    path("wheel/", wheel.turn, name="wheel"),
    path("wheel/result/", wheel.result, name="wheel-result"),
    path("wheel/result.pdf", wheel.paper, name="wheel-pdf"),
    path("courses/<int:course>/wheel/", wheel.on_course, name="course-wheel"),
    path("courses/wheels/<int:filling>/remove/", wheel.remove, name="remove-wheel"),
    path("courses/wheels/<int:filling>/bring-back/", wheel.bring_back, name="bring-back-wheel"),
]
