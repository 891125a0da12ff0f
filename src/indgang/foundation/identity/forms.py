"""How somebody logs in."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm as AnyLogin


class LoginForm(AnyLogin):
    """E-mail address and password, in that order for the keyboard too: the way to a new password stands after the button."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
