"""The companies of a demonstration: made up, the same for the same seed, and whole."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django.db.models import F

from indgang.config.demo_accounts import Accounts
from indgang.config.demo_companies import WHO, fill_companies
from indgang.config.region_commands import load_region
from indgang.foundation.access.actors import staff, system
from indgang.foundation.identifiers.companies import normal_cvr
from indgang.foundation.identity.models import Membership, User
from indgang.foundation.journal.models import Circle, Entry
from indgang.foundation.places.region import RegionFolder
from indgang.operations.guidance.models import (
    Category,
    Course,
    Delivery,
    Duty,
    GreyZone,
    Lead,
    LogEntry,
    Meeting,
    OfficeNotice,
    Outreach,
    PlannedContact,
    ResultShare,
    Screening,
    ScreeningState,
    WheelFilling,
    WheelUse,
)
from indgang.registers.parties.demo.register import fill_register
from indgang.registers.parties.models import Company, CompanyNote, Contact, Tie
from indgang.registers.parties.queries.ties import ties_visible_to
from indgang.registers.parties.tests.factories import municipality, organisation

pytestmark = pytest.mark.django_db
UNTIL = dt.date(2026, 11, 24)


def filled() -> str:
    municipality("851")
    for key, _role in WHO:
        organisation(key)
    return fill_companies(Accounts(system(), 1), UNTIL, 1)


def whole() -> str:
    """With all that a region's files say."""
    load_region(RegionFolder.find("north-denmark"))
    return fill_companies(Accounts(system(), 1), UNTIL, 1)


def test_it_is_made_once_and_every_number_could_be_one() -> None:
    assert filled() == "companies: 400, courses: 202, deliveries: 225, screening visits: 0"
    assert fill_register(1, UNTIL) == []
    numbers = list(Company.objects.exclude(cvr=None).values_list("cvr", flat=True))
    assert [normal_cvr(number or "") for number in numbers] == numbers
    assert len(set(numbers)) == 400
    roles = [role for _key, role in WHO]
    assert sorted(Membership.objects.values_list("role", flat=True)) == sorted(roles)


def test_everything_happened_before_the_day_and_on_working_days() -> None:
    filled()
    days = [*Course.objects.values_list("started", flat=True), *Delivery.objects.values_list("date", flat=True)]
    days += CompanyNote.objects.values_list("on", flat=True)
    assert all(day < UNTIL and day.weekday() < 5 for day in days)
    assert (
        Entry.objects.filter(at__gte=dt.datetime.combine(UNTIL, dt.time(), dt.UTC))
        .exclude(verb__startswith="user")
        .exclude(verb__startswith="membership")
        .count()
        == 0
    )


def test_agreements_who_is_who_and_notices_are_there_and_tell_nothing_confidential() -> None:
    whole()
    made = [model.objects.count() for model in (Outreach, Meeting, Duty, GreyZone, PlannedContact, OfficeNotice)]
    assert all(made)
    assert (8 <= made[0] < 11, made[1]) == (True, 4 * made[0])
    assert not OfficeNotice.objects.filter(course__category=Category.EARLY_WARNING).exists()
    assert set(Duty.objects.values_list("kind", flat=True)) == {"contact", "office", "field"}
    too_old = Duty.objects.filter(confirmed_on__lt=UNTIL - dt.timedelta(days=180), kind="field").values_list("field", flat=True)
    assert (
        0 < len(too_old) == Duty.objects.filter(kind="field", field__in=too_old).exclude(name="").count() - len(too_old)
    )  # with a colleague
    assert PlannedContact.objects.count() - PlannedContact.objects.values("company").distinct().count() == 1  # two call the same company
    assert GreyZone.objects.exclude(replaced_by=None).count() == GreyZone.objects.exclude(company=None).count() == 1
    assert (
        Tie.objects.count()
        == sum(model.objects.count() for model in (Course, Delivery, CompanyNote)) + Screening.objects.exclude(company=None).count()
    )


def test_screening_visits_cover_several_municipalities_and_two_years_in_every_state() -> None:
    assert whole() == f"companies: 400, courses: 202, deliveries: 225, screening visits: {Screening.objects.count()}"
    held = Screening.objects.filter(state=ScreeningState.HELD)
    assert set(held.values_list("date__year", flat=True)) == {2025, 2026}
    assert set(held.values_list("municipality__code", flat=True)) == {"787", "813", "851", "860"}
    assert set(Screening.objects.values_list("state", flat=True)) == {"held", "planned", "requested"}
    assert all(day < UNTIL and day.weekday() < 5 for day in held.values_list("date", flat=True) if day)
    assert held.filter(answers=None).count() == 0
    assert Screening.objects.filter(state=ScreeningState.PLANNED, date=UNTIL).count() == 4  # one today at each office
    assert Lead.objects.exists()
    for consent in [*ResultShare.objects.values_list("consent", flat=True), *Lead.objects.values_list("consent", flat=True)]:
        assert consent  # nothing is passed on without one


def test_wheels_are_turned_in_public_and_in_courses_and_every_contact_is_within_its_course() -> None:
    whole()
    assert WheelUse.objects.count() > WheelFilling.objects.count() > 10
    assert not WheelFilling.objects.filter(course__category=Category.EARLY_WARNING).exists()
    late = LogEntry.objects.filter(on__gt=F("course__ended")) | LogEntry.objects.filter(on__gte=UNTIL)
    assert (LogEntry.objects.count() > 300, late.count(), LogEntry.objects.filter(on__lt=F("course__started")).count()) == (True, 0, 0)
    quiet = LogEntry.objects.filter(course__category=Category.EARLY_WARNING).values_list("pk", flat=True)
    told = Entry.objects.filter(subject_type="guidance.logentry", subject_id__in=[str(key) for key in quiet])
    assert (len(quiet), set(told.values_list("circle", flat=True))) == (told.count(), {Circle.TEAM})


def test_the_same_seed_makes_the_same() -> None:
    load_region(RegionFolder.find("north-denmark"))
    made = []
    for _time in range(2):
        mark = transaction.savepoint()
        fill_companies(Accounts(system(), 1), UNTIL, 1)
        visits = Screening.objects.values_list("reference", "company__cvr", "date", "state", "contact_name").order_by("reference")
        contacts = LogEntry.objects.values_list("course__reference", "on", "text", "hours").order_by("course__reference", "on", "text")
        wheels = WheelFilling.objects.values_list("course__reference", "on", "answers").order_by("course__reference")
        duties = Duty.objects.values_list("kind", "office__key", "field", "name", "confirmed_on").order_by(
            "kind", "office", "field", "name"
        )
        made.append([list(rows) for rows in (visits, contacts, wheels, duties)])
        transaction.savepoint_rollback(mark)
    assert made[0] == made[1]


def test_each_record_says_who_deals_with_the_company_and_early_warning_is_the_teams() -> None:
    filled()
    assert Tie.objects.count() == Course.objects.count() + Delivery.objects.count() + CompanyNote.objects.count()
    quiet = Course.objects.filter(category=Category.EARLY_WARNING)
    assert quiet.count() == 12
    consultant = staff(User.objects.get(email="consultant@erhvervshus-nordjylland.example"))
    team = staff(User.objects.get(email="early-warning@erhvervshus-nordjylland.example"))
    assert ties_visible_to(team).count() - ties_visible_to(consultant).count() == 12
    tags = [str(course.pk) for course in quiet]
    circles = Entry.objects.filter(subject_type="guidance.course", subject_id__in=tags).values_list("circle", flat=True)
    assert set(circles) == {Circle.TEAM}
    told = Entry.objects.filter(verb__in=["course.ended", "delivery.registered"]).values_list("after", flat=True)
    assert all(facts.get("ended") or facts.get("date") for facts in told)
    assert Contact.objects.exclude(email__endswith=".example").count() == 0
