"""Letters and a real mail server: once, later, or not at all, but never twice."""

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction

from indgang.foundation.database import clock
from indgang.foundation.identity.models import User
from indgang.foundation.jobs.work import run_due_jobs
from indgang.foundation.mail.actions import withdraw_letters, write_letter
from indgang.foundation.mail.models import Letter, State
from indgang.foundation.mail.sending import WAITS, Outcome, mark_uncertain, send_due, send_letter
from indgang.foundation.mail.tests.factories import letter
from indgang.foundation.mail.tests.receiver import free_port, wait_until


def later(settings, time: dt.timedelta) -> None:
    settings.CLOCK_STARTS_AT = clock.now() + time


def state(letter_id: uuid.UUID) -> tuple[str, int]:
    found = Letter.objects.get(id=letter_id)
    return found.state, found.attempts


@pytest.mark.django_db
def test_a_letter_goes_out_once_after_the_change_it_belongs_to(receiver) -> None:
    written = letter()
    assert receiver.taken == []
    run_due_jobs()
    assert [(taken.mail_from, taken.rcpt_tos) for taken in receiver.taken] == [("house@example.org", ["amira@example.org"])]
    assert state(written.id) == (State.SENT, 1)
    assert (send_letter(written.id), send_due(), len(receiver.taken)) == (Outcome.NOTHING, 0, 1)


@pytest.mark.django_db
def test_the_same_key_again_writes_nothing(receiver) -> None:
    first = letter(key="booked:1")
    assert letter(key="booked:1", subject="Another") == first
    run_due_jobs()
    assert [message["Subject"] for message in receiver.messages] == ["Your visit"]


@pytest.mark.django_db
def test_a_change_that_is_rolled_back_sends_nothing(receiver) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        letter()
        raise RuntimeError
    run_due_jobs()
    assert (Letter.objects.count(), receiver.taken) == (0, [])


@pytest.mark.django_db
def test_a_server_that_is_down_gets_the_letter_when_it_is_up_again(receiver, settings) -> None:
    receiver.stop()
    written = letter()
    assert send_letter(written.id) is Outcome.UNREACHABLE
    assert state(written.id) == (State.WAITING, 1)
    receiver.start()
    assert send_letter(written.id) is Outcome.NOTHING  # not yet
    later(settings, WAITS[0])
    assert send_due() == 1
    assert (state(written.id), len(receiver.taken)) == ((State.SENT, 2), 1)


@pytest.mark.django_db
def test_a_server_that_is_down_is_asked_once_a_round(settings) -> None:
    settings.SMTP_URL = f"smtp://127.0.0.1:{free_port()}"
    for _ in range(3):
        letter()
    assert send_due() == 0
    assert sorted(Letter.objects.values_list("attempts", flat=True)) == [0, 0, 1]


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["to_recipient", "to_text"])
def test_a_server_that_says_not_now_is_asked_again(receiver, settings, where) -> None:
    setattr(receiver, where, ["451 Come back in a minute", "450 Greylisted"])
    written = letter()
    assert send_letter(written.id) is Outcome.PUT_OFF
    assert Letter.objects.get().last_error == "451 Come back in a minute"
    later(settings, WAITS[0])
    assert send_letter(written.id) is Outcome.PUT_OFF
    later(settings, WAITS[1] - dt.timedelta(seconds=20))
    assert send_letter(written.id) is Outcome.NOTHING
    later(settings, dt.timedelta(seconds=20))
    assert send_letter(written.id) is Outcome.SENT
    assert (state(written.id), len(receiver.taken)) == ((State.SENT, 3), 1)


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["to_recipient", "to_text"])
def test_a_server_that_says_no_is_believed_and_quoted(receiver, settings, where) -> None:
    setattr(receiver, where, ["550 No such person here"])
    written = letter()
    assert send_letter(written.id) is Outcome.REFUSED
    later(settings, dt.timedelta(days=1))
    assert (send_due(), state(written.id), receiver.taken) == (0, (State.REFUSED, 1), [])
    assert Letter.objects.get().last_error == "550 No such person here"


@pytest.mark.django_db
def test_after_two_days_of_trying_it_is_given_up(receiver, settings) -> None:
    receiver.stop()
    written = letter()
    begun = clock.now()
    for wait in WAITS:
        send_due()
        assert state(written.id)[0] == State.WAITING
        later(settings, wait)
    send_due()
    assert state(written.id) == (State.REFUSED, 10)
    assert dt.timedelta(days=1, hours=22) < clock.now() - begun < dt.timedelta(days=2)


@pytest.mark.django_db
def test_a_wrong_password_refuses_no_letter(receiver, settings) -> None:
    settings.SMTP_URL = receiver.url.replace("smtp://", "smtp://me:wrong@")
    written = letter()
    assert send_letter(written.id) is Outcome.UNREACHABLE
    assert state(written.id) == (State.WAITING, 1)


@pytest.mark.django_db
def test_a_connection_that_breaks_after_the_text_leaves_the_letter_uncertain_and_unsent(receiver, settings) -> None:
    receiver.drop_after_text = True
    written = letter()
    assert send_letter(written.id) is Outcome.UNCERTAIN
    receiver.drop_after_text = False
    later(settings, dt.timedelta(days=1))
    mark_uncertain()
    assert (send_due(), state(written.id), len(receiver.taken)) == (0, (State.UNCERTAIN, 1), 1)


SENDER = """
import sys
from django.conf import settings
settings.DATABASES["default"]["NAME"], settings.SMTP_URL, settings.MAIL_FROM = sys.argv[1], sys.argv[2], "house@example.org"
import django
django.setup()
from indgang.foundation.mail.sending import send_letter
send_letter(sys.argv[3])
"""


@pytest.mark.django_db(transaction=True)
def test_a_program_killed_while_it_hands_over_never_sends_twice(receiver, settings) -> None:
    killed = threading.Event()
    receiver.on_text = lambda: killed.wait(30) and None
    written = letter()
    name = connection.settings_dict["NAME"]
    process = subprocess.Popen([sys.executable, "-c", SENDER, name, receiver.url, str(written.id)])
    wait_until(lambda: len(receiver.taken) == 1)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    killed.set()
    assert state(written.id) == (State.HANDING_OVER, 1)
    assert (mark_uncertain(), send_due()) == (0, 0)
    later(settings, dt.timedelta(minutes=11))
    assert (mark_uncertain(), send_due(), len(receiver.taken)) == (1, 0, 1)
    assert state(written.id) == (State.UNCERTAIN, 1)


@pytest.mark.django_db(transaction=True)
def test_workers_that_reach_for_the_same_letters_at_once_send_each_once(receiver) -> None:
    ids = [letter().id for _ in range(6)]
    outcomes: list[Outcome] = []
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        try:
            for letter_id in ids:
                outcomes.append(send_letter(letter_id))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (outcomes.count(Outcome.SENT), outcomes.count(Outcome.NOTHING)) == (6, 18)
    assert len({message["Message-ID"] for message in receiver.messages}) == len(receiver.taken) == 6


@pytest.mark.django_db(transaction=True)
def test_sending_inside_a_transaction_is_refused(receiver) -> None:
    written = letter()
    with pytest.raises(RuntimeError), transaction.atomic():
        send_letter(written.id)
    assert (receiver.taken, state(written.id)) == ([], (State.WAITING, 0))


@pytest.mark.django_db
def test_a_letter_for_later_waits_and_one_that_comes_too_late_is_withdrawn(receiver, settings) -> None:
    hour = dt.timedelta(hours=1)
    early = letter(not_before=clock.now() + hour)
    late = letter(not_before=clock.now() + hour, not_after=clock.now() + 2 * hour, text="open /x?key=abc", secrets=["abc"])
    assert (send_due(), receiver.taken) == (0, [])
    later(settings, 3 * hour)
    assert send_due() == 1
    assert (state(early.id)[0], state(late.id)[0]) == (State.SENT, State.WITHDRAWN)
    assert Letter.objects.get(id=late.id).text == "open /x?key=[…]"


@pytest.mark.django_db
def test_letters_can_be_taken_back_while_they_wait(receiver) -> None:
    gone, sent = letter(key="reminder:1:a"), letter(key="reminder:1:b")
    send_letter(sent.id)
    other = letter(key="reminder:2:a")
    assert withdraw_letters(keys_beginning="reminder:1:") == 1
    assert [state(it.id)[0] for it in (gone, sent, other)] == [State.WITHDRAWN, State.SENT, State.WAITING]


@pytest.mark.django_db
def test_a_letter_that_was_taken_back_before_it_went_is_written_again(receiver) -> None:
    first = letter(key="papers:1", text="open /x?key=abc", secrets=["abc"])
    withdraw_letters(keys_beginning="papers:1")
    again = letter(key="papers:1", text="open /x?key=def", secrets=["def"])
    assert (again.id, state(again.id), Letter.objects.count()) == (first.id, (State.WAITING, 0), 1)
    run_due_jobs()
    assert [message.get_content().strip() for message in receiver.messages] == ["open /x?key=def"]
    letter(key="papers:1")
    run_due_jobs()
    assert (state(first.id)[0], len(receiver.taken)) == (State.SENT, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("stands", [State.SENT, State.UNCERTAIN, State.REFUSED, State.HANDING_OVER])
def test_a_letter_that_went_or_may_have_gone_is_never_written_again(receiver, stands: str) -> None:
    first = letter(key="papers:1")
    Letter.objects.filter(id=first.id).update(state=stands, handed_over_at=clock.now())
    assert letter(key="papers:1", text="Another").text == first.text
    Letter.objects.filter(id=first.id).update(state=State.WITHDRAWN)
    assert letter(key="papers:1", text="Another").state == State.WITHDRAWN, "it may have gone before somebody took it back"
    run_due_jobs()
    assert receiver.taken == []


@pytest.mark.django_db
def test_links_and_codes_are_forgotten_once_the_letter_was_sent(receiver) -> None:
    secrets = ["123456", "https://example.org/j?key=abc"]
    written = letter(subject="Your code: 123456", text="Code 123456, or https://example.org/j?key=abc", secrets=secrets)
    send_letter(written.id)
    kept = Letter.objects.get()
    assert (kept.subject, kept.text, kept.secrets) == ("Your code: […]", "Code […], or […]", [])
    assert "Code 123456, or https://example.org/j?key=abc" in receiver.messages[0].get_content()


@pytest.mark.django_db
def test_without_a_mail_server_letters_wait_and_in_a_demonstration_they_are_shown(settings) -> None:
    settings.SMTP_URL, settings.EMBEDDED = "", True
    written = letter(text="Code 123456", secrets=["123456"])
    assert (send_letter(written.id), state(written.id)) == (Outcome.NOTHING, (State.WAITING, 0))
    User.objects.create_user("demo@example.org", is_demo=True)
    settings.EMBEDDED = False
    assert (send_letter(written.id), state(written.id)) == (Outcome.NOTHING, (State.WAITING, 0))
    settings.EMBEDDED = True
    assert (send_letter(written.id), state(written.id)) == (Outcome.SENT, (State.SENT, 0))
    assert Letter.objects.get().text == "Code 123456"


@pytest.mark.django_db
def test_an_address_that_is_none_is_refused_at_once() -> None:
    for address in ("", "nobody", "a@b", "a@example.org\nBcc: b@example.org", "a@example.org, b@example.org"):
        with pytest.raises(ValidationError):
            write_letter(key="x", to=address, language="en", subject="s", text="t")
    assert Letter.objects.count() == 0
