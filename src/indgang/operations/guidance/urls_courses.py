"""Addresses of courses and deliveries."""

from __future__ import annotations

from django.urls import URLPattern, path

from indgang.operations.guidance.views import course, course_log, courses, deliveries

urlpatterns: list[URLPattern] = [
    path("guidance/", courses.courses, name="courses"),
    path("guidance/courses.<slug:form>", courses.download, name="courses-file"),
    path("guidance/companies/<int:company>/begin/", course.begin, name="begin"),
    path("guidance/companies/<int:company>/deliver/", deliveries.deliver, name="deliver"),
    path("guidance/courses/<int:course>/", course.course, name="course"),
    path("guidance/courses/<int:course>/change/", course.change, name="course-change"),
    path("guidance/courses/<int:course>/end", course.end, name="course-end"),
    path("guidance/courses/<int:course>/reopen", course.reopen, name="course-reopen"),
    path("guidance/courses/<int:course>/end-again", course.end_again, name="course-end-again"),
    path("guidance/courses/<int:course>/remove", course.remove, name="course-remove"),
    path("guidance/courses/<int:course>/bring-back", course.bring_back, name="course-bring-back"),
    path("guidance/courses/<int:course>/contacts", course_log.write, name="contact-write"),
    path("guidance/courses/<int:course>/contacts/<int:noted>/", course_log.change, name="contact-change"),
    path("guidance/courses/<int:course>/contacts/<int:noted>/remove", course_log.remove, name="contact-remove"),
    path("guidance/courses/<int:course>/contacts/<int:noted>/bring-back", course_log.bring_back, name="contact-bring-back"),
    path("guidance/courses/<int:course>/steps", course_log.agree, name="step-agree"),
    path("guidance/courses/<int:course>/steps/<int:step>/<slug:deed>", course_log.step, name="step"),
    path("guidance/deliveries/<int:delivery>/", deliveries.delivery, name="delivery"),
    path("guidance/deliveries/<int:delivery>/remove", deliveries.remove, name="delivery-remove"),
    path("guidance/deliveries/<int:delivery>/bring-back", deliveries.bring_back, name="delivery-bring-back"),
]
