"""Small helpers that templates may use everywhere."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from hoptac.foundation.vietnamese import format_number

register = template.Library()
_sprite = ""


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Return an icon of the sprite; hidden from screen readers unless it bears a label."""
    global _sprite
    if not _sprite:
        _sprite = static("ui/vendor/tabler/icons.svg")
    told = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return mark_safe(  # noqa: S308
        f'<svg class="icon" {told} focusable="false"><use href="{_sprite}#{escape(name)}"></use></svg>'
    )


def _vi() -> bool:
    return (get_language() or "vi").startswith("vi")


@register.filter
def number(value: Any, decimals: int | None = None) -> str:
    """Return a number as the reader's language writes it: ``1.234,5`` or ``1,234.5``."""
    if value is None or value == "":
        return ""
    if isinstance(value, (int, float, Decimal)):
        return format_number(value, decimals, vi=_vi())
    return str(value)


@register.filter
def short_money(value: Any) -> str:
    """Return dong in the largest plain unit: ``238,673 tỷ đồng``."""
    if value is None or value == "":
        return ""
    vi = _vi()
    amount = Decimal(value)
    for size, word_vi, word_en in (
        (10**9, "tỷ đồng", "billion dong"),
        (10**6, "triệu đồng", "million dong"),
    ):
        if abs(amount) >= size:
            figure = (amount / size).quantize(Decimal("0.001")).normalize()
            whole = figure == figure.to_integral_value()
            text = format_number(
                int(figure) if whole else figure, None if whole else _places(figure), vi=vi
            )
            return f"{text} {word_vi if vi else word_en}"
    return f"{format_number(int(amount), vi=vi)} {'đồng' if vi else 'dong'}"


def _places(figure: Decimal) -> int:
    exponent = figure.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


@register.filter
def day(value: Any) -> str:
    """Return a day as offices write it: ``31/12/2019``."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else ""


@register.filter
def moment(value: Any) -> str:
    """Return a moment in local time: ``14:05 31/12/2019``."""
    if not isinstance(value, datetime):
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local:%H:%M %d/%m/%Y}"


@register.simple_tag(takes_context=True)
def with_query(context: dict[str, Any], **changes: Any) -> str:
    """Return the page's query string with changes; an empty value drops a key."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = value
    return f"?{query.urlencode()}"
