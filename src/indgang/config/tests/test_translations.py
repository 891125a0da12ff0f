from __future__ import annotations

import os
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.core.checks import ERROR
from django.core.checks.registry import registry

from indgang.config import translations
from indgang.config.checks import check_translations

PAGE = """\
{% load i18n %}
  {% translate "Book" context "verb" %} it's {{ count|default:_("none") }}
{% blocktranslate count n=people trimmed %}
    {{ n }} person
  {% plural %}
    {{ n }} people
{% endblocktranslate %}
      {% comment %}Translators: the day of the visit{% endcomment %}
 {% translate "Day" %}
"""
CODE = """\
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext_lazy
title = pgettext_lazy("verb", "Book")
def f(n):
    return _("Closed on %(day)s") % {"day": 1}, ngettext("%d visit", "%d visits", n), gettext_lazy("Day")
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small program with one page, one module and one language."""
    (tmp_path / "room" / "templates" / "room").mkdir(parents=True)
    (tmp_path / "room" / "tests").mkdir()
    (tmp_path / "room" / "templates" / "room" / "page.html").write_text(PAGE)
    (tmp_path / "room" / "words.py").write_text(CODE)
    (tmp_path / "room" / "tests" / "test_words.py").write_text('_("Only a test")')
    (tmp_path / "locale" / "da").mkdir(parents=True)
    monkeypatch.setattr(translations, "PACKAGE", tmp_path)
    monkeypatch.setattr(translations, "LOCALE", tmp_path / "locale")
    return tmp_path


def test_texts_of_code_and_templates_are_found_with_context_plural_and_comments(package: Path) -> None:
    template = translations.collect()
    assert {(message.context, message.id) for message in template if message.id} == {
        ("verb", "Book"),
        (None, "none"),
        (None, ("%(n)s person", "%(n)s people")),
        (None, "Closed on %(day)s"),
        (None, ("%d visit", "%d visits")),
        (None, "Day"),
    }
    assert template.get("Day").auto_comments == ["Translators: the day of the visit"]
    assert [place for place, _ in template.get("Book", "verb").locations] == ["room/templates/room/page.html", "room/words.py"]


def test_what_models_say_of_personal_data_is_translated_too(package: Path) -> None:
    code = 'personal = Personal(fields=("name",), purpose="To say " "hello.", kept="A day.")\nNOTHING = Personal((), "", "")\n'
    (package / "room" / "words.py").write_text(code)
    template = translations.collect()
    assert template.get("To say hello.") is not None
    assert template.get("A day.") is not None
    assert template.get("name") is None


def fill(catalog_file: Path, **texts: str) -> None:
    """Translate the entries named by their English text."""
    lines = catalog_file.read_text().splitlines()
    for number, line in enumerate(lines):
        english = line.removeprefix('msgid "').removesuffix('"')
        if line.startswith('msgid "') and english in texts and lines[number + 1] == 'msgstr ""':
            lines[number + 1] = f'msgstr "{texts[english]}"'
    catalog_file.write_text("\n".join(lines) + "\n")


def test_update_keeps_translations_drops_what_is_unused_and_changes_nothing_twice(package: Path) -> None:
    translations.update()
    [catalog] = translations.catalogs()
    fill(catalog, Book="Bestil", Day="Dag")
    translations.update()
    first = catalog.read_text()
    translations.update()
    assert catalog.read_text() == first
    assert 'msgid "Day"\nmsgstr "Dag"' in first
    assert str(package) not in first
    (package / "room" / "templates" / "room" / "page.html").write_text("")
    (package / "room" / "words.py").write_text("")
    translations.update()
    assert "Dag" not in catalog.read_text()


def test_check_names_what_is_missing_wrong_or_unused(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    translations.update()
    [catalog] = translations.catalogs()
    fill(catalog, Book="Bestil", none="ingen", **{"Closed on %(day)s": "Lukket %(dag)s"})
    text = catalog.read_text().replace('msgid "none"', '#, fuzzy\nmsgid "none"')
    people = 'msgid_plural "%(n)s people"\nmsgstr[0] '
    text = text.replace(people + '""\nmsgstr[1] ""', people + '"en person"\nmsgstr[1] "%(n)s personer"')
    catalog.write_text(text + '\nmsgid "Gone"\nmsgstr "Væk"\n')
    assert translations.check() == 1
    assert capsys.readouterr().out.splitlines() == [
        "da: missing: '%d visit' (room/words.py)",
        "da: missing: 'Day' (room/templates/room/page.html, room/words.py)",
        "da: no longer used: 'Gone' (nowhere)",
        "da: not certain (fuzzy): 'none' (room/templates/room/page.html)",
        "da: other placeholders: 'Closed on %(day)s' (room/words.py) -> Lukket %(dag)s",
        "5 faults in the translations of 6 texts",
    ]


def test_what_is_not_compiled_is_noticed_and_compiled_or_refused(package: Path) -> None:
    translations.update()
    [catalog] = translations.catalogs()
    compiled = catalog.with_suffix(".mo")
    [error] = check_translations()
    assert (error.level, error.msg) == (ERROR, f"The translations are not compiled ({catalog.parent.parent.name}).")
    assert "make setup" in error.hint

    blocked = compiled.with_suffix(f".mo.{os.getpid()}")
    blocked.mkdir()  # as where this user may not write
    assert not translations.compile_what_is_missing()
    blocked.rmdir()
    assert translations.compile_what_is_missing()
    assert check_translations() == []

    touched = compiled.stat().st_mtime + 10
    os.utime(catalog, (touched, touched))  # as by a fresh checkout: newer, and the same
    assert check_translations() == []
    catalog.write_text(catalog.read_text().replace('msgid "Day"\nmsgstr ""', 'msgid "Day"\nmsgstr "Dag"'))
    os.utime(catalog, (touched, touched))
    assert [one.id for one in check_translations()] == ["roof.E001"]
    assert translations.compile_what_is_missing()
    assert check_translations() == []


def test_the_check_is_asked_at_the_start() -> None:
    assert check_translations in registry.get_checks()


def test_a_text_that_says_which_button_was_pressed_calls_it_as_it_stands_on_it() -> None:
    [path] = [path for path in translations.catalogs() if path.parent.parent.name == "da"]
    words = {entry.id: entry.string for entry in read_po(path.read_bytes().splitlines(keepends=True)) if isinstance(entry.id, str)}
    told = [danish for english, danish in words.items() if "pressed Start" in english]
    assert [f"trykkede på {words['Start']}" in danish for danish in told] == [True, True]
