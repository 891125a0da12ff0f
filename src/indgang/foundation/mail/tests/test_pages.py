"""The outbox, and the letters of a demonstration."""

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indgang.foundation.access.actors import staff
from indgang.foundation.identity.models import Organisation, Role, User
from indgang.foundation.journal.models import Entry
from indgang.foundation.mail.actions import send_again
from indgang.foundation.mail.models import Letter, State
from indgang.foundation.mail.queries import letters_visible_to
from indgang.foundation.mail.tests.factories import leader, letter, member, operator

pytestmark = pytest.mark.django_db
CALENDAR = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def browser(user: User) -> Client:
    """Somebody who is logged in and has set up one-time codes."""
    TOTP.activate(user, generate_totp_secret())
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def in_state(state: State, **values) -> Letter:
    written = letter(**values)
    Letter.objects.filter(pk=written.pk).update(state=state, last_error="550 No such person here")
    written.refresh_from_db()
    return written


def elsewhere() -> Organisation:
    return operator("elsewhere")


def test_the_outbox_shows_what_was_not_sent_and_why() -> None:
    in_state(State.REFUSED, to="refused@example.org")
    in_state(State.UNCERTAIN, to="uncertain@example.org")
    letter(to="waiting@example.org")
    in_state(State.SENT, to="sent@example.org")
    in_state(State.REFUSED, to="other.region@example.org", organisation=elsewhere())
    page = browser(leader()).get("/outbox/").content.decode()
    shown = re.findall(r"[a-z.]+@example\.org", page.partition("<main")[2].partition("</main")[0])
    assert list(dict.fromkeys(shown)) == ["uncertain@example.org", "refused@example.org", "waiting@example.org"]
    assert page.count("550 No such person here") == 2
    assert len(re.findall(r"<form method=\"post\" action=\"/outbox/", page)) == 2


def test_looking_into_the_outbox_is_written_down_once() -> None:
    written = in_state(State.REFUSED)
    client = browser(leader())
    client.get("/outbox/")
    client.get("/outbox/")
    (entry,) = Entry.objects.filter(verb="organisation.read")
    assert entry.about == [f"mail.letter:{written.id}"]


def test_an_empty_outbox_says_so(settings) -> None:
    settings.SMTP_URL = "smtp://127.0.0.1:2525"
    operator()
    page = browser(leader()).get("/outbox/").content.decode()
    assert ("Nothing waits" in page, "No mail server is set up" in page) == (True, False)


@pytest.mark.parametrize("role", [Role.CLERK, Role.FLOORWALKER, Role.READER])
def test_only_those_who_lead_the_operator_find_the_outbox(role) -> None:
    written = in_state(State.REFUSED)
    for user in (member(role, operator()), leader(elsewhere())):
        client = browser(user)
        assert client.post(f"/outbox/{written.id}/again/").status_code == 404
    assert browser(member(role, operator())).get("/outbox/").status_code == 404
    assert list(letters_visible_to(staff(leader(elsewhere())))) == []
    assert Client().get("/outbox/").status_code == 302
    written.refresh_from_db()
    assert written.state == State.REFUSED


def test_a_person_can_decide_to_send_again_and_it_is_written_down(receiver) -> None:
    written = in_state(State.UNCERTAIN)
    client = browser(leader())
    assert client.get(f"/outbox/{written.id}/again/").status_code == 405
    page = client.post(f"/outbox/{written.id}/again/", follow=True)
    assert "The e-mail to amira@example.org will be sent again" in page.content.decode()
    written.refresh_from_db()
    assert written.state == State.WAITING
    assert [(entry.verb, entry.before) for entry in Entry.objects.filter(subject_id=str(written.id))] == [
        ("letter.sent-again", {"state": "uncertain"})
    ]


@pytest.mark.parametrize("state", [State.SENT, State.WAITING, State.HANDING_OVER, State.WITHDRAWN])
def test_other_letters_are_never_sent_again(state) -> None:
    written = in_state(state)
    assert send_again(actor=staff(leader()), letter=written).state == state


def test_the_outbox_costs_the_same_for_one_letter_and_for_three() -> None:
    client = browser(leader())
    counts = []
    for written in (1, 3):
        for _ in range(written - Letter.objects.count()):
            in_state(State.REFUSED)
        client.get("/outbox/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/outbox/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.fixture
def demonstration(settings) -> None:
    settings.EMBEDDED, settings.SMTP_URL = True, ""
    User.objects.create_user("demo@example.org", is_demo=True)


@pytest.mark.usefixtures("demonstration")
def test_a_demonstration_shows_its_letters_with_links_that_work_and_the_calendar_file() -> None:
    link = "http://127.0.0.1:8000/arrival/AB12-CD34/?key=abc-_9"
    written = letter(text=f"Hello <b>Amira</b>\n\n    - Passport\n\n{link}\n", calendar=CALENDAR, calendar_method="REQUEST")
    client = Client(headers={"accept-language": "en"})
    assert f'<a href="/demo/mail/{written.id}/">Your visit</a>' in client.get("/demo/mail/").content.decode()
    page = client.get(f"/demo/mail/{written.id}/").content.decode()
    assert f'<a href="{link}"' in page
    assert "Hello &lt;b&gt;Amira&lt;/b&gt;\n\n    - Passport\n\n" in page
    calendar = client.get(f"/demo/mail/{written.id}/calendar.ics")
    assert (calendar.content.decode(), calendar["Content-Type"]) == (CALENDAR, "text/calendar; charset=utf-8")


@pytest.mark.usefixtures("demonstration")
def test_many_letters_fill_several_pages() -> None:
    for number in range(51):
        letter(subject=f"Letter {number}")
    first, second = (Client().get("/demo/mail/", {"page": page}).content.decode() for page in (1, 2))
    assert (len(re.findall(r">Letter \d+<", first)), re.findall(r">(Letter \d+)<", second)) == (50, ["Letter 0"])


@pytest.mark.usefixtures("demonstration")
def test_a_letter_without_a_calendar_has_no_file() -> None:
    assert Client().get(f"/demo/mail/{letter().id}/calendar.ics").status_code == 404


@pytest.mark.parametrize(("embedded", "demo"), [(True, False), (False, True)])
def test_outside_a_demonstration_these_pages_do_not_exist(settings, embedded, demo) -> None:
    settings.EMBEDDED = embedded
    User.objects.create_user("demo@example.org", is_demo=demo)
    written = letter(calendar=CALENDAR)
    for address in ("/demo/mail/", f"/demo/mail/{written.id}/", f"/demo/mail/{written.id}/calendar.ics"):
        assert Client().get(address).status_code == 404


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("language", ["da", "en"])
def test_the_pages_have_one_heading_in_either_language(language) -> None:
    written = letter()
    client = browser(leader())
    for address in ("/demo/mail/", f"/demo/mail/{written.id}/", "/outbox/"):
        page = client.get(address, headers={"accept-language": language}).content.decode()
        assert page.count("<h1") == 1
