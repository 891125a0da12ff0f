"""The letters of a journey: what they say, once each, and in whose language."""

import datetime as dt
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import get_template
from icalendar import Calendar

from indgang.foundation.access.actors import system
from indgang.foundation.database import clock
from indgang.foundation.jobs.work import run_due_jobs
from indgang.foundation.mail.models import Letter, State
from indgang.foundation.mail.tests.receiver import Receiver
from indgang.operations import reception
from indgang.operations.reception import emails
from indgang.operations.reception.actions.changes import cancel_journey, move_journey, release_unconfirmed
from indgang.operations.reception.calendars import calendar_of
from indgang.operations.reception.models import Journey
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.test_calendars import house_for_two_days, moved_to
from indgang.operations.reception.wording import greeted

ZONE = ZoneInfo("Europe/Copenhagen")


def letters() -> list[tuple[str, str]]:
    """Every letter's kind and calendar method, oldest first."""
    return [(re.sub(r"[0-9a-f-]{36}", "*", letter.key), letter.calendar_method) for letter in Letter.objects.order_by("created_at")]


def events_of(letter: Letter) -> list[tuple[str, int, str]]:
    return [
        (str(event["uid"]).partition("@")[0][-2:], event["sequence"], str(event["status"]))
        for event in Calendar.from_ical(letter.calendar).walk("VEVENT")
    ]


@pytest.mark.django_db
def test_the_confirmation_says_where_when_what_to_bring_and_the_way_back() -> None:
    house = factories.small_house()
    journey = factories.book(house, name="Amira Nowak", email="amira@example.org", adults=2).journey
    moved_to(journey, dt.datetime(2026, 12, 8, 9, 30, tzinfo=ZONE))
    Letter.objects.all().delete()
    emails.send_booked(journey=journey, manage_url="https://example.org/a?key=secret", code="123456")
    letter = Letter.objects.get()
    assert (letter.to, letter.reply_to, letter.organisation.key) == ("amira@example.org", "house@example.org", "ihnd")
    assert letter.subject == "Your visit to International House, Aalborg on Tuesday 8 December"
    for words in (
        "Hello Amira Nowak\n",
        "Please come to Rantzausgade 4, 9000 Aalborg on Tuesday 8 December, 9.30-11.20.",
        "Please come together, both of you. Your reference is " + journey.reference,
        "Your code is 123456\n",
        "within 24 hours",
        "\nhttps://example.org/a?key=secret\n",
        "9.30-9.50  EU residence document\n    SIRI, Desk 1\n    Bring:\n    - Passport or identity card\n    - Employment contract\n",
        "11.00-11.20  Tax card\n    Skattestyrelsen, Desk 5\n    For Amira Nowak\n",
        "Five minutes on foot from the station.",
        "Answer this e-mail or call +4599820000.",
    ):
        assert words in letter.text
    assert not re.search(r"{|}|\n\n\n|[ \t]\n", letter.text)
    assert letter.secrets == ["https://example.org/a?key=secret", "123456"]


@pytest.mark.django_db
def test_the_confirmation_in_danish() -> None:
    journey = factories.book(factories.small_house(), name="Åse Ø'Hara-Søndergård", language="da").journey
    moved_to(journey, dt.datetime(2026, 12, 8, 9, 30, tzinfo=ZONE))
    Letter.objects.all().delete()
    letter = emails.send_booked(journey=journey, manage_url="https://example.org/a?key=secret", code="123456")
    assert letter.subject == "Dit besøg hos International House, Aalborg tirsdag den 8. december"
    assert "Hej Åse Ø'Hara-Søndergård\n" in letter.text
    assert "Kom til Rantzausgade 4, 9000 Aalborg tirsdag den 8. december kl. 9.30-11.20." in letter.text
    assert "    Tag med:\n    - Pas eller id-kort\n    - Ansættelseskontrakt\n" in letter.text


@pytest.mark.django_db
def test_somebody_who_was_booked_at_the_counter_is_not_threatened_with_losing_the_places() -> None:
    house = factories.small_house()
    journey = factories.book(house).journey
    journey.source = "desk"
    Letter.objects.all().delete()
    assert "24 hours" not in emails.send_booked(journey=journey, manage_url="x", code="123456").text


@pytest.mark.django_db
def test_each_letter_is_written_once() -> None:
    journey = factories.book(factories.small_house()).journey
    for _ in range(2):
        emails.send_booked(journey=journey, manage_url="x", code="1")
        emails.send_code(journey=journey, code="123456")
        emails.send_reminder(journey=journey, manage_url="y", date=factories.working_day())
    assert sorted(key.split(":")[0] for key in Letter.objects.values_list("key", flat=True)) == ["booked", "code", "reminder"]


@pytest.mark.django_db
def test_a_contact_without_an_address_gets_no_letter() -> None:
    journey = factories.book(factories.small_house()).journey
    Letter.objects.all().delete()
    journey.contact.email = ""
    assert emails.send_booked(journey=journey, manage_url="x", code="1") is None
    assert emails.send_cancelled(journey=journey) is None
    assert Letter.objects.count() == 0


@pytest.mark.django_db
def test_a_move_brings_the_new_times_and_takes_back_what_waited_about_the_old() -> None:
    house = factories.small_house()
    journey = factories.book(house).journey
    emails.send_reminder(journey=journey, manage_url="x", date=factories.working_day())
    assert emails.send_reminder(journey=journey, manage_url="x", date=factories.working_day(ahead=30)) is None
    later = factories.plan(house, on=factories.working_day(ahead=9), moving=journey.id).itineraries[0]
    move_journey(actor=system(), journey=journey, offer=later.offer)
    moved = Letter.objects.get(key=f"moved:{journey.id}:1")
    assert (events_of(moved), moved.calendar_method) == ([("-1", 1, "CONFIRMED")], "REQUEST")
    assert moved.subject.startswith("New time for your visit: Tuesday")
    assert [letter.key.split(":")[0] for letter in Letter.objects.filter(state=State.WITHDRAWN)] == ["reminder"]


@pytest.mark.django_db
def test_a_cancellation_is_kind_and_takes_the_event_out_of_the_calendar() -> None:
    journey = factories.book(factories.small_house()).journey
    cancel_journey(actor=system(), journey=journey)
    letter = Letter.objects.get(key=f"cancelled:{journey.id}:1")
    assert (events_of(letter), letter.calendar_method) == ([("-1", 1, "CANCELLED")], "CANCEL")
    assert "You are welcome to book again" in letter.text
    assert list(Letter.objects.exclude(pk=letter.pk).values_list("state", flat=True)) == [State.WITHDRAWN]


@pytest.mark.django_db
def test_somebody_whose_address_nobody_confirmed_is_told_why_the_visit_is_cancelled(settings) -> None:
    journey = factories.book(factories.small_house(), on=factories.working_day(ahead=5)).journey
    settings.CLOCK_STARTS_AT = clock.now() + dt.timedelta(hours=25)
    assert release_unconfirmed() == 1
    assert "asked you to confirm your e-mail address" in Letter.objects.get(key=f"cancelled:{journey.id}:1").text


@pytest.mark.django_db
def test_a_visit_over_two_days_has_a_letter_with_an_invitation_for_each_and_they_go_when_the_days_go() -> None:
    house = house_for_two_days()
    journey = factories.book(house).journey
    assert letters() == [("booked:*:0", "REQUEST"), ("booked:*:0:day-2", "REQUEST")]
    assert [events_of(letter) for letter in Letter.objects.order_by("created_at")] == [[("-1", 0, "CONFIRMED")], [("-2", 0, "CONFIRMED")]]
    assert "Day 2 of 2" in Letter.objects.get(key__endswith="day-2").subject
    moved_to(journey, dt.datetime.combine(factories.working_day(ahead=30), dt.time(9), ZONE))
    journey.sequence = 1
    emails.send_moved(journey=journey, manage_url="x")
    assert letters()[2:] == [("moved:*:1", "REQUEST"), ("moved:*:1:day-2", "CANCEL")]
    assert events_of(Letter.objects.get(key=f"moved:{journey.id}:1:day-2")) == [("-2", 1, "CANCELLED")]
    journey.sequence = 2
    emails.send_moved(journey=journey, manage_url="x")
    assert letters()[4:] == [("moved:*:2", "REQUEST")]


@pytest.mark.django_db
def test_cancelling_a_visit_over_two_days_cancels_both() -> None:
    journey = factories.book(house_for_two_days()).journey
    cancel_journey(actor=system(), journey=journey)
    assert letters()[2:] == [("cancelled:*:1", "CANCEL"), ("cancelled:*:1:day-2", "CANCEL")]
    assert [events_of(letter)[0] for letter in Letter.objects.filter(key__startswith="cancelled").order_by("created_at")] == [
        ("-1", 1, "CANCELLED"),
        ("-2", 1, "CANCELLED"),
    ]
    assert len(list(Calendar.from_ical(calendar_of(Journey.objects.get())).walk("VEVENT"))) == 2


@pytest.mark.django_db
def test_missing_papers_are_named_with_what_to_do_next() -> None:
    journey = factories.book(factories.small_house()).journey
    visit = journey.visits.get(service__key="tax-card")
    visit.missing, visit.missing_other = ["contract"], ["Form 04.063"]
    letter = emails.send_documents_missing(journey=journey, visit=visit, manage_url="https://example.org/a?key=secret")
    assert letter.subject == "Papers we still need for “Tax card”"
    assert "\n- Employment contract\n- Form 04.063\n" in letter.text
    assert "What to do next: find these papers, then book a new time" in letter.text


@pytest.mark.parametrize(
    ("name", "greeting"),
    [
        ("Amira  Nowak", "Amira Nowak"),
        ("Søren Ó Dubhghaill-Müller Jr.", "Søren Ó Dubhghaill-Müller Jr."),
        ("Анна", "Анна"),
        ("李小龍", "李小龍"),
        ("Win at https://spam.example", ""),
        ("www.spam.example", ""),
        ("Call 12345678 now", ""),
        ("x" * 61, ""),
        ("", ""),
    ],
)
def test_only_names_are_greeted(name, greeting) -> None:
    assert greeted(name) == greeting


LETTERS = Path(reception.__file__).parent / "templates" / "reception" / "mail"
NAMES = sorted({path.name.partition(".")[0] for path in LETTERS.glob("*.txt")})


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_of_a_letter_say_the_same_things(name) -> None:
    def used(language: str) -> list[str]:
        source = get_template(f"reception/mail/{name}.{language}.txt").template.source
        assert f".{'da' if language == 'en' else 'en'}.txt" not in source
        return [part.replace(f".{language}.txt", ".txt") for part in sorted(re.findall(r"{{.*?}}|{%.*?%}", source))]

    assert used("da") == used("en")


@pytest.mark.django_db
def test_a_booked_visit_arrives_as_an_invitation(settings) -> None:
    receiver = Receiver()
    settings.SMTP_URL, settings.MAIL_FROM = receiver.url, "indgang@example.org"
    receiver.start()
    try:
        journey = factories.book(factories.small_house(), email="amira@example.org").journey
        run_due_jobs()
    finally:
        receiver.stop()
    (message,) = receiver.messages
    text, calendar = next(message.iter_parts()).iter_parts()
    assert "Your reference is " + journey.reference in text.get_content()
    assert calendar.get_content_type() == "text/calendar"
    assert Calendar.from_ical(calendar.get_content())["method"] == "REQUEST"
    assert str(message["From"]) == "International House North Denmark <indgang@example.org>"
    kept = Letter.objects.get()
    assert (kept.state, "key=" in kept.text, kept.secrets) == (State.SENT, False, [])
