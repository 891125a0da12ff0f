"""A picture made smaller shows the same."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.browser.png import SIGNATURE, smaller

Pixels = list[list[bytes]]


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def filtered(row: bytes, above: bytes, method: int, size: int) -> bytes:
    """A row as PNG writes it with one of its filters: each byte less what its neighbours foretell."""
    left, corner = bytes(size) + row[:-size], bytes(size) + above[:-size]

    def foretold(place: int) -> int:
        a, b, c = left[place], above[place], corner[place]
        paeth = sorted((a, b, c), key=lambda value: abs(a + b - c - value))[0]
        return (0, a, b, (a + b) // 2, paeth)[method]

    return bytes([method]) + bytes((value - foretold(place)) % 256 for place, value in enumerate(row))


def written(pixels: Pixels, methods: list[int], *, with_alpha: bool) -> bytes:
    """A PNG as a browser writes it."""
    size = 4 if with_alpha else 3
    rows = [b"".join(pixel + (b"\xff" if with_alpha else b"") for pixel in row) for row in pixels]
    above = [bytes(len(rows[0])), *rows[:-1]]
    data = b"".join(filtered(row, up, method, size) for row, up, method in zip(rows, above, methods, strict=True))
    header = struct.pack(">IIBBBBB", len(pixels[0]), len(pixels), 8, 6 if with_alpha else 2, 0, 0, 0)
    return SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def shown(picture: bytes) -> Pixels:
    """The pixels of a picture with a palette and without filters."""
    chunks, at = {}, len(SIGNATURE)
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        chunks[picture[at + 4 : at + 8]] = picture[at + 8 : at + 8 + length]
        at += 12 + length
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    colours = [chunks[b"PLTE"][place : place + 3] for place in range(0, len(chunks[b"PLTE"]), 3)]
    data = zlib.decompress(chunks[b"IDAT"])
    rows = [data[number * (width + 1) + 1 : (number + 1) * (width + 1)] for number in range(height)]
    return [[colours[index] for index in row] for row in rows]


@pytest.mark.parametrize("with_alpha", [False, True])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_pixel_stays_what_it_was(data: st.DataObject, with_alpha: bool) -> None:
    width, height = data.draw(st.integers(1, 9)), data.draw(st.integers(1, 9))
    pixel = st.binary(min_size=3, max_size=3)
    pixels = data.draw(st.lists(st.lists(pixel, min_size=width, max_size=width), min_size=height, max_size=height))
    methods = data.draw(st.lists(st.integers(0, 4), min_size=height, max_size=height))
    assert shown(smaller(written(pixels, methods, with_alpha=with_alpha))) == pixels


def test_a_colour_too_many_becomes_the_nearest() -> None:
    greys = [[bytes([grey] * 3) for grey in range(256)], [bytes([100, 100, 101])] * 2 + [bytes([255] * 3)] * 254]
    assert shown(smaller(written(greys, [0, 0], with_alpha=False)))[1][0] in (bytes([100] * 3), bytes([101] * 3), bytes([100, 100, 101]))
    assert len({pixel for row in shown(smaller(written(greys, [0, 0], with_alpha=False))) for pixel in row}) == 256
