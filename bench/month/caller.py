"""Somebody outside the house with a browser or a program: asks over HTTP and keeps its cookies. An answer 5xx ends the play."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench.server import HOST

PATIENCE = 60
Fields = Mapping[str, str | Sequence[str]]


class Broken(Exception):
    """The house answered what it never may."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str
    location: str = ""

    @property
    def value(self) -> Any:
        """The JSON in it."""
        return json.loads(self.text)

    @property
    def told(self) -> str:
        """What the page says at its top about what has just happened, without markup."""
        _before, _id, after = self.text.partition('id="messages">')
        return words(after.partition("<h1")[0])


def words(markup: str) -> str:
    """What stands there, without markup."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", markup)).split())


class Caller:
    """Its cookies, perhaps its token, and how many requests all callers have made."""

    requests = 0

    def __init__(self, port: int, token: str = "") -> None:
        self.port, self.token = port, token
        self.cookies: dict[str, str] = {}

    def send(self, method: str, path: str, body: bytes = b"", **fields: str) -> Answer:
        """One request on a connection of its own."""
        Caller.requests += 1
        headers = {"Accept-Language": "en", "Connection": "close", **{name.replace("_", "-"): value for name, value in fields.items()}}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        connection = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body or None, headers)
            came = connection.getresponse()
            answer = Answer(came.status, came.read().decode(errors="replace"), came.headers.get("Location", ""))
        finally:
            connection.close()
        for cookie in came.headers.get_all("Set-Cookie") or []:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        if answer.status >= 500:
            raise Broken(f"{method} {path}: {answer.status} {answer.text[:500]}")
        return answer

    def get(self, path: str) -> Answer:
        """Look at a page, wherever it leads on to."""
        answer = self.send("GET", path)
        for _turn in range(5):
            if answer.status not in (301, 302, 303):
                break
            answer = self.send("GET", local(answer.location, path))
        return answer

    def post(self, path: str, **fields: str | Sequence[str]) -> Answer:
        """Press a button of a page; the answer is what the button leads to, not yet looked at."""
        if "csrftoken" not in self.cookies:
            self.get("/account/login/")
        body = urlencode({"csrfmiddlewaretoken": self.cookies["csrftoken"], **fields}, doseq=True).encode()
        origin = f"http://{HOST}:{self.port}"
        return self.send("POST", path, body, Content_Type="application/x-www-form-urlencoded", Origin=origin)

    def press(self, path: str, **fields: str | Sequence[str]) -> Answer:
        """Press a button and look at the page that follows."""
        answer = self.post(path, **fields)
        return self.get(local(answer.location, path)) if answer.status == 302 else answer

    def hand_in(self, path: str, name: str, content: str, **fields: str) -> Answer:
        """Hand in a file with a form, and look at the page that follows."""
        edge, facts = "handed-in-by-the-player", {"csrfmiddlewaretoken": self.cookies["csrftoken"], **fields}
        parts = [f'Content-Disposition: form-data; name="{field}"\r\n\r\n{value}' for field, value in facts.items()]
        parts.append(f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n{content}')
        body = "".join(f"--{edge}\r\n{part}\r\n" for part in parts) + f"--{edge}--\r\n"
        headers = {"Content_Type": f"multipart/form-data; boundary={edge}", "Origin": f"http://{HOST}:{self.port}"}
        answer = self.send("POST", path, body.encode(), **headers)
        return self.get(local(answer.location, path)) if answer.status == 302 else answer

    def ask(self, path: str, value: Any = None, *, method: str = "POST", **fields: str) -> Answer:
        """Call the API."""
        body = b"" if value is None else json.dumps(value).encode()
        return self.send(method, f"/api/v1/{path}", body, **({"Content_Type": "application/json"} if body else {}), **fields)


def local(location: str, path: str) -> str:
    """A redirect's target as a path."""
    parts = urlsplit(location)
    target = parts.path or urlsplit(path).path
    return f"{target}?{parts.query}" if parts.query else target
