"""What a rule or a check has to say: one shape for forms, acts, imports and the API."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any, Literal

Severity = Literal["error", "warning", "notice"]


@dataclasses.dataclass(frozen=True)
class Finding:
    """One reason, in plain words, with the field it is about and the article behind it."""

    code: str
    message: str
    basis: str = ""
    field: str = ""
    severity: Severity = "error"
    details: dict[str, Any] = dataclasses.field(default_factory=dict)


class Refused(Exception):
    """An act was not done; ``findings`` say why and what to do."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(str(f.message) for f in findings))
        self.findings = findings

    @property
    def codes(self) -> set[str]:
        return {f.code for f in self.findings}


def refuse_if_any(findings: Iterable[Finding]) -> None:
    """Raise :class:`Refused` with every error among the findings; warnings pass."""
    errors = [f for f in findings if f.severity == "error"]
    if errors:
        raise Refused(*errors)
