"""What somebody who stands at the counter speaks: asked alike for a new party and for a new ticket."""

from __future__ import annotations

from collections.abc import Collection

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from indgang.operations.reception.forms.questions import desk_languages
from indgang.operations.reception.forms.resources import interpreter_choices


class SpokenForm(forms.Form):
    """The language at the desk, and the interpreter, where the house has any."""

    language = forms.ChoiceField(label=_("Language at the desk"))
    interpreter = forms.ChoiceField(label=_("Interpreter"), required=False)

    def offer_languages(self, spoken: Collection[str], interpreted: Collection[str]) -> None:
        """What can be chosen: the languages of the desks and of the interpreters."""
        self.fields["language"].choices = desk_languages(spoken)  # type: ignore[attr-defined]
        choices = interpreter_choices(interpreted)
        if choices:
            self.fields["interpreter"].choices = [("", gettext("None needed")), *choices[1:]]  # type: ignore[attr-defined]
        else:
            del self.fields["interpreter"]
