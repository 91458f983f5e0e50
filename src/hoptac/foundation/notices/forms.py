"""Forms of notices: choices of e-mail, the search for letters, giving a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hoptac.foundation.notices.kinds import NoticeKind
from hoptac.foundation.notices.terms import Mail


class ChoicesForm(forms.Form):
    """For each kind that can be chosen, when one is told by e-mail; named by the kind's code."""

    def __init__(
        self, kinds: Iterable[NoticeKind], chosen: Mapping[str, str], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for kind in kinds:
            if not kind.is_urgent:
                self.fields[kind.code] = forms.ChoiceField(
                    label=kind.title, choices=Mail.choices,
                    initial=chosen.get(kind.code, kind.default_mail),
                )  # fmt: skip


class LettersForm(forms.Form):
    """Which letters are looked for."""

    q = forms.CharField(label=pgettext_lazy("e-mail", "Person"), max_length=100, required=False)
    on = forms.DateField(label=_("Written on"), required=False)


class ReasonForm(forms.Form):
    """Why a letter is set aside."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
