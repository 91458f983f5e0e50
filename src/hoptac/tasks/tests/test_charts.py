"""Where bars and circles stand, and which periods are still to come."""

from __future__ import annotations

from datetime import date

from hoptac.tasks.agenda import as_calendar
from hoptac.tasks.charts import latemap
from hoptac.tasks.charts.gantt import LABELS, WIDTH, ZOOMS, Line, Span, add_months, draw
from hoptac.tasks.timelines import DueDay, Recurring, periods_ahead

TODAY = date(2020, 9, 15)


def drawn(*spans: Span, needs: tuple[str, ...] = ()) -> object:
    lines = [
        Line(
            key="first",
            label="Trước",
            spans=[Span(begins_on=date(2020, 8, 1), ends_on=date(2020, 8, 31))],
        ),
        Line(key="own", label="Việc", spans=list(spans), needs=list(needs)),
    ]
    return draw(lines, begins_on=date(2020, 8, 1), zoom=ZOOMS["month"], today=TODAY)


def test_a_bar_reaches_from_its_beginning_to_the_end_of_its_due_day() -> None:
    chart = drawn(Span(begins_on=date(2020, 8, 1), ends_on=date(2020, 10, 31), percent=50))
    bar = chart.rows[1].bars[0]
    assert (bar.x, bar.width, bar.filled) == (LABELS, WIDTH - LABELS, (WIDTH - LABELS) / 2)
    assert chart.ends_on == date(2020, 10, 31)
    assert LABELS < chart.today_x < WIDTH


def test_what_lies_outside_is_pointed_at_and_what_reaches_out_is_cut() -> None:
    before = drawn(Span(begins_on=date(2019, 1, 1), ends_on=date(2020, 7, 31))).rows[1]
    after = drawn(Span(begins_on=date(2020, 11, 1), ends_on=date(2020, 12, 1))).rows[1]
    across = drawn(Span(begins_on=date(2019, 1, 1), ends_on=date(2021, 1, 1))).rows[1].bars[0]
    assert (before.is_before, before.bars, after.is_after, after.bars) == (True, (), True, ())
    assert (across.x, across.x + across.width) == (LABELS, WIDTH)


def test_an_arrow_leads_from_what_is_needed_to_what_waits() -> None:
    span = Span(begins_on=date(2020, 9, 10), ends_on=date(2020, 10, 1))
    assert drawn(span).links == ()
    chart = drawn(span, needs=("first", "unknown"))
    end = chart.rows[0].bars[0].x + chart.rows[0].bars[0].width
    assert chart.links[0].startswith(f"M{end} ")
    assert chart.links[0].endswith(f"H{chart.rows[1].bars[0].x}")


def test_months_are_added_across_years() -> None:
    assert add_months(date(2020, 11, 30), 3) == date(2021, 2, 1)
    assert add_months(date(2020, 1, 31), -1) == date(2019, 12, 1)


def test_periods_to_come_begin_after_the_one_of_today() -> None:
    def labels(until: date, **of: date | None) -> list[str]:
        rhythm = Recurring("quarter", 0, 0, of.get("starts_on"), of.get("ends_on"))
        return [p.label for p in periods_ahead(rhythm, today=TODAY, until=until)]

    assert labels(date(2021, 3, 31)) == ["IV/2020", "I/2021"]
    assert labels(date(2021, 3, 31), ends_on=date(2020, 12, 31)) == ["IV/2020"]
    assert labels(date(2021, 6, 30), starts_on=date(2020, 11, 1)) == ["I/2021", "II/2021"]
    assert labels(date(2020, 9, 30)) == []


def test_circles_do_not_cover_each_other_and_grades_follow_the_share() -> None:
    places = [
        latemap.Place(key=n, name=str(n), latitude=10 + n / 1000, longitude=105, open=5 * n, late=n)
        for n in range(1, 9)
    ]
    circles = latemap.draw(places).circles
    for one in circles:
        for other in circles:
            if one is not other:
                far = ((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5
                assert far > 0.8 * (one.radius + other.radius)
    assert circles[0].place.open == 40
    assert [latemap.grade_of(100, n) for n in (0, 1, 24, 25)] == ["none", "some", "some", "many"]
    assert latemap.draw([]).circles == ()


def test_a_calendar_file_folds_long_lines_and_keeps_its_identifiers() -> None:
    from datetime import UTC, datetime

    day = DueDay(
        task="abc",
        title="Giải thể; hợp tác xã, " * 8,
        number="0001/2020",
        lead="Sở",
        due_on=TODAY,
        label="I/2020",
    )
    text = as_calendar([day], at=datetime(2020, 9, 1, tzinfo=UTC), address="https://x.vn")
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "UID:abc-I-2020@x.vn" in lines
    assert "DTSTART;VALUE=DATE:20200915" in lines
    assert r"Giải thể\; hợp tác xã\," in text.replace("\r\n ", "")
    assert lines[0] == "BEGIN:VCALENDAR"
