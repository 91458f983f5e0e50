"""Fields of forms that every app may use: days, figures, files as offices give them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from hoptac.foundation.documents.kinds import KINDS
from hoptac.ui.templatetags.ui import number

_FILES = ",".join(e for k in KINDS.values() for e in k.endings)
_MOST_FILES = 20


class DayField(forms.DateField):
    """A day as offices write it: 31/12/2019."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(format="%d/%m/%Y"), **kwargs)


class FigureField(forms.DecimalField):
    """A number as offices write it: 1.234,5."""

    def __init__(self, *, decimals: int = 0, **kwargs: Any) -> None:
        super().__init__(
            localize=True, required=False, min_value=0, max_digits=15, decimal_places=decimals,
            widget=forms.TextInput(), **kwargs,
        )  # fmt: skip

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int | Decimal):
            return value
        exponent = Decimal(value).normalize().as_tuple().exponent
        return number(value, max(0, -exponent) if isinstance(exponent, int) else 0)


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; each as (name, bytes)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(widget=FilesInput(attrs={"accept": _FILES, "multiple": True}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[tuple[str, bytes]]:
        sent = [f for f in (data if isinstance(data, list | tuple) else [data]) if f]
        if len(sent) > _MOST_FILES:
            raise forms.ValidationError(_("At most 20 files at once."))
        return [(f.name, super(FilesField, self).clean(f, initial).read()) for f in sent]
