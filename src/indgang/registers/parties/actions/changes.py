"""Changes that can be taken back: kept as they are made, and put back exactly, unless somebody has changed the same since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.registers.parties.errors import NotNow
from indgang.registers.parties.models import Change, Company, CompanyNote, Contact

Values = dict[str, Any]


def kept_of(record: Model, names: Iterable[str]) -> Values:
    """Some columns of a record as they are kept, exactly."""
    values = {name: record._meta.get_field(name).value_from_object(record) for name in names}  # type: ignore[union-attr]
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()}


def put_back(record: Model, values: Mapping[str, Any]) -> None:
    """Write them into the record again; saving it is the caller's."""
    for name, value in values.items():
        field: Any = record._meta.get_field(name)
        setattr(record, field.attname, field.to_python(value))


def keep_change(*, actor: Actor, record: Company | Contact | CompanyNote, before: Values, after: Values) -> None:
    """Keep what was changed, for whoever did it. A program has no page to take it back from."""
    if actor.user is None:
        return
    contact, note = record if isinstance(record, Contact) else None, record if isinstance(record, CompanyNote) else None
    company = record if isinstance(record, Company) else record.company
    Change.objects.create(company=company, contact=contact, note=note, user=actor.user, before=before, after=after)


def standing_change(actor: Actor, change: Change) -> Change | None:
    """The change, kept from others until the end; None where it has been taken back already. Only whoever made it takes it back."""
    found = Change.objects.select_for_update(of=("self",)).select_related("company", "contact", "note").get(pk=change.pk)
    require(lambda asking: asking.user is not None and asking.user.pk == found.user_id, actor)
    return None if found.taken_back_at else found


def refuse_changed_since(record: Model, change: Change) -> None:
    """Raises NotNow where the record is not as the change left it."""
    if kept_of(record, change.after) != change.after:
        raise NotNow(_("This was changed again meanwhile, so nothing was put back. Look at what it says now, and change it yourself."))


def take_back(change: Change) -> None:
    """It has been; what it was is not needed any more."""
    change.before, change.after, change.taken_back_at = {}, {}, clock.now()
    change.save(update_fields=["before", "after", "taken_back_at"])
