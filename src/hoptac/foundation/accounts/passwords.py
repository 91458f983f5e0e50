"""Passwords that anybody would try first, beyond the library's list of common ones."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from hoptac.foundation.vietnamese import fold

_FIRST_TRIED = (
    "matkhau", "password", "hoptac", "hoptacxa", "lienminh", "kiengiang", "angiang", "rachgia",
    "vietnam", "admin", "administrator", "quantri", "qwerty", "qwertyuiop", "asdfgh", "iloveyou",
    "anhyeuem", "emyeuanh", "congty", "chaomung", "welcome",
)  # fmt: skip
_FEW = 6
_RUNS = ("0123456789" * 3, "9876543210" * 3, "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjkl")


class NotGuessed:
    """Refuse runs, repetitions, and words of the trade filled up with digits."""

    def validate(self, password: str, user: Any = None) -> None:
        plain = "".join(c for c in fold(password) if c.isalnum())
        letters = "".join(c for c in plain if c.isalpha())
        words = [w * (len(letters) // len(w)) for w in _FIRST_TRIED]
        guessed = len(set(plain)) < _FEW or letters in words or any(plain in run for run in _RUNS)
        if guessed:
            raise ValidationError(self.get_help_text(), code="password_guessed")

    def get_help_text(self) -> str:
        return _("Not a common word with digits, a run of keys, or one thing repeated.")
