"""Smaller pictures of pages: at most 256 colours, which a page with smoothed letters hardly has more of."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {2: 3, 6: 4}  # colour type -> bytes per pixel, of the kinds that browsers write
COLOURS = 256


def smaller(picture: bytes) -> bytes:
    """The same picture with a palette of its most frequent colours; each further colour becomes the nearest of them."""
    chunks = list(_chunks(picture))
    width, height, depth, kind = struct.unpack(">IIBB", chunks[0][1][:10])
    if depth != 8 or kind not in CHANNELS:
        return picture
    size = CHANNELS[kind]
    rows = _rows(zlib.decompress(b"".join(data for name, data in chunks if name == b"IDAT")), width * size, size)
    pixels = [[bytes(row[at : at + 3]) for at in range(0, len(row), size)] for row in rows]
    palette = [colour for colour, _count in Counter(pixel for row in pixels for pixel in row).most_common()]
    number = {colour: index for index, colour in enumerate(palette[:COLOURS])}
    for colour in palette[COLOURS:]:
        number[colour] = min(range(COLOURS), key=lambda index: _distance(palette[index], colour))
    packed = zlib.compress(b"".join(b"\0" + bytes(number[pixel] for pixel in row) for row in pixels), 9)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = [(b"IHDR", header), (b"PLTE", b"".join(palette[:COLOURS])), (b"IDAT", packed), (b"IEND", b"")]
    return SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        yield picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        at += 12 + length


def _rows(data: bytes, stride: int, size: int) -> Iterator[bytearray]:
    """The rows without PNG's filters (PNG specification, section 9)."""
    above = bytearray(stride)
    for at in range(0, len(data), stride + 1):
        method, row = data[at], bytearray(data[at + 1 : at + 1 + stride])
        for place in range(stride):
            left = row[place - size] if place >= size else 0
            corner = above[place - size] if place >= size else 0
            row[place] = (row[place] + _predicted(method, left, above[place], corner)) & 0xFF
        yield row
        above = row


def _predicted(method: int, left: int, up: int, corner: int) -> int:
    if method == 4:
        nearest = left + up - corner
        return min((left, up, corner), key=lambda value: abs(nearest - value))
    return (0, left, up, (left + up) // 2)[method]


def _distance(one: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
