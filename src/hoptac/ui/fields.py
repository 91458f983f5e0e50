"""Fields of forms that every app may use: days and figures as offices write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from hoptac.ui.templatetags.ui import number


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
