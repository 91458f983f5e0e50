"""Controls that forms of every app may use."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
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


class GroupedChecks(forms.CheckboxSelectMultiple):
    """Many boxes in groups: found by typing, ticked one by one or a whole group at once, counted (many.js).

    ``choices`` are ``(name of the group, [(value, label), ...])``; ``hints`` say for a value where it lies.
    ``held`` are values that cannot be chosen (any more), with the word that says why. Groups of more than
    ``most_open`` but the first are closed until one opens them; with nought all are. Without JavaScript the
    groups open and close all the same, and a whole group is chosen by its own box.
    """

    template_name = "ui/widgets/grouped_checks.html"

    def __init__(
        self, attrs: Any = None, choices: Any = (), *, hints: Mapping[str, str] | None = None,
        held: Mapping[str, Any] | None = None, note: Any = "", most_open: int = 12,
    ) -> None:  # fmt: skip
        super().__init__(attrs, choices)
        self.hints, self.held, self.note, self.most_open = hints or {}, held or {}, note, most_open

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """Return what is ticked, one by one and by whole groups."""
        get = getattr(data, "getlist", lambda key: data.get(key) or [])
        whole = set(get(f"{name}_all"))
        values = [str(v) for v in get(name)]
        for at, (_label, options) in enumerate(self.choices):  # type: ignore[misc, arg-type]
            if str(at) in whole:
                values += [str(v) for v, _name in options if str(v) not in self.held]  # type: ignore[union-attr, has-type]
        return list(dict.fromkeys(values))

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen: Collection[str] = {str(v) for v in value or ()}
        ident = (attrs or {}).get("id") or f"id_{name}"
        groups = []
        for at, (label, options) in enumerate(self.choices):  # type: ignore[misc, arg-type]
            rows = [
                {
                    "value": str(v), "label": text, "hint": self.hints.get(str(v), ""),
                    "held": self.held.get(str(v), ""), "is_chosen": str(v) in chosen,
                }
                for v, text in options  # type: ignore[union-attr, has-type]
            ]  # fmt: skip
            count = sum(r["is_chosen"] for r in rows)
            groups.append({
                "at": at, "label": label, "rows": rows, "count": count,
                "is_open": bool(count) or (at == 0 and self.most_open > 0) or len(rows) <= self.most_open,
            })  # fmt: skip
        given = {
            "name": name, "id": ident, "groups": groups, "note": self.note,
            "count": sum(g["count"] for g in groups), "total": sum(len(g["rows"]) for g in groups),
        }  # fmt: skip
        return render_to_string(self.template_name, given)

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return ""
