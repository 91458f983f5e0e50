"""What is wrong with a value that a call gave, in the caller's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

# By the beginning of pydantic's code, the longer first; ``%(...)s`` are what its ``ctx`` says.
_WORDS: tuple[tuple[str, Any], ...] = (
    ("missing", _("This is missing.")),
    ("extra_forbidden", _("There is no such field.")),
    ("less_than_equal", _("At most %(le)s.")),
    ("less_than", _("Less than %(lt)s.")),
    ("greater_than_equal", _("At least %(ge)s.")),
    ("greater_than", _("More than %(gt)s.")),
    ("string_too_long", _("At most %(max_length)s characters.")),
    ("string_too_short", _("At least %(min_length)s characters.")),
    ("string_pattern_mismatch", _("There are characters here that are not allowed.")),
    ("string", _("A text is needed.")),
    ("too_long", _("At most %(max_length)s values.")),
    ("too_short", _("At least %(min_length)s values.")),
    ("literal_error", _("One of %(expected)s.")),
    ("enum", _("One of %(expected)s.")),
    ("date", _("This is not a day; write 2019-12-31.")),
    ("uuid", _("This is not an id.")),
    ("int", _("A whole number is needed.")),
    ("decimal", _("A number is needed.")),
    ("float", _("A number is needed.")),
    ("base64", _("Base64 is needed.")),
    ("bool", _("true or false is needed.")),
    ("list", _("A list is needed.")),
    ("dict", _("An object is needed.")),
    ("model", _("An object is needed.")),
)


def wrong_with(error: Mapping[str, Any]) -> str:
    """Return in words what pydantic found; what has no words here is told generally."""
    code = str(error["type"])
    for beginning, words in _WORDS:
        if code.startswith(beginning):
            try:
                return str(words) % {k: _said(v) for k, v in (error.get("ctx") or {}).items()}
            except KeyError:
                break
    if get_language() == "en":
        return str(error["msg"])
    return str(_("This value does not fit the description."))


def _said(value: Any) -> str:
    return str(value).replace(" or ", ", ")
