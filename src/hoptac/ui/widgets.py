"""Controls that forms of every app may use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _


def combobox_attributes() -> dict[str, str]:
    """Return what a ``<select>`` carries to become a box that one types into (combobox.js)."""
    return {
        "data-combobox": "",
        "data-label": _("Choices"),
        "data-open": _("Show all choices"),
        "data-none": _("Nothing fits what you typed"),
        "data-found": _("{n} choices; arrow keys walk through them"),
        "data-more": _("{n} more: type another word"),
    }


class Combobox(forms.Select):
    """A long select that is found by typing: without marks, by name, by group, by hint.

    ``hints`` say for a value where it lies; they are shown beside it and searched, too. Without
    JavaScript it is the select.
    """

    def __init__(self, attrs: Any = None, choices: Any = (), *, hints: Any = None) -> None:
        super().__init__(attrs, choices)
        self.hints: Mapping[str, str] = hints or {}

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return super().get_context(name, value, {**combobox_attributes(), **(attrs or {})})

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        hint = self.hints.get(str(option["value"]))
        if hint:
            option["attrs"]["data-hint"] = hint
        return option
