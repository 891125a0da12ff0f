"""What a letter looks like on the wire."""

import email
import email.policy
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indgang.foundation.identity.models import Organisation
from indgang.foundation.mail.messages import message_of
from indgang.foundation.mail.models import Letter
from indgang.foundation.mail.sending import send_letter
from indgang.foundation.mail.tests.factories import letter

CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


def unix(text: str) -> str:
    return text.replace("\r\n", "\n")


@pytest.mark.django_db
def test_a_plain_letter_arrives_as_it_was_written(receiver) -> None:
    text = "Kære Åse,\n\n.et punktum først på linjen.\nEn meget lang linje: " + "ord og ø " * 200 + "\n\nHilsen 🙂\n"
    written = letter(text=text, subject="Dit besøg er på tirsdag, kl. 9.30 🙂", language="da", reply_to="huset@example.org")
    send_letter(written.id)
    received = receiver.messages[0]
    assert unix(received.get_content()) == text
    assert {
        name: str(received[name]) for name in ("From", "To", "Reply-To", "Subject", "Message-ID", "Auto-Submitted", "Content-Language")
    } == {
        "From": '"Indgangen, Nord" <house@example.org>',
        "To": "amira@example.org",
        "Reply-To": '"Indgangen, Nord" <huset@example.org>',
        "Subject": "Dit besøg er på tirsdag, kl. 9.30 🙂",
        "Message-ID": f"<{written.id}@example.org>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": "da",
    }
    assert received["Date"].datetime is not None
    assert received.get_content_type() == "text/plain"


@pytest.mark.django_db
def test_no_line_is_longer_than_mail_servers_take(receiver) -> None:
    send_letter(letter(text="x" * 5000, calendar=CALENDAR, subject="emne " * 39, calendar_method="REQUEST").id)
    assert max(len(line) for line in bytes(receiver.taken[0].content).split(b"\r\n")) <= 100


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "name"), [("REQUEST", "invite.ics"), ("CANCEL", "cancelled.ics"), ("", "invite.ics")])
def test_a_calendar_goes_both_beside_the_text_and_as_a_file(receiver, method, name) -> None:
    send_letter(letter(calendar=CALENDAR, calendar_method=method).id)
    received = receiver.messages[0]
    assert received.get_content_type() == "multipart/mixed"
    together, attached = received.iter_parts()
    text, calendar = together.iter_parts()
    assert [part.get_content_type() for part in (together, text, calendar, attached)] == [
        "multipart/alternative",
        "text/plain",
        "text/calendar",
        "application/ics",
    ]
    assert dict(calendar["Content-Type"].params) == {"charset": "utf-8", "method": method or "PUBLISH"}
    assert calendar.get_content().splitlines() == CALENDAR.splitlines()
    assert attached.get_content() == CALENDAR.encode()
    assert (attached.get_filename(), attached.get_content_disposition()) == (name, "attachment")


@given(st.text(max_size=80), st.text(max_size=80))
def test_nobody_can_write_a_header_of_their_own(subject, name) -> None:
    for wicked in ("", "\r\nBcc: all@example.org", "\n\nhello", "\x00\x1b", "\u2028Bcc: b@example.org"):
        written = Letter(
            key="k",
            to="amira@example.org",
            language="en",
            subject=subject + wicked,
            text="text",
            organisation=Organisation(title_da=name + wicked, title_en=name + wicked),
        )
        read = email.message_from_bytes(message_of(written).as_bytes(), policy=email.policy.default)
        assert sorted(read.keys()) == sorted(
            [
                "From",
                "To",
                "Subject",
                "Date",
                "Message-ID",
                "Auto-Submitted",
                "Content-Language",
                "Content-Type",
                "Content-Transfer-Encoding",
                "MIME-Version",
            ]
        )
        assert [str(address.addr_spec) for address in read["From"].addresses] == ["no-reply@127.0.0.1"]
        assert unix(read.get_content()) == "text\n"


def test_an_address_with_danish_letters_in_its_host_is_written_as_servers_expect() -> None:
    message = message_of(Letter(key="k", to="aase@blåbær.example", language="da", subject="s", text="t"))
    assert message["To"] == "aase@xn--blbr-roah.example"
    assert re.fullmatch(rb"[\x00-\x7f]*", message.as_bytes())
