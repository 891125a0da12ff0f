"""Collect the texts to translate, compile the translations, and check that each language is complete. Needs no GNU gettext.

    python -m indgang.config.translations update | compile | check

A language is a folder under `locale/`; a new one needs nothing but the folder and one `update`. The catalogs carry no dates, no line
numbers and no paths of a machine, so that a change shows only what was changed.
"""

from __future__ import annotations

import ast
import io
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent
LOCALE = PACKAGE / "locale"
NOT_READ = {"migrations", "tests"}
ONE = ("_", "gettext", "gettext_lazy", "gettext_noop")
MANY = ("ngettext", "ngettext_lazy")
ONE_IN_CONTEXT = ("pgettext", "pgettext_lazy")
MANY_IN_CONTEXT = ("npgettext", "npgettext_lazy")
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|(%[a-z])|\{(\w*)[^{}]*\}")


def catalogs() -> list[Path]:
    """The catalog of each language."""
    return [folder / "LC_MESSAGES" / "django.po" for folder in sorted(LOCALE.iterdir()) if folder.is_dir()]


def collect() -> Catalog:
    """Every text of the code and the templates, with where it stands."""
    template = Catalog()
    for path in sorted(PACKAGE.rglob("*")):
        place = path.relative_to(PACKAGE)
        if NOT_READ & set(place.parts):
            continue
        if path.suffix == ".py":
            source = path.read_bytes()
        elif "templates" in place.parts and path.suffix in {".html", ".txt"}:
            # What stands between the texts becomes X, in one pair of brackets because it is not indented like a program.
            source = f"({templatize(path.read_text())})".encode()
        else:
            continue
        for context, singular, plural, comments in [*_texts(source), *(_declared(source) if path.suffix == ".py" else [])]:
            texts = (singular, plural) if plural else singular
            template.add(texts, context=context, locations=[(str(place), 0)], auto_comments=comments)
    return template


def _texts(source: bytes) -> Iterator[tuple[str | None, str, str | None, list[str]]]:
    """Context, singular, plural and translators' comments of each text in a Python source."""
    names = [*ONE, *MANY, *ONE_IN_CONTEXT, *MANY_IN_CONTEXT]
    for _, function, found, comments in extract_python(io.BytesIO(source), dict.fromkeys(names), ["Translators:"], {"encoding": "utf-8"}):
        given = [found] if isinstance(found, str) or found is None else list(found)
        context = given.pop(0) if function in ONE_IN_CONTEXT + MANY_IN_CONTEXT else None
        plural = given[1] if function in MANY + MANY_IN_CONTEXT else None
        if given and given[0]:
            yield context, given[0], plural, list(comments or [])


def _declared(source: bytes) -> Iterator[tuple[None, str, None, list[str]]]:
    """What is kept, why and for how long, of each `Personal(...)`: the privacy notice shows them."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Personal":
            given = [*node.args[1:], *(keyword.value for keyword in node.keywords if keyword.arg in ("what", "purpose", "kept"))]
            for text in given:
                if isinstance(text, ast.Constant) and isinstance(text.value, str) and text.value:
                    yield None, text.value, None, []


def read(path: Path) -> Catalog:
    """A language's catalog; empty when there is none yet."""
    language = path.parent.parent.name
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update() -> None:
    """Bring every catalog up to the texts of today; what is no longer used is left out."""
    template = collect()
    for path in catalogs():
        catalog = read(path)
        catalog.update(template, no_fuzzy_matching=True)
        header = (
            'msgid ""\nmsgstr ""\n'
            f'"Language: {catalog.locale_identifier}\\n"\n'
            '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
            f'"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
        )
        body = io.BytesIO()
        write_po(body, catalog, width=120, omit_header=True, ignore_obsolete=True, sort_output=True, include_lineno=False)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(header.encode() + body.getvalue())


def compile_all() -> None:
    """Write the compiled file beside each catalog; nobody ever reads half of one."""
    for path in catalogs():
        if path.exists():
            draft = path.with_suffix(f".mo.{os.getpid()}")
            draft.write_bytes(_compiled(path))
            draft.replace(path.with_suffix(".mo"))


def not_compiled() -> list[Path]:
    """The catalogs whose compiled file is missing or says something else. Read are only those that changed after it."""
    return [path for path in catalogs() if path.exists() and not _is_compiled(path)]


def compile_what_is_missing() -> bool:
    """Compile where this user may write; whether everything is compiled now."""
    if not_compiled():
        with suppress(OSError):
            compile_all()
    return not not_compiled()


def _is_compiled(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    if not compiled.exists():
        return False
    return compiled.stat().st_mtime >= path.stat().st_mtime or compiled.read_bytes() == _compiled(path)


def _compiled(path: Path) -> bytes:
    file = io.BytesIO()
    write_mo(file, read(path))
    return file.getvalue()


def faults(template: Catalog, catalog: Catalog) -> list[str]:
    """What keeps a language from being complete, one line each."""
    found = []
    for message in template:
        if not message.id:
            continue
        translated = catalog.get(_singular(message), message.context)
        if translated is None or not all(_strings(translated)):
            found.append(f"missing: {_name(message)}")
        elif translated.fuzzy:
            found.append(f"not certain (fuzzy): {_name(message)}")
        elif not _same_placeholders(message, translated):
            found.append(f"other placeholders: {_name(message)} -> {' | '.join(_strings(translated))}")
    unused = [message for message in catalog if message.id and template.get(_singular(message), message.context) is None]
    return sorted(found + [f"no longer used: {_name(message)}" for message in unused])


def check() -> int:
    """Print what is missing or wrong; 1 if anything is."""
    template = collect()
    lines = [f"{path.parent.parent.name}: {fault}" for path in catalogs() for fault in faults(template, read(path))]
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.write(f"{len(lines)} faults in the translations of {len(template)} texts\n")
    return 1 if lines else 0


def _singular(message: Message) -> str:
    return str(message.id if isinstance(message.id, str) else message.id[0])


def _strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


def _name(message: Message) -> str:
    places = ", ".join(sorted({place for place, _ in message.locations}))
    return f"{message.context + ': ' if message.context else ''}{_singular(message)!r} ({places or 'nowhere'})"


def _placeholders(text: str) -> list[str]:
    return sorted(named or plain or f"{{{braced}}}" for named, plain, braced in PLACEHOLDER.findall(text.replace("%%", "")))


def _same_placeholders(message: Message, translated: Message) -> bool:
    """Each form must have the placeholders of the source; only a singular may leave some out, because it can spell out the number."""
    if isinstance(message.id, str):
        return _placeholders(message.id) == _placeholders(_strings(translated)[0])
    singular, *plurals = (_placeholders(text) for text in _strings(translated))
    allowed = _placeholders(message.id[1])
    return set(singular) <= set(allowed) and all(plural == allowed for plural in plurals)


if __name__ == "__main__":
    settings.configure()  # reading templates needs Django, but nothing of the house
    if sys.argv[1:] == ["update"]:
        update()
    elif sys.argv[1:] == ["compile"]:
        compile_all()
    elif sys.argv[1:] == ["check"]:
        sys.exit(check())
    else:
        sys.exit(__doc__)
