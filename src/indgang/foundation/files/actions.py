"""Keeping files that people hand in, and opening them again."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database.console import Refused
from indgang.foundation.files import permissions
from indgang.foundation.files.models import StoredFile

MAX_BYTES = 100_000_000  # 300,000 companies with all their columns have room; the copy is made and read without keeping it in memory
CHUNK = 1_000_000


def store_file(*, actor: Actor, name: str, content: bytes | BinaryIO | Iterable[bytes]) -> StoredFile:
    """Keep a file: once by its content, complete on disk before its row is written, readable by the program's own account only.

    Raises NotAllowed, and Refused when the file is too large or the disk does not take it; then nothing is left behind.
    """
    require(permissions.may_store, actor)
    name = _plain_name(name)
    digest, size = _write(_chunks(content), name)
    return StoredFile.objects.create(digest=digest, name=name, size=size, organisation=actor.organisation, user=actor.user)


def open_file(file: StoredFile) -> BinaryIO:
    """The file for reading. Whoever calls has asked whether the actor may. Raises Refused when it is no longer there or not as it was."""
    try:
        stream = path_of(file.digest).open("rb")
    except OSError as error:
        raise Refused(_("The file %(name)s is no longer there.") % {"name": file.name}) from error
    if hashlib.file_digest(stream, "sha256").hexdigest() != file.digest:
        stream.close()
        raise Refused(_("The file %(name)s is damaged.") % {"name": file.name})
    stream.seek(0)
    return stream


def path_of(digest: str) -> Path:
    """Where content lies: in a folder named by the first two digits of its SHA-256."""
    return folder() / digest[:2] / digest


def folder() -> Path:
    """Where all content lies. It need not be there yet."""
    return Path(settings.HOME) / "files"


@contextmanager
def alone_in(place: Path) -> Iterator[None]:
    """Wait until no other process moves content into a folder or removes it from there."""
    handle = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write(chunks: Iterable[bytes], name: str) -> tuple[str, int]:
    """Write beside the final place, make it durable, then move it there in one step."""
    draft: str | None = None
    try:
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(prefix="draft-", dir=folder())  # mode 600
        digest, size = hashlib.sha256(), 0
        with os.fdopen(handle, "wb") as stream:
            for chunk in chunks:
                size += len(chunk)
                if size > MAX_BYTES:
                    raise Refused(too_large(name))
                digest.update(chunk)
                stream.write(chunk)
            stream.flush()
            os.fsync(stream.fileno())
        target = path_of(digest.hexdigest())
        target.parent.mkdir(mode=0o700, exist_ok=True)
        with alone_in(folder()):
            Path(draft).replace(target)
        _make_durable(target.parent)
    except OSError as error:
        reason = _("the disk is full") if error.errno in {errno.ENOSPC, errno.EDQUOT} else error.strerror or str(error)
        raise Refused(
            _("The file %(name)s could not be kept: %(reason)s. Nothing was changed.") % {"name": name, "reason": reason}
        ) from error
    finally:
        if draft is not None:
            with suppress(OSError):
                Path(draft).unlink(missing_ok=True)
    return digest.hexdigest(), size


def too_large(name: str) -> str:
    """What is said of a file above MAX_BYTES."""
    return _("The file %(name)s is too large. The limit is %(limit)s MB.") % {"name": name, "limit": MAX_BYTES // 1_000_000}


def _make_durable(place: Path) -> None:
    """A new name survives a power cut only once its folder is written too."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _chunks(content: bytes | BinaryIO | Iterable[bytes]) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
    elif isinstance(content, Iterable) and not hasattr(content, "read"):
        yield from content
    else:
        while chunk := content.read(CHUNK):
            yield chunk


def _plain_name(name: str) -> str:
    """The last part of a path, without characters that do not print."""
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable())[:200].strip() or "file"
