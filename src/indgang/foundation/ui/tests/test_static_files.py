"""Collected files: every picture that the stylesheet asks for is there, nothing that no page uses is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command


@pytest.fixture
def collected(settings: LazySettings, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "indgang.foundation.ui.static_files.Storage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_the_stylesheet_finds_its_pictures_and_fonts_are_left_out(collected: Path) -> None:
    address = staticfiles_storage.url("dkfds/css/dkfds.min.css")
    assert re.fullmatch(r"/static/dkfds/css/dkfds\.min\.[0-9a-f]{12}\.css", address)
    stylesheet = collected / address.removeprefix("/static/")
    asked = re.findall(r"url\(\"?\.\./([^)\"]+)\"?\)", stylesheet.read_text())
    missing = {name for name in asked if not (stylesheet.parent.parent / name).exists()}
    assert len(asked) > 150
    assert (missing, "@font-face" in stylesheet.read_text()) == (set(), False)
    assert stylesheet.with_name(f"{stylesheet.name}.gz").exists()


def test_nothing_is_collected_that_no_page_uses(collected: Path) -> None:
    kinds = {path.suffix for path in collected.rglob("*") if path.is_file() and "gz" not in path.suffix}
    assert kinds == {".css", ".js", ".json", ".png", ".svg"}
    assert sorted(path.name for path in (collected / "htmx").iterdir() if path.suffix == ".js")[-1] == "htmx.min.js"
