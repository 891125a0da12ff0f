"""Preview, import and undo. An import is all or nothing, and one batch with one journal entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import ANONYMOUS, Actor, require
from indgang.foundation.database import clock
from indgang.foundation.database.bulk import copy_in
from indgang.foundation.database.console import Refused
from indgang.foundation.files.actions import store_file
from indgang.foundation.files.models import StoredFile
from indgang.foundation.imports import permissions
from indgang.foundation.imports.kinds import KINDS, Kind, Row, Stored, Work
from indgang.foundation.imports.models import Batch, BatchRow
from indgang.foundation.imports.planning import CHUNK, Plan
from indgang.foundation.imports.queries import Told, rows_left
from indgang.foundation.imports.reports import Problem, Report, Unusable
from indgang.foundation.imports.tables import read_table
from indgang.foundation.journal.actions import record
from indgang.foundation.journal.models import Circle


@dataclass
class Undone:
    """What undoing a batch did, and what it kept because people changed it since.

    `shared`: of how many of the rows that were kept it brought back what they share with others. `sharing`: the rows that changed nothing
    else, and the ids of their records. `beside`: what rows share changed, whether any of them is left or not. `hidden`: what was removed or
    restored without the actor's knowing of it; nothing else here tells of that.
    """

    removed: int = 0
    restored: int = 0
    shared: int = 0
    hidden: int = 0
    kept: list[Problem] = field(default_factory=list)
    sharing: dict[int, str] = field(default_factory=dict, compare=False)
    beside: bool = field(default=False, compare=False)

    @property
    def kept_rows(self) -> int:
        """How many rows of the batch stay as they are now."""
        return len({problem.row for problem in self.kept})

    @property
    def anything(self) -> bool:
        """Whether there was anything to take back."""
        return bool(self.removed or self.restored or self.hidden or self.beside)


def preview_import(*, actor: Actor, kind: Kind, stream: BinaryIO) -> Report:
    """What importing this file would do, row by row. Writes nothing. Raises NotAllowed."""
    require(permissions.may_import, actor)
    try:
        plan = Plan(kind, kind.work(actor), read_table(stream, kind.columns))
        for _rows in plan:
            pass
    except Unusable as error:
        return Report(refused=[error.problem])
    return plan.report


def apply_import(*, actor: Actor, kind: Kind, stream: BinaryIO, name: str, file: StoredFile | None = None) -> tuple[Batch | None, Report]:
    """Import a file: every row, or none if any is refused. The same file again changes nothing and makes no batch.

    `file` is the kept copy, where there is one already; else one is made. Raises NotAllowed, and Refused when the disk takes no copy.
    """
    require(permissions.may_import, actor)
    try:
        with transaction.atomic():
            batch, report = _apply(actor, kind, stream)
            if batch is None:
                transaction.set_rollback(True)
                return None, report
            stream.seek(0)
            batch.file = file or store_file(actor=actor, name=name, content=stream)
            batch.created, batch.updated, batch.unchanged = report.created, report.updated, report.unchanged
            batch.confidential = {str(team): counts for team, counts in report.confidential.items()}
            told = Told.to(ANONYMOUS, batch)
            batch.in_the_open = told.created + told.updated > 0
            batch.save()
            counts = {"created": told.created, "updated": told.updated, "unchanged": told.unchanged}
            record(
                actor=actor,
                verb="batch.imported",
                subject=batch,
                circle=Circle.ORGANISATION if batch.in_the_open else Circle.SYSTEM,
                after={"kind": kind.key, "digest": batch.file.digest, **counts},
            )
            return batch, report
    except Unusable as error:
        return None, Report(refused=[error.problem])
    except IntegrityError as error:
        message = _("Somebody changed the same records at this moment. Try again.")
        return None, Report(refused=[Problem(0, "", "", message)], notices=[str(error).partition("\n")[0]])


def _apply(actor: Actor, kind: Kind, stream: BinaryIO) -> tuple[Batch | None, Report]:
    """Write the file's rows; no batch where there was nothing to write, or something to refuse."""
    _one_at_a_time(kind)
    plan = Plan(kind, kind.work(actor), read_table(stream, kind.columns))
    batch = Batch.objects.create(kind=kind.key, organisation=actor.organisation, user=actor.user)
    for rows in plan:
        if not plan.report.refused:
            _write(batch, kind, plan.work, rows)
    report = plan.report
    if not report.refused:
        plan.work.keep(batch)
    if report.refused:
        report.created = report.updated = 0
    return (batch if report.created + report.updated else None), report


def _write(batch: Batch, kind: Kind, work: Work, rows: list[Row]) -> None:
    changed = [row for row in rows if row.changed]
    new = [row for row in rows if row.stored is None]
    if changed:
        work.update(changed)
    ids = work.create(new) if new else []
    kept = [_batch_row(batch, kind, row, record_id, work.team_of(row)) for row, record_id in zip(new, ids, strict=True)]
    kept += [_batch_row(batch, kind, row, row.stored.id, work.team_of(row)) for row in changed if row.stored]
    copy_in(BatchRow, kept)


def _batch_row(batch: Batch, kind: Kind, row: Row, record_id: str, team: int | None) -> BatchRow:
    """What undoing needs: the whole of a new record, of an updated one its key and what changed. What rows share is the kind's own business
    (`Work.keep`)."""
    shared = {column.name for column in kind.columns if column.shared}
    if row.stored is None:
        names, before = {column.name for column in kind.columns} - shared, None
    else:
        names = {*row.changed, *(column.name for column in kind.key_columns)} - shared
        before = _texts(kind, row.stored.values, names)
    after = _texts(kind, row.values, names)
    replaced = [problem.column for problem in row.replaced] or None
    return BatchRow(batch=batch, row=row.number, record_id=record_id, before=before, after=after, replaced=replaced, team_id=team)


def _texts(kind: Kind, values: dict[str, object], names: set[str]) -> dict[str, str]:
    return {column.name: str(column.write(values.get(column.name))) for column in kind.columns if column.name in names}


@transaction.atomic
def undo_batch(*, actor: Actor, batch: Batch) -> Undone:
    """Take back what a batch wrote: remove what it created, restore what it updated. What people changed since is kept and named, and may
    be taken back another time: when those changes, or a later import, have been taken back.

    Raises NotAllowed, and Refused when the whole batch was undone already or is too old.
    """
    require(permissions.may_import, actor)
    kind = KINDS[batch.kind]
    _one_at_a_time(kind)
    batch.refresh_from_db()
    if batch.undone_at is not None and not rows_left(actor, batch).exists():
        raise Refused(_("This import was undone already."))
    if not batch.can_be_undone:
        raise Refused(_("This import is more than a year old. What it changed is no longer kept, so it cannot be taken back."))
    undone, work = Undone(), kind.work(actor)
    work.hold(batch.rows.all())
    for created in (True, False):  # what was there before may have to take the place of what is new
        rows = batch.rows.filter(before__isnull=created).order_by("row").iterator(chunk_size=CHUNK)
        while chunk := list(islice(rows, CHUNK)):
            done = _undo(actor, kind, work, chunk, undone)
            batch.rows.filter(row__in=done).delete()
    withdrawn = work.withdraw(batch, undone.sharing)
    undone.shared, undone.restored = withdrawn.rows, undone.restored + withdrawn.restored
    undone.beside = withdrawn.anything
    undone.kept = sorted([*undone.kept, *withdrawn.kept], key=lambda problem: problem.row)
    if undone.anything or not batch.rows.exists():
        batch.undone_at = clock.now()
        batch.save(update_fields=["undone_at"])
    counts = {"removed": undone.removed, "restored": undone.restored, "kept": undone.kept_rows}
    circle = Circle.ORGANISATION if batch.in_the_open else Circle.SYSTEM
    record(actor=actor, verb="batch.undone", subject=batch, circle=circle, after=counts)
    return undone


def _undo(actor: Actor, kind: Kind, work: Work, chunk: list[BatchRow], undone: Undone) -> list[int]:
    """Gives the rows of which nothing is left to take back. What the actor may not know of is taken back like the rest, and not told."""
    told = len(undone.kept)
    stored = work.existing([_key(kind, row) for row in chunk])
    _hide_what_became_confidential(kind, work, chunk, stored)
    hidden = {row.row for row in chunk if not permissions.knows_of(actor, row)}
    to_remove: list[Row] = []
    to_restore: list[Row] = []
    gone: list[int] = []
    keys = {column.name for column in kind.key_columns}
    for row in chunk:
        key = _key(kind, row)
        now = stored.get(key)
        if now is None or now.id != row.record_id:
            undone.kept.append(Problem(row.row, kind.key_columns[0].name, key[0], _("This is no longer there.")))
            gone.append(row.row)
        elif changes := _changed_since(kind, row, now):
            undone.kept.extend(changes)
        elif row.before is not None and row.after.keys() == keys:
            undone.sharing[row.row] = row.record_id
            gone.append(row.row)
        elif now.busy:
            undone.kept.append(Problem(row.row, kind.key_columns[0].name, key[0], now.busy))
        elif row.before is None:
            to_remove.append(Row(row.row, key, {}, now.values, now))
        else:
            to_restore.append(Row(row.row, key, {}, now.values | _values(kind, row.before), now))
    removed = _those_without(work.remove([row.stored for row in to_remove if row.stored]), kind, to_remove, undone) if to_remove else []
    restored = _those_without(work.against_restoring(to_restore), kind, to_restore, undone) if to_restore else []
    if restored:
        work.update(restored)
    undone.removed += sum(row.number not in hidden for row in removed)
    undone.restored += sum(row.number not in hidden for row in restored)
    undone.hidden += sum(row.number in hidden for row in removed + restored)
    undone.kept[told:] = [problem for problem in undone.kept[told:] if problem.row not in hidden]
    return [*gone, *(row.number for row in removed + restored)]


def _hide_what_became_confidential(kind: Kind, work: Work, chunk: list[BatchRow], stored: Mapping[tuple[str, ...], Stored]) -> None:
    """A row whose record a confidential team alone may know of by now is that team's from now on."""
    for row in chunk:
        key = _key(kind, row)
        if row.team_id is None and key in stored and (team := work.team_of(Row(row.row, key, {}, stored[key].values, stored[key]))):
            row.team_id = team
            row.save(update_fields=["team"])


def _those_without(reasons: Mapping[str, str], kind: Kind, rows: list[Row], undone: Undone) -> list[Row]:
    """The rows that nothing speaks against; the others are named as kept."""
    against = [(row, reasons[row.stored.id]) for row in rows if row.stored and row.stored.id in reasons]
    undone.kept.extend(Problem(row.number, kind.key_columns[0].name, row.key[0], reason) for row, reason in against)
    return [row for row in rows if row.stored and row.stored.id not in reasons]


def _changed_since(kind: Kind, row: BatchRow, now: Stored) -> list[Problem]:
    """The columns that no longer are as the batch left them."""
    found = []
    for column in kind.columns:
        was, value = row.after.get(column.name), str(column.write(now.values.get(column.name)))
        if was is None or was == value:
            continue
        found.append(Problem(row.row, column.name, value, _("Changed since the import, where it was “%(was)s”.") % {"was": was}))
    return found


def _key(kind: Kind, row: BatchRow) -> tuple[str, ...]:
    return tuple(row.after[column.name] for column in kind.key_columns)


def _values(kind: Kind, texts: dict[str, str]) -> dict[str, object]:
    columns = {column.name: column for column in kind.columns}
    return {name: columns[name].read(text) if text else None for name, text in texts.items()}


def _one_at_a_time(kind: Kind) -> None:
    """Two imports of a kind wait for each other, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"imports:{kind.key}"])
