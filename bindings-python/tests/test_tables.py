"""Occurrences as tables, where pandas and pyarrow are installed."""

import sys
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from theo_calendar import expand

BERLIN = ZoneInfo("Europe/Berlin")
EVENTS = [
    {
        "id": "review",
        "summary": "Review",
        "start": {"dateTime": "2015-03-02T15:00:00+01:00", "timeZone": "Europe/Berlin"},
        "end": {"dateTime": "2015-03-02T16:00:00+01:00", "timeZone": "Europe/Berlin"},
        "recurrence": ["RRULE:FREQ=WEEKLY"],
    },
    {"id": "fair", "start": {"date": "2025-03-28"}, "end": {"date": "2025-03-30"}},
]
COLUMNS = ["id", "event_id", "summary", "start", "end", "all_day", "original_start"]


def found(*window):
    return expand(EVENTS, *(window or (date(2025, 3, 24), date(2025, 4, 7))), time_zone=BERLIN)


def test_a_frame_has_a_row_for_each_occurrence_in_the_zone_of_the_calendar():
    pytest.importorskip("pandas")
    frame = found().to_pandas()
    assert list(frame.columns) == COLUMNS and str(frame["start"].dt.tz) == "Europe/Berlin"
    assert frame["id"].tolist() == ["review_20250324T140000Z", "fair", "review_20250331T130000Z"]
    assert [time.isoformat() for time in frame["start"]][1:] == [
        "2025-03-28T00:00:00+01:00",
        "2025-03-31T15:00:00+02:00",
    ]
    assert frame["all_day"].tolist() == [False, True, False]
    assert frame["original_start"].isna().tolist() == [False, True, False]
    assert len(found(date(2000, 1, 1), date(2000, 1, 2)).to_pandas()) == 0


def test_an_arrow_table_has_the_same_rows():
    arrow = pytest.importorskip("pyarrow")
    table = found().to_arrow()
    assert table.column_names == COLUMNS
    assert table["start"].to_pylist()[0] == datetime(2025, 3, 24, 15, tzinfo=BERLIN)
    assert table["original_start"].to_pylist()[1] is None and table["summary"].to_pylist()[1] is None
    assert arrow.table(found()) == table
    assert found(date(2000, 1, 1), date(2000, 1, 2)).to_arrow().schema == table.schema


@pytest.mark.parametrize(("name", "make"), [("pandas", "to_pandas"), ("pyarrow", "to_arrow")])
def test_what_is_not_installed_is_named_with_what_brings_it(name, make, monkeypatch):
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ImportError, match=rf"theo-calendar\[{name}\]"):
        getattr(found(), make)()
