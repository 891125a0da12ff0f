"""QR codes as SVG."""

from __future__ import annotations

import functools

import qrcode


@functools.lru_cache(maxsize=256)
def qr_path(text: str) -> tuple[str, int]:
    """The dark modules of the code as an SVG path in a square, and the square's size with its quiet border."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    runs: list[str] = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                runs.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
            x += 1
    return "".join(runs), len(matrix)
