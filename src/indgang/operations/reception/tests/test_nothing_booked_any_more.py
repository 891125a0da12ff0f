"""Where a visit has no booked time any more, it leaves the calendars of those who were invited; when that is undone, it comes back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from icalendar import Calendar

from indgang.foundation.access.actors import Actor, citizen, staff
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Role
from indgang.foundation.mail.models import Letter, State
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import changes, floor, line, sent_on
from indgang.operations.reception.actions import desk as desks
from indgang.operations.reception.models import Appointment, Journey, Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, party
from indgang.operations.reception.tests.test_from_journal import same

pytestmark = pytest.mark.django_db
TIME = re.compile(r"\d{1,2}\.\d{2}-\d{1,2}\.\d{2}")


def event_of(letter: Letter) -> tuple[str, str, int]:
    """What it does to the calendar: the method, whose entry, and its revision."""
    calendar = Calendar.from_ical(letter.calendar)
    (event,) = calendar.walk("VEVENT")
    return str(calendar["method"]), str(event["uid"]), int(str(event["sequence"]))


def sent() -> None:
    """The worker has sent every letter."""
    Letter.objects.filter(state=State.WAITING).update(state=State.SENT)


def newest(journey: Journey) -> Letter:
    (letter,) = Letter.objects.filter(state=State.WAITING).exclude(key__startswith=f"code:{journey.id}")
    return letter


def only(journey: Journey, service: str = "tax-card") -> Visit:
    return journey.visits.select_related("journey__house__region", "service", "desk").get(service__key=service)


def served(walker: Actor, journey: Journey) -> None:
    clerk = staff(factories.member(Role.CLERK, "siri"))
    floor.check_in_journey(actor=walker, journey=journey)
    visit = desks.call_visit(actor=clerk, desk=factories.desk("siri-1"), visit=only(journey, "siri-residence"))
    desks.finish_visit(actor=clerk, visit=visit, outcome="done")


def step_cancelled(walker: Actor, journey: Journey) -> Visit:
    return floor.cancel_step(actor=walker, visit=only(journey))


def cancelled_beside_one_in_line(walker: Actor, journey: Journey) -> Visit:
    """They wait for another step without a time, and the one they had booked is cancelled."""
    floor.check_in_journey(actor=walker, journey=journey)
    now = clock.now()
    mitid = factories.service("mitid")
    journey.visits.create(service=mitid, people=1, position=5, status=Status.WAITING, arrived_at=now, counts_from=now)
    return step_cancelled(walker, journey)


def sent_on_before_their_time(walker: Actor, journey: Journey) -> Visit:
    floor.check_in_journey(actor=walker, journey=journey)
    line.send_on(actor=walker, visit=only(journey), service=factories.service("mitid"))
    return only(journey)


Way = Callable[[Actor, Journey], object]
BACK: dict[str, tuple[Way, str]] = {
    "last step": (step_cancelled, "Your visit is cancelled: "),
    "in line": (cancelled_beside_one_in_line, "Your booked time is cancelled: "),
    "sent on": (sent_on_before_their_time, "Your booked time is cancelled: "),
}


def undo(walker: Actor, visit: Visit) -> None:
    other = visit.journey.visits.filter(counts_from__isnull=False, service__key="mitid").select_related("service").first()
    if Letter.objects.filter(subject__startswith="Your booked").exists() and visit.position == (other.position if other else -1):
        sent_on.undo_send_on(actor=walker, visit=visit, following=other)
    else:
        floor.undo_cancel_step(actor=walker, visit=visit)


@pytest.mark.parametrize("way", BACK)
def test_the_entry_goes_with_the_last_time_and_comes_back_when_that_is_undone(house: House, walker: Actor, way: str) -> None:
    journey = party(house, services=("tax-card",))
    _method, uid, first = event_of(newest(journey))
    time = TIME.findall(newest(journey).text)[0]
    sent()
    act, subject = BACK[way]
    visit = act(walker, journey)
    letter = newest(journey)
    method, whose, second = event_of(letter)
    assert (method, whose, second > first, letter.subject.startswith(subject)) == ("CANCEL", uid, True, True)
    assert TIME.findall(letter.text) == [time], "the one time that no longer counts"
    sent()
    assert isinstance(visit, Visit)
    undo(walker, visit)
    letter = newest(journey)
    method, whose, third = event_of(letter)
    assert (method, whose, third > second, letter.subject[:30]) == ("REQUEST", uid, True, "Your visit takes place after a")
    assert f", {time}." in letter.text
    same(house)


def test_what_is_left_after_a_step_was_served_goes_too(house: House, walker: Actor) -> None:
    journey = party(house, services=("siri-residence", "tax-card"))
    served(walker, journey)
    sent()
    visit = step_cancelled(walker, journey)
    letter = newest(journey)
    assert (event_of(letter)[0], letter.subject) == ("CANCEL", f"The rest of your visit is cancelled: {journey.reference}")
    starts = only(journey).appointment.starts.astimezone(house.zone)
    assert [time.split("-")[0] for time in TIME.findall(letter.text)] == [f"{starts.hour}.{starts.minute:02}"]
    sent()
    floor.undo_cancel_step(actor=walker, visit=visit)
    assert event_of(newest(journey))[0] == "REQUEST"


def test_one_step_of_several_is_told_as_one_step_less(house: House, walker: Actor) -> None:
    journey = party(house, services=("siri-residence", "tax-card"), language="da")
    sent()
    step_cancelled(walker, journey)
    letter = newest(journey)
    assert (event_of(letter)[0], letter.subject.partition(":")[0]) == ("REQUEST", "Et ærinde mindre ved dit besøg")
    assert "“Skattekort” er aflyst. Resten af dit besøg er, som det var. Kom til" in letter.text


@pytest.mark.parametrize("by_party", [True, False])
@pytest.mark.parametrize("language", ["da", "en"])
def test_who_had_lost_the_time_before_is_told_of_no_time(house: House, walker: Actor, by_party: bool, language: str) -> None:
    journey = party(house, services=("tax-card",), language=language)
    uid = event_of(newest(journey))[1]
    sent()
    floor.check_in_journey(actor=walker, journey=journey)
    Appointment.objects.filter(visit__journey=journey).update(freed_at=clock.now() - dt.timedelta(minutes=5))
    changes.cancel_journey(actor=citizen(journey.reference) if by_party else walker, journey=journey)
    letter = newest(journey)
    assert (event_of(letter)[:2], TIME.findall(letter.text)) == (("CANCEL", uid), [])
    body = letter.text.partition("\n\n")[2].partition("\n\n")[0]
    assert (
        body
        == {
            "da": "Dit besøg er aflyst, og du behøver ikke gøre mere.",
            "en": "Your visit is cancelled, and you need not do anything more.",
        }[language]
    )


def test_who_never_got_the_first_letter_gets_it_with_a_code_that_works(house: House, walker: Actor) -> None:
    """The confirmation had not gone either when the visit was cancelled: what stands is told once, and as nothing that was cancelled."""
    journey = party(house, services=("tax-card",))
    for _time in range(2):
        visit = step_cancelled(walker, journey)
        floor.undo_cancel_step(actor=walker, visit=visit)
    (letter,) = Letter.objects.filter(state=State.WAITING)
    assert (letter.subject.partition(" to ")[0], event_of(letter)[0]) == ("Your visit", "REQUEST")
    code = re.findall(r"Your code is (\d{6})", letter.text)
    assert changes.confirm_email(journey=journey, code=code[0]).email_confirmed_at
    sent()
    floor.undo_cancel_step(actor=walker, visit=step_cancelled(walker, journey))
    assert not Letter.objects.filter(state=State.WAITING).exists(), "they know these times by now"
    same(house)


def test_who_is_sent_on_at_their_time_is_not_written_to(house: House, walker: Actor, settings: LazySettings) -> None:
    journey = party(house, services=("tax-card",))
    sent()
    floor.check_in_journey(actor=walker, journey=journey)
    starts = only(journey).appointment.starts.astimezone(house.zone)
    at(settings, starts.hour, starts.minute + 2)
    line.send_on(actor=walker, visit=only(journey), service=factories.service("mitid"))
    assert not Letter.objects.filter(state=State.WAITING).exists()
