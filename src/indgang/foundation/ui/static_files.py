"""Static files: what is collected from the two npm packages, and how a file finds its hashed name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Of the packages only what a page asks for: one stylesheet, the icons, htmx. Pages use the system's own font, so no font is served.
NOT_SERVED = [
    "fonts",
    "scss",
    "js",
    "*.map",
    "dkfds.css",
    "dkfds-*",
    "ext",
    "skills",
    "scripts",
    "editors",
    "htmax*",
    "*.esm*",
    "*.ts",
    "htmx.js",
    "*.md",
    "logo_virk.svg",
    "logo-borgerdk.svg",
]


FONT_FACE = re.compile(rb"@font-face\s*{[^}]*}")


class PackageStorage(FileSystemStorage):
    """A package's files. Its stylesheets come without their fonts, so that a slow page never asks for one before our own style is there."""

    def open(self, name: str, mode: str = "rb") -> Any:
        """The file, a stylesheet without its fonts."""
        file = super().open(name, mode)
        if not str(name).endswith(".css"):
            return file
        with file:
            return ContentFile(FONT_FACE.sub(b"", file.read()), name=str(name))


class PackageFinder(FileSystemFinder):
    """Finds the npm packages' files in STATICFILES_DIRS, without those that no page uses."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for prefix, root in self.locations:
            storage = PackageStorage(location=root)
            storage.prefix = prefix  # type: ignore[attr-defined]
            self.storages[root] = storage

    def list(self, ignore_patterns: Any) -> Iterable[Any]:
        """The files to collect."""
        return super().list([*(ignore_patterns or []), *NOT_SERVED])


class Storage(CompressedManifestStaticFilesStorage):
    """Names with a hash, compressed at rest.

    A package may name files that are not served (fonts, source maps): that reference is left as it is. Before `collectstatic` has run
    (in tests) a file keeps its plain name instead of failing the page.
    """

    manifest_strict = False

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        """The hashed name, or the plain one where there is no such file."""
        try:
            hashed: str = super().hashed_name(name, content, filename)
        except ValueError:
            return name
        return hashed
