"""What every model says about the people in it, gathered: the record of processing activities (GDPR article 30)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

from indgang.foundation.database.personal import NOTHING_PERSONAL, Personal

OURS = "indgang."

# The tables of the libraries, which cannot say it themselves.
OF_LIBRARIES = {
    "account.emailaddress": Personal(
        fields=("user", "email"), what="A colleague's e-mail address.", purpose="To let a member of staff log in.", kept="As the user."
    ),
    "account.emailconfirmation": Personal(
        fields=("email_address", "key"),
        what="A colleague's e-mail address, and the key that confirms it.",
        purpose="To confirm a member of staff's e-mail address.",
        kept="Three days.",
    ),
    "auth.group": NOTHING_PERSONAL,
    "auth.permission": NOTHING_PERSONAL,
    "contenttypes.contenttype": NOTHING_PERSONAL,
    "mfa.authenticator": Personal(
        fields=("user", "data", "last_used_at"),
        what="The secret of a colleague's one-time codes, and when one was last used.",
        purpose="The second factor of a member of staff's login.",
        kept="As the user.",
    ),
    "procrastinate.procrastinateevent": NOTHING_PERSONAL,
    "procrastinate.procrastinatejob": NOTHING_PERSONAL,
    "procrastinate.procrastinateperiodicdefer": NOTHING_PERSONAL,
    "procrastinate.procrastinateworker": NOTHING_PERSONAL,
    "sessions.session": Personal(
        fields=("session_data",),
        what="Which colleague is logged in, and which visit a visitor has opened.",
        purpose="To keep a member of staff logged in, and to know which visit a visitor has opened.",
        kept="Twelve hours, then removed within a day.",
    ),
}


@dataclass(frozen=True)
class Declaration:
    """One model's word on the people in it. `name` is the model as the program calls it, such as `reception.note`."""

    name: str
    room: str
    model: str
    fields: tuple[str, ...]
    what: str
    purpose: str
    kept: str
    of_colleagues: bool = False


def declarations() -> list[Declaration]:
    """Every model that holds personal data, sorted by room and model."""
    found = [
        Declaration(
            model._meta.label_lower,
            _room(model),
            str(model._meta.verbose_name),
            said.fields,
            said.what,
            said.purpose,
            said.kept,
            said.of_colleagues,
        )
        for model in apps.get_models()
        if (said := _said(model)) is not None and said.fields
    ]
    return sorted(found, key=lambda declaration: (declaration.room, declaration.model))


def faults(models: Iterable[type[Model]] | None = None) -> list[str]:
    """What is wrong with the declarations, one sentence each: a model that says nothing, a field that is not there, a reason not given."""
    return [fault for model in (apps.get_models() if models is None else models) for fault in _faults_of(model)]


def table_of_processing() -> str:
    """The record of processing as a table in Markdown."""
    lines = ["| Room | What | Personal data | Purpose | Kept |", "|---|---|---|---|---|"]
    lines += [f"| {entry.room} | {entry.model} | {', '.join(entry.fields)} | {entry.purpose} | {entry.kept} |" for entry in declarations()]
    return "\n".join(lines) + "\n"


def _said(model: type[Model]) -> Personal | None:
    if not model.__module__.startswith(OURS):
        return OF_LIBRARIES.get(model._meta.label_lower)
    said = getattr(model, "personal", None)
    return said if isinstance(said, Personal) else None


def _room(model: type[Model]) -> str:
    return model._meta.app_label if model.__module__.startswith(OURS) else "accounts and jobs"


def _faults_of(model: type[Model]) -> list[str]:
    said, name = _said(model), model._meta.label
    if said is None:
        return [f"{name} does not say what it holds about people."]
    found = [f"{name} names {field}, a field it does not have." for field in said.fields if not _has(model, field)]
    if said.fields and not (said.purpose and said.kept):
        found.append(f"{name} does not say why and for how long.")
    if said.fields and not said.what:
        found.append(f"{name} does not say in plain words what it holds.")
    if not said.fields and said != NOTHING_PERSONAL:
        found.append(f"{name} gives a purpose for nothing.")
    return found


def _has(model: type[Model], field: str) -> bool:
    try:
        model._meta.get_field(field)
    except FieldDoesNotExist:
        return False
    return True
