"""What the reader found in a directive's text: a sentence that asks somebody for something."""

from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from hoptac.directives.models.directives import Directive
from hoptac.directives.terms import Part, PassageState
from hoptac.foundation.access import Context
from hoptac.foundation.audit.triggers import kept_for_ever
from hoptac.foundation.identifiers import uuid7
from hoptac.jurisdiction.models import Agency


@pghistory.track()
class Passage(models.Model):
    """A proposed task: the words with their place in the text, who, until when, and why it was proposed.

    What became of it stands in ``state``; the task made of it points here (``tasks.Task.passage``). A passage
    that was split or joined stays, with the ones made of it; those are taken back when that is undone.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    directive = models.ForeignKey(Directive, models.PROTECT, related_name="passages")
    position = models.PositiveIntegerField()
    section = models.CharField(_("section"), max_length=60, blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    words = models.TextField(_("words of the document"))
    content = models.TextField(_("what is asked"))
    # action, report, requirement, request or notice (reading.result.TaskKind).
    nature = models.CharField(_("what sort"), max_length=12, blank=True)
    # deadline or recurrence with the words they come from; rules that fired; how sure.
    due: Any = models.JSONField(default=dict, blank=True)
    why: Any = models.JSONField(default=list, blank=True)
    confidence = models.CharField(max_length=10, blank=True)
    # What the reader had proposed, from before the first edit: to go back to.
    proposed: Any = models.JSONField(null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=9, choices=PassageState, default=PassageState.PROPOSED
    )
    because = models.CharField(_("reason"), max_length=300, blank=True)
    joined_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="joined")
    split_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    act_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("proposed task")
        verbose_name_plural = _("proposed tasks")
        ordering = ("directive", "position", "id")
        triggers = kept_for_ever("passage")
        indexes = (models.Index(fields=("directive", "state"), name="passage_state"),)

    def __str__(self) -> str:
        return self.content[:80]

    def is_within(self, ctx: Context, permission: str) -> bool:
        return self.directive.is_within(ctx, permission)


class PassageActor(models.Model):
    """An actor of a proposed task as the document names it, and which agency that is, if known."""

    id = models.BigAutoField(primary_key=True)
    passage = models.ForeignKey(Passage, models.CASCADE, related_name="actors")
    is_lead = models.BooleanField(_("leads"))
    part = models.CharField(_("part"), max_length=12, choices=Part, default=Part.COORDINATING)
    position = models.PositiveIntegerField()
    named = models.CharField(_("as written"), max_length=300)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    # Codes of agencies where the document names a group ("các sở, ban, ngành"), or nothing.
    group = models.CharField(_("group of agencies"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("actor of a proposed task")
        verbose_name_plural = _("actors of proposed tasks")
        ordering = ("passage", "-is_lead", "position", "id")

    def __str__(self) -> str:
        return self.named
