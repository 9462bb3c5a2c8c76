"""What one would pick instead in Python: `rivals.py WORK` does one piece of work as often as it is told.

The first line of standard input is what the work is done on, as JSON. Each further one says how often to do it. The
answer is a line: what was found, or the nanoseconds of this process's own clock that it took.
"""

import datetime
import json
import sys
import time
import zoneinfo


def json_and_gcsa(page):
    from gcsa.serializers.event_serializer import EventSerializer

    return lambda: len([EventSerializer.to_object(item) for item in json.loads(page)["items"]])


def typed_by_msgspec(page):
    import msgspec

    def shape(name, **fields):
        return msgspec.defstruct(name, [(field, sort | None, None) for field, sort in fields.items()], rename="camel")

    person = shape("Person", email=str, display_name=str, self=bool, response_status=str)
    when = shape("When", date=datetime.date, date_time=datetime.datetime, time_zone=str)
    event = shape(
        "Event",
        id=str, etag=str, status=str, html_link=str, created=datetime.datetime, updated=datetime.datetime,
        summary=str, description=str, location=str, creator=person, organizer=person, start=when, end=when,
        recurrence=list[str], recurring_event_id=str, original_start_time=when, sequence=int,
        attendees=list[person], hangout_link=str, conference_data=dict, extended_properties=dict[str, dict[str, str]],
        reminders=dict, event_type=str,
    )  # fmt: skip
    events = msgspec.defstruct("Events", [("items", list[event])])
    read = msgspec.json.Decoder(events).decode
    page = page.encode()
    return lambda: len(read(page).items)


def windows_by_dateutil(series):
    from dateutil import rrule

    zone = zoneinfo.ZoneInfo(series["zone"])
    local = lambda seconds: datetime.datetime.fromtimestamp(seconds, zone).replace(tzinfo=None)
    rule = rrule.rrulestr(series["rule"], dtstart=local(series["start"]))
    # The last second of a window is left out, as it is for the others.
    windows = [(local(start), local(end) - datetime.timedelta(seconds=1)) for start, end in series["windows"]]
    return lambda: sum(len(rule.between(start, end, inc=True)) for start, end in windows)


def overlaps_by_intervaltree(minutes):
    import intervaltree

    tree = intervaltree.IntervalTree.from_tuples(
        (start, end, number) for number, (start, end) in enumerate(minutes["events"])
    )
    return lambda: sum(len(tree.overlap(start, end)) for start, end in minutes["windows"])


def overlaps_by_ncls(minutes):
    import ncls
    import numpy

    columns = numpy.array(minutes["events"], dtype=numpy.int64).T
    tree = ncls.NCLS(columns[0].copy(), columns[1].copy(), numpy.arange(len(minutes["events"])))
    asked = numpy.array(minutes["windows"], dtype=numpy.int64).T
    starts, ends = asked[0].copy(), asked[1].copy()
    numbers = numpy.arange(len(starts))
    # All windows in one call: it has no faster one.
    return lambda: len(tree.all_overlaps_both(starts, ends, numbers)[0])


def overlaps_by_superintervals(minutes):
    import superintervals

    tree = superintervals.IntervalMap()
    for number, (start, end) in enumerate(minutes["events"]):
        tree.add(start, end - 1, number)
    tree.build()
    return lambda: sum(len(tree.search_values(start, end - 1)) for start, end in minutes["windows"])


def page_as_google_client(page):
    from googleapiclient.model import JsonModel

    read = JsonModel().deserialize
    page = page.encode()

    def work():
        items = read(page)["items"]
        return len([(item["id"], item.get("summary"), google_time(item["start"])) for item in items])

    return work


def google_time(time):
    """What `start` and `end` of Google's say, as gcsa and we have it."""
    if "date" in time:
        return datetime.date.fromisoformat(time["date"])
    return datetime.datetime.fromisoformat(time["dateTime"]).astimezone(zoneinfo.ZoneInfo(time["timeZone"]))


def month_by_dateutil(calendar):
    from dateutil import rrule

    zone = zoneinfo.ZoneInfo(calendar["zone"])
    local = lambda text: datetime.datetime.fromisoformat(text).astimezone(zone).replace(tzinfo=None)
    rules = [rrule.rrulestr(rule, dtstart=local(start)) for rule, start in calendar["series"]]
    start, end = local(calendar["start"]), local(calendar["end"])
    return lambda: sum(len([one.replace(tzinfo=zone) for one in rule.between(start, end, inc=True)]) for rule in rules)


def month_by_recurring_ical_events(calendar):
    import icalendar
    import recurring_ical_events

    zone = zoneinfo.ZoneInfo(calendar["zone"])
    start, end = (datetime.datetime.fromisoformat(calendar[name]).astimezone(zone) for name in ("start", "end"))
    events = recurring_ical_events.of(icalendar.Calendar.from_ical(calendar["ical"]))
    return lambda: len([one.start for one in events.between(start, end)])


# Ours, as Python has it.


def page_as_theo_calendar(page):
    from theo_calendar import parse_events_page

    page = page.encode()
    return lambda: len([(event.id, event.summary, event.start) for event in parse_events_page(page).events])


def objects_of_theo_calendar(page):
    from theo_calendar import parse_events_page

    page = page.encode()
    return lambda: len(parse_events_page(page).events)


def month_by_theo_calendar(calendar):
    from theo_calendar import expand, parse_events_page

    events = parse_events_page(calendar["page"])
    return lambda: len([one.start for one in expand(events, calendar["start"], calendar["end"])])


def conflicts_by_index(minutes):
    from theo_calendar import ConflictIndex

    index = ConflictIndex()
    index.add(minutes_as_events(minutes))
    hours = minutes_as_times(minutes["windows"])
    return lambda: sum(len(index.check(start, end)) for start, end in hours)


def conflicts_by_list(minutes):
    from theo_calendar import detect_conflicts, parse_events_page

    events = parse_events_page({"items": minutes_as_events(minutes)})
    hours = minutes_as_times(minutes["windows"])
    return lambda: sum(len(detect_conflicts(events, start, end)) for start, end in hours)


def minutes_as_events(minutes):
    times = minutes_as_times(minutes["events"])
    return [{"id": f"event{number}", "start": start, "end": end} for number, (start, end) in enumerate(times)]


def minutes_as_times(ranges):
    at = lambda minute: datetime.datetime.fromtimestamp(60 * minute, datetime.UTC)
    return [(at(start), at(end)) for start, end in ranges]


def main():
    data = sys.stdin.readline()
    work = globals()[sys.argv[1]](json.loads(data))
    print(work(), flush=True)
    for line in sys.stdin:
        start = time.perf_counter_ns()
        for _ in range(int(line)):
            work()
        print(time.perf_counter_ns() - start, flush=True)


if __name__ == "__main__":
    main()
