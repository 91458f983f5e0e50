"""What the desk types of a document, its links, its distribution, and of proposed tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hoptac.directives import selectors
from hoptac.directives.actions.recording import FACTS
from hoptac.directives.models import Directive, Passage, Recipient
from hoptac.directives.sending_list import named_recipients
from hoptac.directives.terms import (
    GROUP_NAMES,
    LINK_OF_ROLE,
    Chain,
    DirectiveKind,
    Level,
    LinkKind,
    Part,
    Purpose,
    Reach,
)
from hoptac.foundation.access import Context
from hoptac.jurisdiction.models import Agency
from hoptac.ui.fields import DayField
from hoptac.ui.widgets import Combobox, GroupedChecks

ACCEPTED_FILES = ".txt,.docx,.pdf"
_BLANK: list[Any] = [("", "")]


def agency_choices(agencies: Sequence[Agency]) -> tuple[list[Any], dict[str, str]]:
    """Return agencies as choices, and for each where it lies or lay, and until when it was."""
    hints = {}
    for agency in agencies:
        words = [agency.unit.heading] if agency.unit.level != "province" else []
        if agency.unit.level == "commune" and agency.unit.parent is not None:
            words = [agency.unit.parent.heading]
        if agency.valid.upper:
            words.append(gettext("until %(day)s") % {"day": f"{agency.valid.upper:%d/%m/%Y}"})
        if words:
            hints[str(agency.pk)] = ", ".join(words)
    return [*_BLANK, *((str(a.pk), a.name) for a in agencies)], hints


class DirectiveForm(forms.Form):
    """What a document says of itself."""

    symbol = forms.CharField(
        label=_("Number and symbol"), max_length=60, required=False,
        help_text=_("As printed: 70-KL/TW, 87/KH-UBND. Laws known by their name alone have none."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind of document"), choices=[*_BLANK, *DirectiveKind.choices], required=False,
                             help_text=_("Left empty, it is told from the symbol."))  # fmt: skip
    title = forms.CharField(
        label=pgettext_lazy("document", "Title"), max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What it is about, as printed under the kind of document."),
    )  # fmt: skip
    issuer = forms.ChoiceField(
        label=_("Issuing agency of the province"), required=False, widget=Combobox,
        help_text=_("Where it was issued by an agency of the province."),
    )  # fmt: skip
    issuer_name = forms.CharField(
        label=_("Issuing body"), max_length=200, required=False,
        help_text=_("As printed; may be left empty where the agency is chosen above."),
    )  # fmt: skip
    issued_on = DayField(label=pgettext_lazy("document", "Issued on"), required=False)
    signer = forms.CharField(label=_("Signed by"), max_length=120, required=False)
    signer_post = forms.CharField(label=_("Post of the signer"), max_length=200, required=False)
    in_force_on = DayField(
        label=_("In force from"), required=False,
        help_text=_("Left empty, whether it binds is shown as not known."),
    )  # fmt: skip
    ends_on = DayField(
        label=_("No longer in force from"), required=False,
        help_text=_("The first day on which it no longer binds; empty where it has no end."),
    )  # fmt: skip
    chain = forms.ChoiceField(
        label=_("Line of command"), choices=[*_BLANK, *Chain.choices], required=False
    )
    level = forms.ChoiceField(label=_("Level"), choices=[*_BLANK, *Level.choices], required=False)
    reach = forms.ChoiceField(
        label=_("Who reads it"), choices=Reach.choices, initial=Reach.OPEN,
        help_text=_("A document for some only is found, counted and named to nobody else."),
    )  # fmt: skip
    is_confirmed = forms.BooleanField(
        label=_("Read off the document"), required=False, initial=True,
        help_text=_("Leave unticked where number or day are not certain: it is marked so."),
    )  # fmt: skip

    def __init__(self, ctx: Context, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ctx = ctx
        self.agencies = {str(a.pk): a for a in selectors.agencies_to_record_for(ctx)}
        choices, hints = agency_choices(list(self.agencies.values()))
        issuer: Any = self.fields["issuer"]
        issuer.choices = choices
        issuer.widget.hints = hints
        there = [pk for pk, a in self.agencies.items() if ctx.today in a.valid]
        if len(there) == 1 and not selectors.chains_kept(ctx):
            issuer.initial = there[0]

    def facts(self) -> dict[str, Any]:
        """Return what the act takes."""
        given = {n: v for n, v in self.cleaned_data.items() if n in FACTS}
        given["issuer"] = self.agencies.get(self.cleaned_data.get("issuer") or "")
        return given


class RecordForm(DirectiveForm):
    """A document to be entered, with its file or its text."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    file = forms.FileField(
        label=_("File"), required=False, widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.txt,.jpg,.png,.tif"}),
        help_text=_("The document as it came: scanned or written. Kept unchanged."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Text"), required=False, widget=forms.Textarea(attrs={"rows": 6}), max_length=2_000_000,
        help_text=_("Where there is no file that can be read: the words, to be found by."),
    )  # fmt: skip


class CorrectForm(RecordForm):
    """What a document should have said, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False,
        help_text=_("Why it is corrected. Not needed where the document itself is only now brought."),
    )  # fmt: skip

    def __init__(self, ctx: Context, directive: Directive, *args: Any, **kwargs: Any) -> None:
        super().__init__(ctx, *args, **kwargs)
        self.directive = directive
        if directive.issuer is not None and str(directive.issuer_id) not in self.agencies:
            self.agencies[str(directive.issuer_id)] = directive.issuer
            self.fields["issuer"].choices.append((str(directive.issuer_id), directive.issuer.name))  # type: ignore[attr-defined]
        if directive.passages.exists():
            del self.fields["text"]


def facts_of(directive: Directive) -> dict[str, Any]:
    """Return what a form of the document begins with."""
    found = {n: getattr(directive, n) for n in FACTS if n != "keeper"}
    return {
        **found,
        "issuer": str(directive.issuer_id or ""),
        "text": directive.text,
        "version": directive.version,
    }


class UploadForm(forms.Form):
    """A document's file, to be read."""

    file = forms.FileField(
        label=_("File"), widget=forms.FileInput(attrs={"accept": ACCEPTED_FILES}),
        help_text=_("Text (.txt), Word (.docx) or PDF with text. A scanned picture cannot be read: enter it by hand."),
    )  # fmt: skip


class BringForm(DirectiveForm):
    """What was read of a document, for the officer to correct; its references, to be linked."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    waiting = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, ctx: Context, reading: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(ctx, *args, **kwargs)
        self.reading = reading
        self.references = list(reading.references)
        self.known = selectors.known_by_symbol(ctx, (r.symbol for r in self.references))
        for number, reference in enumerate(self.references):
            self.fields[f"link_{number}"] = forms.ChoiceField(
                label=reference.name, required=False,
                choices=[("", gettext("No link")), *LinkKind.choices], initial=_link_kind(reference.role),
            )  # fmt: skip

    def rows(self) -> list[dict[str, Any]]:
        """Return the references as the page lists them."""
        return [
            {"field": self[f"link_{n}"], "reference": r, "known": self.known.get(r.symbol)}
            for n, r in enumerate(self.references)
        ]

    def head_fields(self) -> list[Any]:
        return [f for f in self.visible_fields() if not f.name.startswith("link_")]


def _link_kind(role: str) -> str:
    return "" if role == "draft" else str(LINK_OF_ROLE.get(role, LinkKind.CITES).value)


class LinkForm(forms.Form):
    """A link to a known document, or to one that is not at hand."""

    kind = forms.ChoiceField(label=_("What it does"), choices=LinkKind.choices)
    target = forms.ChoiceField(
        label=_("To which document"), required=False, widget=Combobox,
        help_text=_("Type a part of its symbol or title."),
    )  # fmt: skip
    symbol = forms.CharField(label=_("Or its number and symbol"), max_length=60, required=False,
                             help_text=_("For a document that is not entered yet: it is kept as cited."))  # fmt: skip
    title = forms.CharField(label=_("Or its name"), max_length=600, required=False)
    issued_on = DayField(label=pgettext_lazy("document", "Issued on"), required=False)
    articles = forms.CharField(label=_("Articles"), max_length=200, required=False)

    def __init__(self, ctx: Context, directive: Directive, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = (
            selectors.directives_seen(ctx).exclude(pk=directive.pk).only("kind", "symbol", "title")
        )
        self.targets = {str(d.pk): d for d in found[:2000]}
        target: Any = self.fields["target"]
        target.choices = [*_BLANK, *((pk, d.name) for pk, d in self.targets.items())]
        target.widget.hints = {pk: d.title[:80] for pk, d in self.targets.items() if d.symbol}


class AgenciesField(forms.MultipleChoiceField):
    """Agencies, chosen in the groups in which documents are sent; gives them in the groups' order.

    ``held`` are those that cannot be chosen, with the word that says why; ``without`` is left out.
    """

    def __init__(
        self, groups: Mapping[str, Sequence[Agency]], *, held: Mapping[str, Any] | None = None,
        without: UUID | None = None, note: Any = "", most_open: int = 12, **kwargs: Any,
    ) -> None:  # fmt: skip
        kept = {g: [a for a in agencies if a.pk != without] for g, agencies in groups.items()}
        self.by_pk = {str(a.pk): a for agencies in kept.values() for a in agencies}
        hints = {
            pk: a.unit.parent.heading
            for pk, a in self.by_pk.items()
            if a.unit.level == "commune" and a.unit.parent and a.unit.parent.level == "district"
        }
        widget = GroupedChecks(hints=hints, held=held, note=note, most_open=most_open)
        choices = [
            (GROUP_NAMES[g], [(str(a.pk), a.name) for a in agencies])
            for g, agencies in kept.items()
            if agencies
        ]
        super().__init__(**{"label": _("Agencies"), "widget": widget, "choices": choices, **kwargs})

    def clean(self, value: Any) -> list[Agency]:
        chosen = set(super().clean(value))
        return [agency for pk, agency in self.by_pk.items() if pk in chosen]


class DistributeForm(forms.Form):
    """To whom a document goes, since when, until when it is answered."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    sent_on = DayField(label=_("Sent on"))
    acknowledge_by = DayField(
        label=_("To be acknowledged by"), required=False,
        help_text=_("Left empty: the days that the desk's rule gives, in working days."),
    )  # fmt: skip
    make_by = DayField(
        label=_("Own document due on"), required=False,
        help_text=_("Where each recipient shall issue a document of its own; empty where none is asked for."),
    )  # fmt: skip

    def __init__(self, ctx: Context, directive: Directive, day: date, *args: Any, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        groups = selectors.agencies_to_send_to(ctx, day)
        had = directive.recipients.standing().values_list("agency", flat=True)
        held = {str(pk): _("sent already") for pk in had}
        self.named = named_recipients(directive, groups)
        for name, label, purpose in (
            ("agencies", _("Agencies to act"), Purpose.ACT),
            ("informed", _("Agencies for information"), Purpose.KNOW),
        ):
            self.fields[name] = AgenciesField(
                groups, required=False, held=held, label=label, most_open=12 if purpose == Purpose.ACT else 0,
                initial=[str(pk) for pk, p in self.named.items() if p == purpose and str(pk) not in held],
            )  # fmt: skip

    def clean_informed(self) -> list[Agency]:
        """Return who is only informed; who is ticked for both is to act."""
        acting = self.cleaned_data.get("agencies") or []
        return [a for a in self.cleaned_data["informed"] if a not in acting]


class EndForm(forms.Form):
    """From which day a document no longer binds."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    ends_on = DayField(label=_("No longer in force from"))


class RevokeForm(forms.Form):
    """Since when and by which document a document is revoked."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    on = DayField(label=_("Revoked on"))
    basis = forms.CharField(label=_("By which document"), max_length=200)


class ReasonForm(forms.Form):
    """Why."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=300)


class OwnDocumentForm(forms.Form):
    """With which own document an agency makes a directive concrete."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    own = forms.ChoiceField(label=_("Own document"), widget=Combobox)

    def __init__(self, ctx: Context, recipient: Recipient, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.documents = {str(d.pk): d for d in selectors.own_documents(ctx, recipient)}
        own: Any = self.fields["own"]
        own.choices = [*_BLANK, *((pk, d.name) for pk, d in self.documents.items())]
        own.widget.hints = {pk: d.title[:80] for pk, d in self.documents.items() if d.symbol}


class WaiveForm(forms.Form):
    """Why no own document is needed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    because = forms.CharField(
        label=_("Why none is needed"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class AcknowledgeForm(forms.Form):
    """When it was received, where that was not today."""

    on = DayField(
        label=_("Received on"), required=False,
        help_text=_("Only for a receipt on paper that is entered later; empty: now."),
    )  # fmt: skip


class PlainForm(forms.Form):
    """Nothing to be typed: the button is the answer."""


_EVERY: dict[str, Any] = {
    "": _("Once"),
    "continuous": _("Continuously"),
    "periodic": _("Periodically"),
    "month": _("Every month"),
    "quarter": _("Every quarter"),
    "half_year": _("Every half-year"),
    "year": _("Every year"),
    "term": _("Every term of office"),
}


class PassageForm(forms.Form):
    """A proposed task in other words, with other actors or another term."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    content = forms.CharField(
        label=_("What is asked"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    lead = forms.CharField(
        label=_("Lead"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "One body a line, by its name or short name. Those known are matched with the agencies of the province."
        ),
    )
    coordinating = forms.CharField(
        label=_("Coordinating"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    executing = forms.CharField(
        label=_("Carrying out under the lead"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    due_on = DayField(label=pgettext_lazy("task", "Due on"), required=False)
    every = forms.ChoiceField(
        label=_("How often"), required=False,
        choices=tuple(_EVERY.items()),
    )  # fmt: skip

    @classmethod
    def of(cls, passage: Passage) -> dict[str, Any]:
        """Return what the form of a passage begins with."""
        parts: dict[str, list[str]] = {p: [] for p in Part.values}
        for actor in passage.actors.all():
            parts[actor.part].append(actor.named)
        deadline = passage.due.get("deadline") or {}
        recurrence = passage.due.get("recurrence") or {}
        every = next(iter(recurrence.get("every") or [""]))
        return {
            "content": passage.content, "version": passage.version,
            **{p: "\n".join(names) for p, names in parts.items()},
            "due_on": date.fromisoformat(deadline["on"]) if deadline.get("on") else None,
            "every": every if every in _EVERY else "",
        }  # type: ignore[attr-defined]  # fmt: skip

    def actors(self, passage: Passage, agencies: Mapping[str, Agency]) -> list[dict[str, Any]]:
        """Return the actors as typed; those that stood there keep their agency, others are looked up by name."""
        from hoptac.foundation.vietnamese import fold, tidy

        before = {(a.part, a.named): (a.agency, a.group) for a in passage.actors.all()}
        found = []
        for part in Part.values:
            for line in self.cleaned_data.get(part, "").splitlines():
                name = tidy(line)
                if not name:
                    continue
                agency, group = before.get((part, name), (agencies.get(fold(name)), ""))
                found.append({"part": part, "named": name, "agency": agency, "group": group})
        return found

    def due(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """Return the term as typed; what the document says of it stays where it was not changed."""
        due = {k: v for k, v in before.items() if k not in {"deadline", "recurrence"}}
        deadline, recurrence = before.get("deadline"), before.get("recurrence")
        on = self.cleaned_data["due_on"]
        if on is not None:
            said = on.isoformat()
            same = deadline is not None and deadline.get("on") == said
            due["deadline"] = deadline if same else {"on": said, "text": ""}
        elif deadline is not None and not deadline.get("on"):
            due["deadline"] = deadline
        every = self.cleaned_data["every"]
        if every:
            same = recurrence is not None and every in recurrence.get("every", ())
            due["recurrence"] = recurrence if same else {"every": [every], "text": ""}
        return due


class SplitForm(forms.Form):
    """A proposed task's words, to be cut: a new line begins a new task."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    parts = forms.CharField(
        label=_("Its words"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Put the cursor where one task ends and press Enter; each line becomes a task. Change no words."),
    )  # fmt: skip


def uuids(values: Sequence[str]) -> list[UUID]:
    """Return the ids among what was sent; anything else is left out."""
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found
