"""Small helpers that templates may use everywhere: icons, figures, days, addresses, fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms, template
from django.conf import settings
from django.forms.boundfield import BoundField
from django.template import Variable
from django.template.defaulttags import url as do_url
from django.templatetags.i18n import do_translate
from django.templatetags.static import do_static, static
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hoptac.foundation.vietnamese import format_number
from hoptac.ui import shell
from hoptac.ui.widgets import combobox_attributes

register = template.Library()

# --- What stays as it is --------------------------------------------------------------------------


class _Kept(template.Node):
    """A tag that always says the same, rendered once for each ``key``."""

    def __init__(self, node: template.Node, key: Callable[[], Any]) -> None:
        self.node, self.key = node, key
        self.kept: dict[Any, str] = {}

    def render(self, context: template.Context) -> str:
        key = self.key()
        found = self.kept.get(key)
        if found is None:
            found = self.kept[key] = self.node.render(context)
        return found


@register.tag
def translate(parser: Any, token: Any) -> template.Node:
    """Django's tag; plain words are looked up once for each language, since a page has dozens."""
    node: Any = do_translate(parser, token)
    words = node.filter_expression
    is_plain = isinstance(words.var, Variable) and words.var.literal is not None
    if not is_plain or words.filters or node.noop or node.asvar or node.message_context:
        return node
    return _Kept(node, get_language)


@register.tag
def url(parser: Any, token: Any) -> template.Node:
    """Django's tag; the address of a page without parts is looked up once."""
    node: Any = do_url(parser, token)
    name = node.view_name.var
    is_plain = isinstance(name, str) and not node.view_name.filters
    if not is_plain or node.args or node.kwargs or node.asvar:
        return node
    return _Kept(node, get_script_prefix)


@register.tag(name="static")
def static_file(parser: Any, token: Any) -> template.Node:
    """Django's tag; the address of a file is looked up once."""
    node: Any = do_static(parser, token)
    is_plain = isinstance(node.path.var, str) and not node.path.filters
    return _Kept(node, _static_url) if is_plain and not node.varname else node


def _static_url() -> str:
    return str(settings.STATIC_URL)


# --- Icons ----------------------------------------------------------------------------------------

_icons: dict[str, SafeString] = {}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Return an icon of the sprite; hidden from screen readers unless it bears a label."""
    if label:
        return _icon(name, f'role="img" aria-label="{escape(label)}"')
    if name not in _icons:
        _icons[name] = _icon(name, 'aria-hidden="true"')
    return _icons[name]


def _icon(name: str, told: str) -> SafeString:
    sprite = static("ui/vendor/tabler/icons.svg")
    return mark_safe(  # noqa: S308  (both parts are escaped or our own)
        f'<svg class="icon" {told} focusable="false"><use href="{sprite}#{escape(name)}"></use></svg>'
    )


# --- Figures --------------------------------------------------------------------------------------


def _vi() -> bool:
    return (get_language() or "vi").startswith("vi")


@register.filter
def number(value: Any, decimals: int | None = None) -> str:
    """Return a number as the reader's language writes it: ``1.234,5`` or ``1,234.5``."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return str(value)
    return format_number(value, decimals, vi=_vi())


@register.filter
def money(value: Any) -> str:
    """Return dong to the last one: ``238.673.000.000 đồng``."""
    if value is None or value == "":
        return ""
    vi = _vi()
    return f"{format_number(int(value), vi=vi)} {'đồng' if vi else 'dong'}"


_LARGE = ((10**9, "tỷ đồng", "billion dong"), (10**6, "triệu đồng", "million dong"))


@register.filter
def short_money(value: Any) -> str:
    """Return dong in the largest plain unit: ``238,673 tỷ đồng``."""
    if value is None or value == "":
        return ""
    vi = _vi()
    amount = Decimal(value)
    for size, word_vi, word_en in _LARGE:
        if abs(amount) >= size:
            return f"{_plain(amount / size, vi)} {word_vi if vi else word_en}"
    return f"{format_number(int(amount), vi=vi)} {'đồng' if vi else 'dong'}"


def _plain(figure: Decimal, vi: bool) -> str:
    """Return a figure with at most three decimals and no idle zeros."""
    rounded = figure.quantize(Decimal("0.001")).normalize()
    if rounded == rounded.to_integral_value():
        return format_number(int(rounded), vi=vi)
    exponent = rounded.as_tuple().exponent
    return format_number(rounded, -exponent if isinstance(exponent, int) else None, vi=vi)


@register.filter
def ha(value: Any) -> str:
    """Return an area: ``58.506,9 ha``."""
    return "" if value is None or value == "" else f"{number(value)} ha"


@register.filter
def percent(value: Any, decimals: int = 1) -> str:
    """Return a share given as a fraction of one: ``88,6 %``."""
    if value is None or value == "":
        return ""
    text = format_number(Decimal(str(value)) * 100, decimals, vi=_vi())
    return f"{text} %"


# --- Days and moments -----------------------------------------------------------------------------


@register.filter
def day(value: Any) -> str:
    """Return a day as offices write it: ``31/12/2019``."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    if not isinstance(value, date):
        return ""
    return f"{value.day:02}/{value.month:02}/{value.year}"


@register.filter
def moment(value: Any) -> str:
    """Return a moment in local time: ``14:05 31/12/2019``."""
    if not isinstance(value, datetime):
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local:%H:%M %d/%m/%Y}"


# --- People and words -----------------------------------------------------------------------------


@register.filter
def initials(name: Any) -> str:
    """Return two letters for a person: those of the middle and given names, ``Trần Thị Sở`` → TS."""
    words = str(name or "").split()
    if not words:
        return "?"
    return (words[-2][0] + words[-1][0] if len(words) > 1 else words[0][:2]).upper()


# --- Addresses ------------------------------------------------------------------------------------


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


@register.simple_tag(takes_context=True)
def sort_query(context: dict[str, Any], column: str, current: str = "") -> str:
    """Return the address that sorts by a column; the other way where it sorts so already."""
    wanted = f"-{column}" if current == column else column
    return with_query(context, sort=wanted, page=None)


# --- The shell ------------------------------------------------------------------------------------


@register.simple_tag
def shell_head() -> SafeString:
    """Return what every page's head holds."""
    return shell.head_html()


@register.simple_tag(takes_context=True)
def shell_top(context: dict[str, Any]) -> SafeString:
    """Return the bar above the page."""
    return shell.top_html(
        context.get("request"), context.get("reader"), context.get("theme") or "auto"
    )


@register.simple_tag
def combobox() -> SafeString:
    """Return the attributes that make a ``<select id=…>`` of a template a combobox."""
    return format_html_join(" ", '{}="{}"', combobox_attributes().items())


# --- Fields ---------------------------------------------------------------------------------------


@register.filter
def field_kind(bound: BoundField) -> str:
    """Return what a field is, for its looks: date, number, check, choice, file, text, long."""
    field, widget = bound.field, bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choice"
    if isinstance(field, forms.FileField):
        return "file"
    if isinstance(field, forms.DateField):
        return "date"
    if isinstance(field, forms.IntegerField | forms.DecimalField | forms.FloatField):
        return "number"
    return "long" if isinstance(widget, forms.Textarea) else "text"


@register.simple_tag
def field_input(bound: BoundField) -> SafeString:
    """Return the field's control, told what it is described by, with the aids for its kind."""
    attrs: dict[str, Any] = {}
    kind = field_kind(bound)
    given = bound.field.widget.attrs
    typed = getattr(bound.field.widget, "input_type", "") == "text"
    if kind == "date" and typed:
        attrs |= {"data-day": True, "inputmode": "numeric", "autocomplete": "off"}
        attrs["placeholder"] = given.get("placeholder") or _("day/month/year")
    elif kind == "number" and typed:
        attrs |= {"data-figure": True, "inputmode": "decimal", "autocomplete": "off"}
    if bound.field.required and kind not in {"choice", "check", "file"}:
        attrs["aria-required"] = "true"
    if kind != "date" or not typed:
        return bound.as_widget(attrs=attrs)
    return format_html(
        '<span class="with-pick">{}<input type="date" tabindex="-1" aria-hidden="true">'
        '<button class="button square" type="button" data-calendar hidden>{}'
        '<span class="visually-hidden">{}</span></button></span>',
        bound.as_widget(attrs=attrs), icon("calendar"), _("Choose a day"),
    )  # fmt: skip
