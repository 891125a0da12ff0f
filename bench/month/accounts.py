"""The house's people: accounts made on the command line, and log-in with password and one-time code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.month.caller import Broken, Caller, words

PASSWORD = "three words nobody said"
AT_ONCE = 3


@dataclass(frozen=True)
class Colleague:
    """Somebody who works in the house."""

    name: str
    email: str
    organisation: str
    role: str


def engage(port: int, begin: Callable[..., subprocess.Popen[str]], colleagues: list[Colleague]) -> dict[str, Caller]:
    """Their accounts, some at a time (`begin` begins a command), and their browsers once they have logged in, by their e-mail address."""
    for first in range(0, len(colleagues), AT_ONCE):
        some = colleagues[first : first + AT_ONCE]
        facts = [(one.email, "--organisation", one.organisation, "--role", one.role, "--name", one.name) for one in some]
        started = [begin("user", "create", *fact, "--password-stdin") for fact in facts]
        for process in started:
            said, _nothing = process.communicate(PASSWORD)
            if process.returncode:
                raise Broken(said)
    return {one.email: log_in(port, one) for one in colleagues}


def log_in(port: int, colleague: Colleague) -> Caller:
    """For the first time: password, then setting up one-time codes, which nobody gets past."""
    browser = Caller(port)
    browser.press("/account/login/", login=colleague.email, password=PASSWORD)
    page = browser.get("/account/codes/activate/")
    secret = re.search(r"<code[^>]*>([A-Z2-7]+)</code>", page.text)
    if not secret:
        raise Broken(f"{colleague.email} is not asked to set up codes: {page.status} {words(page.text)[:300]}")
    if browser.post("/account/codes/activate/", code=one_time_code(secret[1])).status != 302:
        raise Broken(f"{colleague.email}: the code is not taken")
    return browser


def one_time_code(secret: str) -> str:
    """What an authenticator app shows for the secret now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1)
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"
