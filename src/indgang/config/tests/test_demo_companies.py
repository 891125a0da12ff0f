"""The companies of a demonstration: made up, the same for the same seed, and whole."""

from __future__ import annotations

import datetime as dt

import pytest

from indgang.config.demo_accounts import Accounts
from indgang.config.demo_companies import WHO, fill_companies
from indgang.config.region_commands import load_region
from indgang.foundation.access.actors import staff, system
from indgang.foundation.identifiers.companies import normal_cvr
from indgang.foundation.identity.models import Membership, User
from indgang.foundation.journal.models import Circle, Entry
from indgang.foundation.places.region import RegionFolder
from indgang.operations.guidance.models import Category, Course, Delivery, Duty, GreyZone, Meeting, OfficeNotice, Outreach, PlannedContact
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


def test_it_is_made_once_and_every_number_could_be_one() -> None:
    assert filled() == "companies: 400, courses: 202, deliveries: 225"
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
    load_region(RegionFolder.find("north-denmark"))
    fill_companies(Accounts(system(), 1), UNTIL, 1)
    made = [model.objects.count() for model in (Outreach, Meeting, Duty, GreyZone, PlannedContact, OfficeNotice)]
    assert all(made)
    assert (8 <= made[0] < 11, made[1]) == (True, 4 * made[0])
    assert not OfficeNotice.objects.filter(course__category=Category.EARLY_WARNING).exists()
    assert set(Duty.objects.values_list("kind", flat=True)) == {"contact", "office", "field"}


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
