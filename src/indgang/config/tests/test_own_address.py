"""The address of the house, as commands know it."""

from __future__ import annotations

from pathlib import Path

import pytest

from indgang.config.own_address import address_at, own_address, write_down

USUAL = "http://127.0.0.1:8000"


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("INDGANG_URL", "PORT"):
        monkeypatch.delenv(name, raising=False)


def test_the_setting_wins_over_what_was_written_down_and_that_over_the_usual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert own_address(tmp_path) == USUAL
    monkeypatch.setenv("PORT", "8099")
    assert own_address(tmp_path) == "http://127.0.0.1:8099"
    write_down(tmp_path, "http://127.0.0.1:8123")
    assert own_address(tmp_path) == "http://127.0.0.1:8123"
    assert [path.name for path in tmp_path.iterdir()] == ["address"]
    monkeypatch.setenv("INDGANG_URL", "https://entrance.example/")
    assert own_address(tmp_path) == "https://entrance.example"


@pytest.mark.parametrize("written", [b"", b"nowhere\n", b"ftp://x\n", b"http://[::1\n", b"\xff\xfe", b"https://\n"])
def test_what_is_no_address_is_not_used(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "address").write_bytes(written)
    assert own_address(tmp_path) == USUAL


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8123"),
        ("0.0.0.0", "http://127.0.0.1:8123"),
        ("192.0.2.7", "http://192.0.2.7:8123"),
        ("::1", "http://[::1]:8123"),
    ],
)
def test_the_address_of_a_server_names_where_it_listens(host: str, address: str) -> None:
    assert address_at(host, 8123) == address
