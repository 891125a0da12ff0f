"""A keep-alive HTTP client that times itself."""

from __future__ import annotations

import http.client
import json
import time
from typing import Any
from urllib.parse import urlencode

from bench.server import HOST

BROKEN = (OSError, http.client.HTTPException)


class Client:
    """One connection, kept open."""

    def __init__(self, port: int, timeout: float = 120) -> None:
        self.connection = http.client.HTTPConnection(HOST, port, timeout=timeout)
        self.cookies: dict[str, str] = {}
        self.location = ""

    def send(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, bytes, float]:
        """The status, the body, and the seconds it took until the last byte."""
        sent = {
            **({"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}),
            **(headers or {}),
        }
        began = time.perf_counter()
        self.connection.request(method, path, body, sent)
        answer = self.connection.getresponse()
        content = answer.read()
        took = time.perf_counter() - began
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        self.location = answer.headers.get("Location", "")
        return answer.status, content, took

    def get(self, path: str) -> tuple[int, bytes, float]:
        """GET."""
        return self.send("GET", path)

    def post(self, path: str, value: Any, **headers: str) -> tuple[int, Any, float]:
        """POST a JSON value; answers the JSON that comes back."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        status, content, took = self.send("POST", path, json.dumps(value).encode(), {"Content-Type": "application/json", **names})
        return status, json.loads(content or b"null"), took

    def form(self, path: str, **fields: str) -> int:
        """POST a form of our pages."""
        body = urlencode(fields)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{HOST}:{self.connection.port}"}
        return self.send("POST", path, body.encode(), headers)[0]

    def close(self) -> None:
        """Let go of the connection."""
        self.connection.close()
