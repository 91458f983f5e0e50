"""Which terms a dossier opens beside the desk's own clock, for whom, and until when: pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hoptac.registration.rules.checks import Days, months_later
from hoptac.registration.rules.procedures import ProcedureRule
from hoptac.registration.terms import TermCode


@dataclass(frozen=True)
class OpenedTerm:
    """A term: the day that it counts from, and the last day of it."""

    code: TermCode
    begins_on: date
    due_on: date


def opened_on_receipt(
    rule: ProcedureRule, values: Mapping[str, Any], received_on: date, add_working_days: Days
) -> Iterator[OpenedTerm]:
    """Yield the terms that run while a dossier is examined.

    Creditors, workers and the People's Committee are sent a resolution within so many days of it (Law
    2023 arts 92-95); the tax office gives its opinion within so many working days (NĐ 92/2024 art. 50).
    """
    resolved = values.get("decided_on")
    if rule.creditor_days is not None and resolved is not None:
        last = resolved + timedelta(days=rule.creditor_days)
        yield OpenedTerm(TermCode.CREDITORS, resolved, last)
    if rule.tax_days is not None:
        last = add_working_days(received_on, rule.tax_days)
        yield OpenedTerm(TermCode.TAX_OPINION, received_on, last)


def opened_on_effect(
    rule: ProcedureRule, silence_months: int | None, on: date, add_working_days: Days
) -> Iterator[OpenedTerm]:
    """Yield the terms that begin when a decision takes effect.

    A body acts within so many days of its compulsory dissolution (Law 2023 art. 99); the registrar
    publishes within so many working days (art. 103); silence counts after months (art. 98).
    """
    if rule.act_days is not None:
        yield OpenedTerm(TermCode.BODY_ACTS, on, on + timedelta(days=rule.act_days))
    if rule.publish_days is not None:
        last = add_working_days(on, rule.publish_days)
        yield OpenedTerm(TermCode.PUBLICATION, on, last)
    if silence_months is not None:
        yield OpenedTerm(TermCode.SILENCE, on, months_later(on, silence_months))
