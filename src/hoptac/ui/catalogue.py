"""What the catalogue page shows: every component with long names, large figures and mistakes."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace as Sample
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoptac.foundation.findings import Finding
from hoptac.ui.widgets import GroupedChecks

_LONG = (
    "Hợp tác xã Dịch vụ khai thác hải sản và sản xuất nông nghiệp công nghệ cao Vĩnh Hòa Hưng Nam A"
)
_BODIES = (
    (_LONG, "1709551552", "Xã Vĩnh Hòa Hưng", "ok", 1234, 58506.9, 238_673_000_000),
    (
        "Hợp tác xã Nông nghiệp Tân Hiệp A",
        "1709130219",
        "Xã Tân Hiệp",
        "warn",
        66,
        69.4,
        69_400_000,
    ),
    ("Quỹ tín dụng nhân dân Ấp Đông", "1709993127", "Phường Rạch Giá", "bad", 52410, None, 10**14),
    ("Tổ hợp tác Bơm tưới kênh 6 Thước", "", "Xã Giồng Riềng", "info", 20, 66, None),
)
_GROUPS = (
    ("Sở, ban, ngành tỉnh", [("d1", "Sở Tài chính"), ("d2", _LONG), ("d3", "Sở Nông nghiệp và Môi trường")]),
    ("Ủy ban nhân dân cấp xã", [(f"x{n}", f"Ủy ban nhân dân xã Vĩnh Hòa Hưng {n}") for n in range(1, 31)]),
)  # fmt: skip


class SampleForm(forms.Form):
    """A field of each kind."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=200, help_text=gettext_lazy("As on the certificate.")
    )
    established_on = forms.DateField(
        label=gettext_lazy("Established on"), widget=forms.DateInput(format="%d/%m/%Y")
    )
    capital = forms.DecimalField(
        label=gettext_lazy("Charter capital"), required=False, localize=True,
        widget=forms.TextInput, help_text=gettext_lazy("In dong."),
    )  # fmt: skip
    sector = forms.ChoiceField(
        label=gettext_lazy("Sector"),
        choices=[("", ""), ("a", "Nông - lâm - ngư - diêm nghiệp"), ("b", "Giao thông vận tải")],
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        widget=forms.RadioSelect,
        choices=[("c", "Hợp tác xã"), ("u", "Liên hiệp hợp tác xã"), ("g", "Tổ hợp tác")],
    )
    services = forms.MultipleChoiceField(
        label=gettext_lazy("Services to members"), required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("w", "Bơm tưới"), ("s", "Cung ứng vật tư"), ("m", "Tiêu thụ sản phẩm")],
    )  # fmt: skip
    agencies = forms.MultipleChoiceField(
        label=gettext_lazy("Agencies"), required=False, initial=["d1"], choices=_GROUPS,
        widget=GroupedChecks(
            hints={"d2": "Huyện Giồng Riềng (đến ngày 30/06/2025)"}, held={"d3": gettext_lazy("sent already")}
        ),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    confirmed = forms.BooleanField(label=gettext_lazy("I have checked the papers"))


def samples(request: HttpRequest) -> dict[str, Any]:
    """Return what the catalogue's template shows."""
    filled = {"name": "", "established_on": "31/02/2019", "capital": "238.673.000.000", "kind": "c"}
    page: Any = Paginator(range(500), 25).get_page(7)
    page.numbers = list(page.paginator.get_elided_page_range(7, on_each_side=1, on_ends=1))
    return {
        "form": SampleForm(prefix="empty"),
        "wrong": SampleForm({f"wrong-{k}": v for k, v in filled.items()}, prefix="wrong"),
        "findings": _findings(),
        "bodies": [
            Sample(name=n, code=c, commune=u, kind=k, members=m, area=a, capital=v)
            for n, c, u, k, m, a, v in _BODIES
        ],
        "columns": [
            Sample(label=_("Name"), query="sort=-name", sorted="ascending", css=""),
            Sample(label=_("Registration number"), query="sort=number", sorted="", css=""),
            Sample(label=_("Commune"), query="sort=commune", sorted="", css=""),
            Sample(label=_("Status"), query="", sorted="", css=""),
            Sample(label=_("Members"), query="sort=-members", sorted="", css="num"),
            Sample(label=_("Area (ha)"), query="sort=-area", sorted="", css="num"),
            Sample(label=_("Charter capital"), query="sort=-capital", sorted="", css="num"),
        ],
        "facts": [
            (_("Name"), _LONG),
            (_("Registration number"), "1709551552"),
            (_("Established on"), "02/12/2015"),
            (_("Telephone"), ""),
        ],
        "changes": [
            (_("Name"), "HTX Hoà An", _LONG),
            (_("Director"), "", "Huỳnh Văn Hải"),
            (_("Members"), "46", "66"),
        ],
        "tabs": [
            Sample(href="?", label=_("All"), count=461, is_current=True),
            Sample(href="?kind=c", label=_("Cooperatives"), count=457, is_current=False),
            Sample(href="?kind=u", label=_("Unions"), count=1, is_current=False),
            Sample(href="?kind=g", label=_("Groups"), count=0, is_current=False),
        ],
        "tasks": [
            Sample(href="?", title=_("Figures older than a year"), note=_LONG, count=461,
                   state="", kind=""),
            Sample(href="?", title=_("Check the papers"), note="", count=0,
                   state=_("Not begun"), kind=""),
            Sample(href="", title=_("Take a decision"), note="", count=0,
                   state=_("Cannot begin yet"), kind="warn"),
        ],
        "steps": [_("File"), _("Columns"), _("Findings"), _("Entering")],
        "page": page,
        "crumbs": [(_("Register"), "?")],
        "day": date(2019, 12, 31),
        "full": 238_673_000_000,
        "chart": {
            "type": "bar",
            "categories": ["Rạch Giá", "Hà Tiên", "Kiên Lương", "Hòn Đất", "Tân Hiệp"],
            "series": [
                {"name": "31/12/2019", "data": [42, 8, 21, 55, 61]},
                {"name": "30/06/2020", "data": [44, 9, 21, 57, 60]},
            ],
        },
    }  # fmt: skip


def _findings() -> list[Finding]:
    return [
        Finding("few_members", _("A cooperative has at least five official members."),
                "Luật Hợp tác xã 2023, điều 35", "name"),
        Finding("old_figures", _("The figures are older than a year."), severity="warning"),
        Finding("name_moved", _("The name was written in old letters and has been converted."),
                severity="notice"),
    ]  # fmt: skip
