"""What an employer books for its people: the booking of a group, and each employee in it. What is booked is a journey like any other."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indgang.foundation.database import clock
from indgang.foundation.database.personal import Personal
from indgang.foundation.places.models import House
from indgang.operations.reception.models.journey import Journey, Purpose
from indgang.operations.reception.models.waiting import WaitingEntry


class BookWhen(models.TextChoices):
    """The employer's condition, stated before the booking: what must have a time for anything to be booked."""

    ALL = "all", _("Everybody, or nobody")
    AT_LEAST = "at-least", _("At least so many")
    NAMED = "named", _("At least those I mark")


class EmployerBooking(models.Model):
    """A group that an employer books for. It counts from when the contact has opened the link in their mail (`confirmed_at`).

    `first_day` to `same_day` are the contact's wishes for the times; None while they have not said.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    house = models.ForeignKey(House, models.CASCADE, related_name="employer_bookings")
    company = models.CharField(max_length=150)
    cvr = models.CharField(max_length=8, blank=True, help_text="Danish business number; empty = not given")
    name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=5, default="en")
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    earliest_time = models.TimeField(null=True, blank=True)
    latest_time = models.TimeField(null=True, blank=True)
    same_day = models.BooleanField(default=False)
    minutes_apart = models.PositiveSmallIntegerField(default=0, help_text="Between the first times of two employees on one day")
    book_when = models.CharField(max_length=10, choices=BookWhen.choices, default=BookWhen.ALL)
    at_least = models.PositiveSmallIntegerField(default=1)
    letters = models.PositiveSmallIntegerField(default=0, help_text="How often the link was sent")
    overviews = models.PositiveSmallIntegerField(default=0, help_text="How often something was booked, moved or cancelled here")
    created_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)

    personal = Personal(
        fields=("name", "email", "phone", "company", "cvr"),
        what="For those who book for their employees: your name, e-mail address and phone number, and your company.",
        purpose="To tell the employer which times are booked, and to let only its contact change them.",
        kept="Until thirty days after the last visit of the group; a day, where nobody opened the link. Then only the company is kept.",
    )

    class Meta:
        indexes = [models.Index(fields=["house", "email"], name="employer_booking_of")]

    def __str__(self) -> str:
        return self.company


class Employee(models.Model):
    """One of the people an employer books for, and the family that comes along. Once `journey` is set the visit is the employee's own.

    `offer` is what is proposed now: a time to book, or another time for what is booked. `problem` says why there is none.
    """

    booking = models.ForeignKey(EmployerBooking, models.CASCADE, related_name="employees")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=150)
    email = models.EmailField(max_length=254, blank=True)
    language = models.CharField(max_length=5, default="en")
    interpreter = models.CharField(max_length=5, blank=True, help_text="The language they need an interpreter for")
    citizenship = models.CharField(max_length=3, blank=True)
    purpose = models.CharField(max_length=20, choices=Purpose.choices, blank=True)
    stay_months = models.PositiveSmallIntegerField(null=True, blank=True)
    municipality = models.CharField(max_length=4, blank=True)
    arrival = models.DateField(null=True, blank=True, help_text="The first day this person can come")
    adults = models.PositiveSmallIntegerField(default=1)
    children = models.PositiveSmallIntegerField(default=0)
    reference = models.CharField(max_length=60, blank=True, help_text="The employer's own number for this person")
    needed = models.BooleanField(default=False, help_text="Nothing is booked without this person")
    offer = models.TextField(blank=True)
    starts = models.DateTimeField(null=True, blank=True, help_text="When the offer begins")
    problem = models.CharField(max_length=20, blank=True)
    replaced = models.BooleanField(default=False, help_text="The time proposed before was taken by somebody else")
    journey = models.OneToOneField(Journey, models.SET_NULL, null=True, blank=True, related_name="employee")
    waiting = models.ForeignKey(WaitingEntry, models.SET_NULL, null=True, blank=True, related_name="+")

    personal = Personal(
        fields=("name", "email", "citizenship", "interpreter", "purpose", "municipality", "reference", "offer"),
        what="What your employer told us to book for you: your name, e-mail address, citizenship, why you come and when, who comes along, "
        "the language you need an interpreter for, and the number your employer uses for you.",
        purpose="To plan and book the visit, and to show the employer which times are booked.",
        kept="Until thirty days after the last visit of the group. The visit itself is kept as any other.",
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["booking", "position"], name="employee_position_once"),
            models.CheckConstraint(condition=Q(offer="") | Q(starts__isnull=False), name="an_offer_has_a_time"),
            models.CheckConstraint(condition=Q(adults__gte=1), name="an_employee_comes"),
        ]

    def __str__(self) -> str:
        return self.name
