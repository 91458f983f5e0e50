"""What the desk types: a proposal field by field, and one form for each step."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hoptac.foundation.access import Context
from hoptac.jurisdiction.fields import UnitField
from hoptac.registration import selectors
from hoptac.registration.in_words import standing_in_words
from hoptac.registration.matters import CHOICES, MATTERS, Matter, from_json, label_with_unit
from hoptac.registration.models import Filing
from hoptac.registration.procedures import PROCEDURES, Procedure, refusal_grounds
from hoptac.registration.rules.procedures import ProcedureRule, grounds, grounds_on, paper_name
from hoptac.registration.terms import BranchKind, Channel, MarkKind, Outcome, PaperState
from hoptac.registry.selectors import bodies_to_choose
from hoptac.registry.terms import Sector
from hoptac.ui.fields import DayField, FigureField
from hoptac.ui.widgets import Combobox

_MOST_ENTRIES = 30
_CODES = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class About:
    """What a proposal is about, as its fields need to know it: who asks, the body, the day."""

    ctx: Context
    permission: str
    cooperative: Any = None
    day: date | None = None


class BodyField(forms.CharField):
    """Another body, typed by name or number; several that fit are named so that one is chosen."""

    def __init__(self, about: About, **kwargs: Any) -> None:
        self.about = about
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        own = self.about.cooperative.pk if self.about.cooperative else UUID(int=0)
        found = bodies_to_choose(self.about.ctx, text, but=own, most=6)
        if len(found) == 1:
            return UUID(found[0][0])
        if not found:
            raise forms.ValidationError(_("No body of your territory has this name or number."))
        names = "; ".join(label for _pk, label in found[:5])
        raise forms.ValidationError(
            _("Several bodies fit: %(names)s. Type the number of one.") % {"names": names}
        )

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, UUID):
            found = bodies_to_choose(self.about.ctx, str(value), but=UUID(int=0), most=1)
            return found[0][1].rpartition(" · ")[2] if found else str(value)
        return value


def field_for(matter: Matter, about: About, *, required: bool) -> forms.Field:
    """Return the form field of one matter."""
    more: dict[str, Any] = {"label": matter.label, "required": required, "help_text": matter.help}
    match matter.kind:
        case "day":
            return DayField(**more)
        case "unit":
            field: forms.Field = UnitField(about.ctx, permission=about.permission)
            field.label, field.required = matter.label, required
            return field
        case "money" | "count" | "ha":
            number = FigureField(
                label=label_with_unit(matter),
                help_text=matter.help,
                decimals=2 if matter.kind == "ha" else 0,
            )
            number.required = required
            return number
        case "long":
            return forms.CharField(
                widget=forms.Textarea(attrs={"rows": 3}), max_length=matter.most, **more
            )
        case "choice":
            return _choice(matter, about, more)
        case "codes":
            if matter.code == "grounds":
                body, day = about.cooperative, about.day or about.ctx.today
                known = (
                    grounds("revocation")
                    if body is None
                    else grounds_on("revocation", day, body.kind)
                )
                choices = [(g.code, f"{g.name} ({g.basis})") for g in known]
                choices.append(("tax", _("Tax enforcement")))
                return forms.MultipleChoiceField(
                    choices=choices, widget=forms.CheckboxSelectMultiple, **more
                )
            return forms.CharField(max_length=200, **more)
        case "body":
            return BodyField(about, max_length=250, **more)
    return forms.CharField(max_length=matter.most, **more)


def _choice(matter: Matter, about: About, more: dict[str, Any]) -> forms.Field:
    day = about.day or about.ctx.today
    body = about.cooperative
    choices: list[tuple[str, Any]]
    if matter.code == "sector":
        choices = list(Sector.choices)
    elif matter.code == "branch_kind":
        choices = [c for c in BranchKind.choices if c[0] != BranchKind.PLACE]
    elif matter.code == "mark_kind":
        choices = list(MarkKind.choices)
    elif matter.code == "branch" and body is not None:
        # As they stand today: the law's day may lie before a branch was opened.
        found = selectors.branches(body.pk, about.ctx.today).exclude(state="closed")
        choices = [(str(b.branch_id), f"{b.name} · {b.code}" if b.code else b.name) for b in found]
    elif matter.code == "mark" and body is not None:
        found_marks = selectors.marks(body.pk, day)
        choices = [(str(m.pk), f"{m.get_kind_display()} · {m.document}") for m in found_marks]
    else:
        choices = list(CHOICES[matter.code].choices) if matter.code in CHOICES else []
    widget = Combobox() if len(choices) > 12 else None
    return forms.ChoiceField(choices=[("", ""), *choices], widget=widget, **more)


class EntryForm(forms.Form):
    """One entry of a list: a representative, a new body, another body that takes part."""

    def __init__(self, matter: Matter, about: About, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in matter.parts:
            self.fields[code] = field_for(MATTERS[code], about, required=False)
        self.empty_permitted = True
        self.use_required_attribute = False

    def has_changed(self) -> bool:
        """Tell whether anything was typed."""
        return any(str(self.data.get(self.add_prefix(name)) or "").strip() for name in self.fields)

    def values(self) -> dict[str, Any]:
        return {
            k: _whole(MATTERS[k], v) for k, v in self.cleaned_data.items() if v not in (None, "")
        }


def _whole(matter: Matter, value: Any) -> Any:
    """Return a cleaned value as a proposal keeps it."""
    if matter.kind in {"money", "count"} and isinstance(value, Decimal):
        return int(value)
    if matter.kind == "codes" and isinstance(value, str):
        return [c for c in _CODES.split(value.strip()) if c]
    return value


@dataclass(frozen=True)
class Part:
    """A piece of a form as a page shows it: one field, or a list of entries."""

    field: Any = None
    heading: Any = ""
    code: str = ""
    title: Any = ""
    each: Any = ""
    now: str = ""
    entries: tuple[EntryForm, ...] = ()


# A long form is told in sections: what heads the field that a section begins with.
_SECTIONS: dict[str, Any] = {
    "name": gettext_lazy("Name of the body"),
    "commune": gettext_lazy("Head office and contact"),
    "sector": gettext_lazy("Sector and lines of business"),
    "charter_capital": gettext_lazy("Capital, members, workers, area"),
    "registration_number": gettext_lazy("Number and tax"),
    "decided_on": gettext_lazy("Resolution"),
}
_LONG = 12
# What an entry of a list is called before its number.
_EACH: dict[str, Any] = {
    "representatives": gettext_lazy("Person"), "others": pgettext_lazy("register", "Body"),
    "new_bodies": pgettext_lazy("register", "Body"),
}  # fmt: skip


class ProposalForm(forms.Form):
    """What a procedure asks, built from its matters; lists have as many entries as are asked for."""

    def __init__(
        self,
        procedure: Procedure,
        about: About,
        data: Any = None,
        *,
        kept: Mapping[str, Any] | None = None,
        strict: bool = False,
    ) -> None:
        self.procedure = procedure
        values = from_json(kept or {})
        super().__init__(data, initial=_shown(values))
        self.now = standing_in_words(about.cooperative, procedure.fields)
        self.entries: dict[str, list[EntryForm]] = {}
        for code in procedure.fields:
            matter = MATTERS[code]
            if matter.kind == "list":
                self.entries[code] = self._entries(matter, about, values.get(code) or [])
            else:
                required = strict and code in procedure.required
                self.fields[code] = field_for(matter, about, required=required)

    def _entries(self, matter: Matter, about: About, kept: list[dict[str, Any]]) -> list[EntryForm]:
        count = max(1, len(kept))
        if self.is_bound:
            with contextlib.suppress(ValueError):
                count = int(self.data.get(f"{matter.code}-count") or count)
            count += self.data.get("more") == matter.code
        count = max(1, min(count, _MOST_ENTRIES))
        found = []
        for n in range(count):
            initial = _shown(kept[n]) if n < len(kept) else {}
            found.append(
                EntryForm(matter, about, self.data if self.is_bound else None,
                          prefix=f"{matter.code}-{n}", initial=initial)
            )  # fmt: skip
        return found

    @property
    def asks_for_more(self) -> bool:
        """Whether another entry of a list was asked for, and nothing is to be sent yet."""
        return self.is_bound and self.data.get("more") in self.entries

    def is_valid(self) -> bool:
        own = super().is_valid()
        rest = [
            e.is_valid() for entries in self.entries.values() for e in entries if e.has_changed()
        ]
        return own and all(rest)

    def proposal(self) -> dict[str, Any]:
        """Return what was typed, empty fields left out."""
        found: dict[str, Any] = {}
        for code in self.procedure.fields:
            if code in self.entries:
                typed = [e.values() for e in self.entries[code] if e.has_changed()]
                if typed:
                    found[code] = typed
            elif self.cleaned_data.get(code) not in (None, "", []):
                found[code] = _whole(MATTERS[code], self.cleaned_data[code])
        return found

    def parts(self) -> Iterator[Part]:
        """Yield the pieces in the order of the procedure, those of a long form under headings."""
        is_long = len(self.procedure.fields) >= _LONG
        for code in self.procedure.fields:
            if code in self.entries:
                yield Part(
                    code=code, title=MATTERS[code].label, each=_EACH.get(code, ""),
                    entries=tuple(self.entries[code]),
                )  # fmt: skip
            else:
                heading = _SECTIONS.get(code, "") if is_long else ""
                if code == "charter_capital" and self.procedure.code in {"separation", "merger"}:
                    heading = _("What the body itself declares afterwards")
                yield Part(field=self[code], heading=heading, now=self.now.get(code, ""))

    def all_errors(self) -> list[tuple[str, str, str]]:
        """Return every mistake as anchor, label and words, for the summary above the form."""
        found = [("", "", str(e)) for e in self.non_field_errors()]
        for part in self.parts():
            fields = (
                [part.field]
                if part.field is not None
                else [f for entry in part.entries if entry.has_changed() for f in entry]
            )
            found += [
                (f.id_for_label or f.auto_id, str(f.label), str(e))
                for f in fields
                for e in f.errors
            ]
        return found


def _shown(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as form fields take them."""
    found = {}
    for code, value in values.items():
        matter = MATTERS.get(code)
        if matter is not None and matter.kind == "codes" and code != "grounds":
            value = ", ".join(value)
        found[code] = str(value) if matter is not None and matter.kind == "unit" else value
    return found


class IntakeForm(forms.Form):
    """Who hands the dossier in, how, when, and which papers lie in it."""

    applicant = forms.CharField(label=gettext_lazy("Full name"), max_length=120)
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=60, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=120, required=False)
    channel = forms.ChoiceField(label=gettext_lazy("How it comes in"))
    filed_on = DayField(label=gettext_lazy("Handed in on"))
    papers = forms.MultipleChoiceField(
        label=gettext_lazy("Papers handed in"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Those that the law of the day asks for come first."),
    )  # fmt: skip
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(
        self, procedure: Procedure, rule: ProcedureRule, kind: str, data: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        ways = [Channel.OFFICE] if procedure.by_office else [Channel.COUNTER, Channel.POST]
        if procedure.by_office:
            self.fields["applicant"].label = _("Office or person who asks for it")
        self.fields["channel"].choices = [(c.value, c.label) for c in ways]  # type: ignore[attr-defined]
        required = rule.papers_required(kind)
        self.fields["papers"].choices = [  # type: ignore[attr-defined]
            *((code, _("%(paper)s (required)") % {"paper": paper_name(code)}) for code in required),
            *((code, paper_name(code)) for code in rule.optional if code not in required),
        ]


# --- Steps ---------------------------------------------------------------------------------------


class StepForm(forms.Form):
    """Base of the forms of a step: the version that was read goes with it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(self, ctx: Context, filing: Filing, *args: Any, **kwargs: Any) -> None:
        self.ctx, self.filing = ctx, filing
        super().__init__(*args, **kwargs)


class WordsForm(StepForm):
    words = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=1000
    )


class MayBeWordsForm(StepForm):
    words = forms.CharField(
        label=gettext_lazy("Remark"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000,
        required=False,
    )  # fmt: skip


class SupplementForm(StepForm):
    """What is missing: asked for once, so everything is to be named."""

    missing = forms.CharField(
        label=gettext_lazy("What is missing or to be mended"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One matter a line. It can be asked for once only: name everything."),
    )  # fmt: skip

    def clean_missing(self) -> list[str]:
        return [
            line.strip(" -•\t")
            for line in self.cleaned_data["missing"].splitlines()
            if line.strip()
        ]


class PapersForm(StepForm):
    """Each paper of the dossier: handed in, missing, or to be mended; others that came besides."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        papers = list(self.filing.papers.all())
        for paper in papers:
            self.fields[f"paper-{paper.pk}"] = forms.ChoiceField(
                label=paper.name, choices=PaperState.choices, initial=paper.state
            )
        have = {p.code for p in papers}
        rest = [(c, paper_name(c)) for c in self.filing.rule.optional if c not in have]
        if rest:
            self.fields["added"] = forms.MultipleChoiceField(
                label=_("Other papers that came"), choices=rest, required=False,
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip

    def states(self) -> dict[int, str]:
        return {
            int(name.removeprefix("paper-")): value
            for name, value in self.cleaned_data.items()
            if name.startswith("paper-")
        }

    def added(self) -> list[str]:
        return list(self.cleaned_data.get("added") or ())


class HandOverForm(StepForm):
    to = forms.ChoiceField(label=gettext_lazy("To whom"))
    words = forms.CharField(label=gettext_lazy("Remark"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(u.pk): u for u in selectors.colleagues(self.ctx, self.filing)}
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", ""),
            *(
                (pk, f"{u.full_name}, {u.job_title}" if u.job_title else u.full_name)
                for pk, u in self.people.items()
            ),
        ]


class ProposeForm(StepForm):
    outcome = forms.ChoiceField(
        label=gettext_lazy("I put forward"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    grounds = forms.MultipleChoiceField(
        label=gettext_lazy("Grounds of a refusal"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    opinion = forms.CharField(
        label=gettext_lazy("Opinion"), widget=forms.Textarea(attrs={"rows": 4}), max_length=1000,
        required=False,
        help_text=gettext_lazy("Needed for a refusal, and where something is passed over."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grounds"].choices = [  # type: ignore[attr-defined]
            (g.code, f"{g.name} ({g.basis})")
            for g in refusal_grounds(
                PROCEDURES[self.filing.procedure], self.filing.judged_on, self.filing.kind
            )
        ]


class DecideForm(StepForm):
    signatory = forms.CharField(label=gettext_lazy("Signed by"), max_length=120)


class TermForm(StepForm):
    """What was done in one of the terms that run."""

    term = forms.ChoiceField(label=gettext_lazy("Term"), widget=forms.RadioSelect)
    on = DayField(label=gettext_lazy("Done, or came in, on"))
    words = forms.CharField(
        label=gettext_lazy("What was done, or came in"), widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500, help_text=gettext_lazy("With number and day of the document."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        running = [t for t in self.filing.terms.all() if t.is_running]
        choices = [(t.code, f"{t.get_code_display()} ({t.due_on:%d/%m/%Y})") for t in running]
        self.fields["term"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["term"].initial = choices[0][0]


class SilentForm(StepForm):
    words = forms.CharField(
        label=gettext_lazy("How it was made sure that nothing came in"),
        widget=forms.Textarea(attrs={"rows": 4}), max_length=500,
        help_text=gettext_lazy("Mail received, the tax office, the body itself: who was asked, when."),
    )  # fmt: skip


class SilenceForm(MayBeWordsForm):
    signatory = forms.CharField(label=gettext_lazy("Signed by"), max_length=120)


class SupplyForm(PapersForm):
    on = DayField(label=gettext_lazy("Supplied on"))


class ReceiptCodeForm(forms.Form):
    """The code on a receipt."""

    code = forms.CharField(
        label=gettext_lazy("Receipt code"), max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text=gettext_lazy("Ten letters and digits, printed on the receipt."),
    )  # fmt: skip
