"""Addresses of mail servers, and what the program says about them at the start."""

import pytest

from indgang.foundation.mail.checks import check_mail_server
from indgang.foundation.mail.server import MailServer, ServerAddressError, server_at


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("", None),
        ("smtp://127.0.0.1:2525", MailServer("127.0.0.1", 2525, "none")),
        ("smtp://mail.example.org", MailServer("mail.example.org", 25, "none")),
        ("smtps://mail.example.org", MailServer("mail.example.org", 465, "tls")),
        ("smtp://me%40x:p%2Fw@mail.example.org?tls=starttls", MailServer("mail.example.org", 587, "starttls", "me@x", "p/w")),
        ("smtp://me:pw@localhost:2525", MailServer("localhost", 2525, "none", "me", "pw")),
    ],
)
def test_addresses(url, server) -> None:
    assert server_at(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://host:port",
        "smtp://host?tls=maybe",
        "smtp://me:pw@mail.example.org",
    ],
)
def test_addresses_that_make_no_sense_are_refused(url, settings) -> None:
    with pytest.raises(ServerAddressError):
        server_at(url)
    settings.SMTP_URL = url
    assert [message.id for message in check_mail_server()] == ["mail.E001"]


@pytest.mark.parametrize(
    ("embedded", "url", "sender", "said"),
    [
        (True, "", "", []),
        (False, "", "", ["mail.W001"]),
        (False, "smtps://mail.example.org", "", ["mail.W002"]),
        (False, "smtps://mail.example.org", "nobody", ["mail.E002"]),
        (False, "smtps://mail.example.org", "house@example.org", []),
    ],
)
def test_what_is_said_at_the_start(settings, embedded, url, sender, said) -> None:
    settings.EMBEDDED, settings.SMTP_URL, settings.MAIL_FROM = embedded, url, sender
    assert [message.id for message in check_mail_server()] == said
