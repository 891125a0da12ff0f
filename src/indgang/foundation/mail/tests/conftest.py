from collections.abc import Iterator

import pytest

from indgang.foundation.mail.tests.receiver import Receiver


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    """A mail server that the program sends to."""
    server = Receiver()
    settings.SMTP_URL, settings.MAIL_FROM = server.url, "house@example.org"
    server.start()
    yield server
    server.stop()
