"""Letters about who approaches whom, one template for each language: they should read as if a person wrote them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.template import Context
from django.template.loader import get_template
from django.utils.translation import get_language

from indgang.foundation.identity.models import Organisation, User
from indgang.operations.guidance.approach_words import field_in_words
from indgang.operations.guidance.models import Duty, Meeting, OfficeNotice
from indgang.operations.guidance.outreach_words import MEETING_NAMES
from indgang.operations.guidance.queries.outreach_contacts import Reached

Words = tuple[str, str]


def letter_about_meetings(user: User, office: Organisation, notices: Sequence[OfficeNotice], address: str) -> Words:
    """Subject and text of what the hub tells an office, in the active language."""
    lines = [(notice, ", ".join(_within(field_in_words(field)) for field in notice.fields)) for notice in notices]
    return _rendered(
        "meetings", user=user, office=office, notices=lines, companies=len({one.company_id for one in notices}), address=address
    )


def letter_to_confirm(user: User, duties: Sequence[Duty], address: str) -> Words:
    """Subject and text of the question whether an entry of who is who is right still."""
    return _rendered("confirm", user=user, duties=[(duty, field_in_words(duty.field)) for duty in duties], address=address)


def letter_about_a_meeting(person: Reached, meeting: Meeting, address: str) -> Words:
    """Subject and text of what reminds somebody of a meeting between an office and the hub."""
    outreach, about = meeting.outreach, str(MEETING_NAMES[meeting.number])
    other = outreach.hub if person.organisation == outreach.office else outreach.office
    return _rendered("meeting", user=person, outreach=outreach, meeting=meeting, other=other.title, about=_within(about), address=address)


def _within(name: str) -> str:
    """A field's name within a sentence; an abbreviation keeps its letters."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def _rendered(name: str, **values: Any) -> Words:
    first = (values["user"].name or "").split()
    template: Any = get_template(f"guidance/mail/{name}.{(get_language() or 'en')[:2]}.txt")
    text = template.template.render(Context({**values, "name": first[0] if first else ""}, autoescape=False))
    subject, _, body = text.strip().partition("\n")
    return subject.strip(), re.sub(r"[ \t]+\n", "\n", re.sub(r"\n{3,}", "\n\n", body)).strip() + "\n"
