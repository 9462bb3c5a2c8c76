"""Reads cases of the program `recurrence` from standard input and expands each with python-dateutil.

Where the two read RFC 5545 differently, `asked` puts the rule to dateutil so that it says what we mean by it; each such
place is named in `DISAGREEMENTS`, with why we think as we do, and counted. Any other difference is a failure.
"""

import collections
import datetime
import json
import signal
import sys
import types

from dateutil import rrule

DISAGREEMENTS = {
    "the start is not in its rule": "Google shows it beside the rule's own (rust-rrule issue 119, observed), and RFC 5545"
    " §3.3.10 has DTSTART always count. dateutil leaves it out.",
    "a date as UNTIL": "It includes all of that day: RFC 5545 §3.3.10 bounds a rule inclusively. dateutil reads midnight.",
    "BYSETPOS in the first week": "A set starts at the beginning of its interval, the whole week (RFC 5545 §3.3.10)."
    " dateutil begins the first week at DTSTART and so counts its positions from there.",
    "BYWEEKNO without a day": "What the rule lacks is taken from DTSTART (RFC 5545 §3.3.10): its weekday, as for a weekly"
    " rule. dateutil takes all seven.",
    "BYDAY with and without ordinals": "BYDAY=MO,2TU lists Mondays and second Tuesdays. dateutil wants a day that is both.",
    "BYDAY ordinals past the month": "The 53rd Monday of a month is none. dateutil looks beyond its table (IndexError).",
    "a week over New Year": "Week 52 or 53 from the end may be the week that begins in this year and is the first of the"
    ' next. dateutil leaves it out (its source: "TODO: Check -numweeks for next year"), and takes the length of this'
    " year for that of the last one when it numbers the days before week 1.",
    "dateutil finds nothing": "It refuses some rules that have no occurrence (ValueError). We find none, without an error.",
}

EPOCH = datetime.datetime(1970, 1, 1)
FREQUENCIES = {name: number for number, name in enumerate(rrule.FREQNAMES)}
WEEKDAYS = {name: number for number, name in enumerate(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])}
LISTS = ("BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYHOUR", "BYMINUTE", "BYSECOND", "BYSETPOS")
# dateutil walks, a second at a time if need be; what takes it more of the processor's seconds is left out.
PATIENCE = 0.01
# It also walks on to the last year there is, where a rule has nothing after the window: `YEARS.MAXYEAR` is that year.
YEARS = rrule.datetime = types.SimpleNamespace(**vars(datetime))


class TooLong(Exception):
    pass


def too_long(*_):
    raise TooLong


def wall(seconds):
    return EPOCH + datetime.timedelta(seconds=seconds)


def seconds(moment):
    return int((moment - EPOCH).total_seconds())


def asked(text, start, noted):
    """The rule as dateutil must be given it: its arguments, and how many of its own occurrences from `start` count."""
    parts = dict(part.split("=") for part in text.split(";"))
    frequency = FREQUENCIES[parts["FREQ"]]
    rule = {"freq": frequency, "interval": int(parts.get("INTERVAL", 1)), "wkst": WEEKDAYS[parts.get("WKST", "MO")]}
    for name in LISTS:
        if name in parts:
            rule[name.lower()] = sorted({int(number) for number in parts[name].split(",")})
    days = [(int(day[:-2] or 0), WEEKDAYS[day[-2:]]) for day in parts.get("BYDAY", "").split(",") if day]
    if days:
        rule["byweekday"] = weekdays(days, frequency, "BYMONTH" in parts, noted)
    elif frequency == rrule.YEARLY and "BYWEEKNO" in parts and not {"BYYEARDAY", "BYMONTHDAY"} & parts.keys():
        noted.add("BYWEEKNO without a day")
        rule["byweekday"] = start.weekday()
    if "UNTIL" in parts:
        until = parts["UNTIL"].rstrip("Z")
        if len(until) == 8:
            noted.add("a date as UNTIL")
            until += "T235959"
        rule["until"] = datetime.datetime.strptime(until, "%Y%m%dT%H%M%S")
    rule["dtstart"] = start
    count = int(parts["COUNT"]) if "COUNT" in parts else None
    if frequency == rrule.WEEKLY and "BYSETPOS" in parts and start.weekday() != rule["wkst"]:
        noted.add("BYSETPOS in the first week")
        if not days and not {"BYYEARDAY", "BYMONTHDAY", "BYWEEKNO"} & parts.keys():
            rule["byweekday"] = start.weekday()
        for name, number in (("byhour", start.hour), ("byminute", start.minute), ("bysecond", start.second)):
            rule.setdefault(name, number)
        week = start - datetime.timedelta(days=(start.weekday() - rule["wkst"]) % 7)
        rule["dtstart"] = datetime.datetime(week.year, week.month, week.day)
    return rule, count


def weekdays(days, frequency, in_months, noted):
    if frequency > rrule.MONTHLY:
        return sorted({weekday for _, weekday in days})
    most = 5 if frequency == rrule.MONTHLY or in_months else 53
    if any(ordinal == 0 for ordinal, _ in days) and any(ordinal for ordinal, _ in days):
        noted.add("BYDAY with and without ordinals")
        days = [(n, weekday) for ordinal, weekday in days for n in (range(1, most + 1) if ordinal == 0 else [ordinal])]
    kept = [(ordinal, weekday) for ordinal, weekday in days if abs(ordinal) <= most]
    if len(kept) < len(days):
        noted.add("BYDAY ordinals past the month")
        # A first Monday that is also a last one of six weeks: none.
        kept = kept or None
    if kept is None:
        raise ValueError
    return [rrule.weekday(weekday, ordinal or None) for ordinal, weekday in kept]


def expanded(case, noted):
    """What dateutil finds in the window of `case`."""
    start, begin, end = wall(case["start"]), wall(case["from"]), wall(case["to"])
    found = []
    is_in_rule = False
    try:
        rule, count = asked(case["rule"], start, noted)
        YEARS.MAXYEAR = end.year
        number = 0
        for moment in rrule.rrule(**rule):
            if moment >= end or number == count:
                break
            if moment < start:
                continue
            number += 1
            is_in_rule |= moment == start
            if moment >= begin:
                found.append(seconds(moment))
    except ValueError:
        noted.add("dateutil finds nothing")
    if not is_in_rule and begin <= start < end:
        noted.add("the start is not in its rule")
        found.insert(0, case["start"])
    return found


def is_over_new_year(case, theirs):
    """Whether they differ only in days of a week that is in two years."""
    if "BYWEEKNO" not in case["rule"]:
        return False
    if "COUNT" in case["rule"] or "BYSETPOS" in case["rule"]:
        # One more or less at New Year moves all that follow.
        return True
    odd = set(case["found"]) ^ set(theirs)
    # Where we stopped at so many, what only they have past the last is no difference.
    return all((wall(second).month, wall(second).day) in NEW_YEAR for second in odd)


NEW_YEAR = {(12, day) for day in range(26, 32)} | {(1, day) for day in range(1, 8)}


def main():
    signal.signal(signal.SIGVTALRM, too_long)
    compared = occurrences = left = 0
    noted_in = collections.Counter()
    failures = []
    for line in sys.stdin:
        case = json.loads(line)
        noted = set()
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
            theirs = expanded(case, noted)
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        except TooLong:
            left += 1
            continue
        compared += 1
        occurrences += len(theirs)
        if case["truncated"] or theirs != case["found"]:
            if not case["truncated"] and is_over_new_year(case, theirs):
                noted.add("a week over New Year")
            else:
                failures.append((case, theirs))
        noted_in.update(noted)
    print(
        f"{compared} rules agree with python-dateutil on {occurrences} occurrences"
        if not failures
        else f"{len(failures)} of {compared} rules differ from python-dateutil"
    )
    print(f"{left} left out: python-dateutil takes more than {PATIENCE} s")
    for name, number in noted_in.most_common():
        print(f"{number} read as we do: {name}")
    for case, theirs in failures[:20]:
        print(f"\n{case['rule']}\n  starts {wall(case['start'])}, from {wall(case['from'])} to {wall(case['to'])}")
        odd = [(second, "ours") for second in case["found"] if second not in theirs]
        odd += [(second, "theirs") for second in theirs if second not in case["found"]]
        for second, whose in sorted(odd)[:5]:
            print(f"  {wall(second)} {wall(second):%a} is only {whose}")
        if case["truncated"]:
            print("  ours is truncated")
    sys.exit(bool(failures) or compared == 0)


if __name__ == "__main__":
    main()
