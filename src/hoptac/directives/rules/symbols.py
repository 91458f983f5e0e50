"""What a document's number and symbol tell: ``70-KL/TW``, ``87/KH-UBND``, ``23/2012/QH13``. Pure.

State documents part number and symbol by a stroke (Decree 30/2020, annex I), Party documents by a hyphen
(Guidance 36-HD/VPTW). What is told is a proposal: the officer has the last word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hoptac.directives.terms import Chain, DirectiveKind, Level
from hoptac.foundation.vietnamese import tidy

_KINDS = {
    "NQ": DirectiveKind.RESOLUTION, "NĐ": DirectiveKind.DECREE, "QĐ": DirectiveKind.DECISION,
    "TT": DirectiveKind.CIRCULAR, "TTLT": DirectiveKind.CIRCULAR, "CT": DirectiveKind.DIRECTIVE,
    "KL": DirectiveKind.CONCLUSION, "CTr": DirectiveKind.PROGRAMME, "CTR": DirectiveKind.PROGRAMME,
    "CTHĐ": DirectiveKind.PROGRAMME, "KH": DirectiveKind.PLAN, "ĐA": DirectiveKind.SCHEME,
    "QC": DirectiveKind.REGULATION, "QyĐ": DirectiveKind.REGULATION, "QĐi": DirectiveKind.REGULATION,
    "HD": DirectiveKind.GUIDANCE, "TB": DirectiveKind.NOTICE, "BC": DirectiveKind.REPORT,
    "TTr": DirectiveKind.SUBMISSION, "CV": DirectiveKind.LETTER,
}  # fmt: skip
_STATE = re.compile(r"^(\d{1,6}[a-zA-ZĐđ]?)\s*/\s*(?:(\d{4})\s*/\s*)?(.+)$")
_PARTY = re.compile(r"^(\d{1,6}[a-zA-ZĐđ]?)\s*-\s*([^/]+?)\s*/\s*(.+)$")
_ASSEMBLY = re.compile(r"^U?B?T?V?QH\d+$")
_CENTRAL_STATE = re.compile(r"^(?:CP|TTg|UBTVQH\d+|QH\d+|B[A-ZĐ]{2,}|NHNN|VPCP|TTCP)\b")
_LEVELS = {
    "TW": Level.CENTRAL, "VPTW": Level.CENTRAL, "BBT": Level.CENTRAL, "BCT": Level.CENTRAL,
    "TU": Level.PROVINCE, "VPTU": Level.PROVINCE, "BCSĐ": Level.PROVINCE, "ĐĐ": Level.PROVINCE,
    "BTGTU": Level.PROVINCE, "HU": Level.DISTRICT, "ThU": Level.DISTRICT, "TXU": Level.DISTRICT,
    "QU": Level.DISTRICT, "ĐU": Level.COMMUNE,
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What a symbol tells; empty where it does not."""

    symbol: str
    number: str = ""
    kind: str = ""
    chain: str = ""
    level: str = ""


def tell(symbol: str) -> Told:
    """Return what a number and symbol tell, the symbol itself in its normal form (``70 - KL/TW`` → ``70-KL/TW``)."""
    text = re.sub(r"^số\s*:?\s*", "", tidy(symbol), flags=re.IGNORECASE)
    text = re.sub(r"\s*([-–/])\s*", lambda m: m[1].replace("–", "-"), text)
    if match := _PARTY.match(text):
        number, kind, rest = match.groups()
        head = rest.split("-")[-1].split("/")[-1]
        return Told(text, number, _KINDS.get(kind, ""), Chain.PARTY, _LEVELS.get(head, ""))
    if match := _STATE.match(text):
        number, year, rest = match.groups()
        if _ASSEMBLY.match(rest):
            kind = DirectiveKind.LAW if year and rest.startswith("QH") else ""
            return Told(text, number, kind, Chain.STATE, Level.CENTRAL)
        kind, _dash, body = rest.partition("-")
        known = _KINDS.get(kind, "")
        if not known:
            known, body = (DirectiveKind.LETTER if not year else ""), rest
        level = Level.CENTRAL if _CENTRAL_STATE.match(body) else ""
        return Told(text, number, known, Chain.STATE, level)
    return Told(text)
