"""A meeting as a calendar file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hoptac.committees.calendar_file import Event, compute_calendar

AT = datetime(2020, 9, 15, 1, 0, tzinfo=UTC)


def made(**more: object) -> str:
    given = {
        "uid": "1@hoptac", "sequence": 3, "starts_at": AT, "ends_at": AT + timedelta(hours=2), "stamp": AT,
        "summary": "Họp", **more,
    }  # fmt: skip
    return compute_calendar(Event(**given))  # type: ignore[arg-type]


def test_hours_are_said_in_universal_time_and_lines_end_as_the_standard_asks() -> None:
    text = made()
    assert "DTSTART:20200915T010000Z\r\nDTEND:20200915T030000Z\r\n" in text
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")


def test_signs_of_the_format_are_escaped() -> None:
    assert "LOCATION:Phòng 1\\, tầng 2\\; nhà A\\nSố 5" in made(
        place="Phòng 1, tầng 2; nhà A\nSố 5"
    )


def test_long_lines_are_folded_within_75_bytes_and_lose_nothing() -> None:
    said = "Phiên họp thường kỳ của Ban Chỉ đạo phát triển kinh tế tập thể tỉnh " * 4
    text = made(summary=said)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert f"SUMMARY:{said}" in text.replace("\r\n ", "")


def test_a_meeting_called_off_takes_itself_out_of_the_calendar() -> None:
    text = made(is_cancelled=True)
    assert "METHOD:CANCEL" in text
    assert "STATUS:CANCELLED" in text
