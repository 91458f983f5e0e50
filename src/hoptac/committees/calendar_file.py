"""A meeting as a calendar file (iCalendar, RFC 5545). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Event:
    """One appointment; ``sequence`` grows with each change, so that calendars replace the older one."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    stamp: datetime
    summary: str
    place: str = ""
    description: str = ""
    href: str = ""
    is_cancelled: bool = False


def compute_calendar(event: Event) -> str:
    """Return the file: lines end in CR LF and none is longer than 75 bytes."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Hoptac//Meetings//VI", "CALSCALE:GREGORIAN",
        f"METHOD:{'CANCEL' if event.is_cancelled else 'PUBLISH'}", "BEGIN:VEVENT", f"UID:{event.uid}",
        f"SEQUENCE:{event.sequence}", f"DTSTAMP:{_moment(event.stamp)}", f"DTSTART:{_moment(event.starts_at)}",
        f"DTEND:{_moment(event.ends_at)}", f"SUMMARY:{_text(event.summary)}",
    ]  # fmt: skip
    if event.place:
        lines.append(f"LOCATION:{_text(event.place)}")
    if event.description:
        lines.append(f"DESCRIPTION:{_text(event.description)}")
    if event.href:
        lines.append(f"URL:{event.href}")
    lines += [
        f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """Cut a line into pieces of at most 75 bytes, never within a letter; those that follow begin with a space."""
    pieces, piece, size = [], "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > 75:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + letter, size + width
    return [*pieces, piece]
