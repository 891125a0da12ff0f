"""Many keep-alive HTTP connections in one process, as light as they can be: the server shares the machine with them."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from bench.server import HOST

PATIENCE = 60
BROKEN = (OSError, asyncio.IncompleteReadError, ValueError)


@dataclass(frozen=True)
class Answer:
    """A status (0: none came), the header fields by their name in small letters, the body, and the seconds until its last byte."""

    status: int
    fields: dict[str, str]
    body: bytes
    took: float


@dataclass
class Wire:
    """One connection, opened anew where the server has closed it meanwhile."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None

    async def send(self, method: str, path: str, body: bytes = b"", /, **fields: str) -> Answer:
        """Send a request; once more on a new connection where the old one turns out to be closed."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}:{self.port}", *(f"{name}: {value}" for name, value in fields.items())]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        lines += [f"Content-Length: {len(body)}"] if method == "POST" else []
        request = "\r\n".join([*lines, "", ""]).encode() + body
        began = time.perf_counter()
        for fresh in ([False] if self.writer else []) + [True]:
            try:
                return await asyncio.wait_for(self._exchange(request, fresh, began), PATIENCE)
            except (*BROKEN, TimeoutError):
                self.close()
        return Answer(0, {}, b"", time.perf_counter() - began)

    async def _exchange(self, request: bytes, fresh: bool, began: float) -> Answer:
        if fresh:
            self.reader, self.writer = await asyncio.open_connection(HOST, self.port, limit=1_000_000)
        assert self.reader and self.writer, "opened before"
        self.writer.write(request)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = [line.partition(": ") for line in head[1:] if line]
        fields = {name.lower(): value for name, _colon, value in pairs}
        body = await self.reader.readexactly(int(fields.get("content-length", "0")))
        took = time.perf_counter() - began
        for name, _colon, value in pairs:
            if name.lower() == "set-cookie":
                cookie, _equals, rest = value.partition("=")
                self.cookies[cookie] = rest.partition(";")[0]
        if fields.get("connection", "").lower() == "close":
            self.close()
        return Answer(int(head[0].split()[1]), fields, body, took)

    async def json(self, path: str, value: Any, **fields: str) -> tuple[Answer, Any]:
        """POST a JSON value."""
        answer = await self.send("POST", path, json.dumps(value).encode(), **{"Content-Type": "application/json", **fields})
        return answer, json.loads(answer.body or b"null") if answer.status else None

    async def form(self, path: str, **fields: str) -> Answer:
        """POST a form of our pages."""
        origin = f"http://{HOST}:{self.port}"
        return await self.send(
            "POST", path, urlencode(fields).encode(), Origin=origin, **{"Content-Type": "application/x-www-form-urlencoded"}
        )

    def close(self) -> None:
        """Let go of the connection."""
        if self.writer:
            self.writer.close()
        self.reader = self.writer = None
