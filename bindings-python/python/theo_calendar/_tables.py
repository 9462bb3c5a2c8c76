"""Occurrences as a table, for those who have pandas or pyarrow installed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._native import Expansion

_TIMES = ("start", "end", "original_start")


def frame(expansion: Expansion) -> Any:
    """A `pandas.DataFrame`; times are in the zone of the calendar."""
    pandas = _needed("pandas")
    columns: dict[str, Any] = expansion._columns()
    for name in _TIMES:
        instants = pandas.to_datetime(pandas.array(columns[name], dtype="Int64"), unit="us", utc=True)
        columns[name] = instants.tz_convert(expansion.time_zone)
    return pandas.DataFrame(columns)


def table(expansion: Expansion) -> Any:
    """A `pyarrow.Table`; times are in the zone of the calendar."""
    arrow = _needed("pyarrow")
    text, instant = arrow.string(), arrow.timestamp("us", tz=expansion.time_zone)
    types = {"id": text, "event_id": text, "summary": text, "all_day": arrow.bool_()} | dict.fromkeys(_TIMES, instant)
    columns = expansion._columns()
    return arrow.table({name: arrow.array(values, types[name]) for name, values in columns.items()})


def _needed(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise ImportError(f"this needs {name}: pip install 'theo-calendar[{name}]'", name=name) from error
