// The days of all calendars that are shown. An event that is moved here is asked for, not done.

import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { createPortal } from "react-dom";
import { Temporal } from "temporal-polyfill";
import type { GoogleEvent } from "theo-calendar";
import { api, type Approval, type CalendarEntry, type CalendarEvent } from "./api.ts";
import { AskToMove } from "./AskToMove.tsx";
import { Calendar, type Look } from "./Calendar.tsx";
import { colorOf } from "./colors.ts";
import { MOVES, Panel, type Move } from "./Panel.tsx";
import { Problem } from "./Problem.tsx";
import { useHeld } from "./useHeld.ts";
import { useLoaded } from "./useLoaded.ts";
import { useWidth } from "./useWidth.ts";
import { hoursOf, shifted, Week, zonedTime, type Span } from "./week.ts";

/** An event to be shown: another `turn` shows it again. */
export interface Goal {
  event: CalendarEvent;
  turn: number;
}

interface Props {
  calendars: CalendarEntry[];
  occasion: string;
  goal: Goal | undefined;
  onAsked: (approval: Approval) => void;
  /** Where the event in hand is shown, where there is room beside the week. */
  slot: HTMLElement | null;
}

const NO_EVENTS: CalendarEvent[] = [];

export function CalendarWeek(props: Props) {
  const { occasion, goal, onAsked, slot } = props;
  const calendars = useHeld(props.calendars);
  const timeZone = calendars[0]?.timeZone ?? "UTC";
  const days = useWidth();
  const [day, setDay] = useState(() => Temporal.Now.plainDateISO(timeZone).toString());
  const first = useMemo(() => new Week({ items: [], timeZone }, day, days).firstDay, [timeZone, day, days]);
  const date = Temporal.PlainDate.from(first);
  // A day around it, for what is kept free there.
  const load = () => api.events(date.subtract({ days: 1 }).toString(), date.add({ days: days + 1 }).toString());
  const { value: loaded = NO_EVENTS, refusal } = useLoaded(load, `${first} ${days} ${occasion}`);
  const value = useHeld(loaded);

  const [asked, setAsked] = useState<{ id: string; span?: Span }>();
  const [draft, setDraft] = useState<{ id: string; span: Span }>();
  const [buffer, setBuffer] = useState(0);
  const onAsk = useCallback((id: string, span?: Span) => setAsked(span ? { id, span } : { id }), []);
  const settle = useCallback((id: string, span: Span) => {
    setDraft({ id, span });
    setAsked({ id });
  }, []);
  useEffect(() => {
    if (!goal) return;
    const at = goal.event.span?.start ?? goal.event.start?.dateTime ?? goal.event.start?.date;
    if (at) setDay(zonedTime(at.length > 10 ? { dateTime: at } : { date: at }, timeZone).toPlainDate().toString());
    setDraft(undefined);
    setAsked({ id: goal.event.id });
  }, [goal, timeZone]);

  const week = useMemo(() => {
    const week = new Week({ items: value, timeZone }, first, days);
    const moved = draft && (week.shown(), week.moved(draft.id, draft.span));
    if (moved) week.keep(moved);
    return week;
  }, [value, timeZone, first, days, draft]);
  const shown = useMemo(() => week.shown(), [week]);
  // Kept, for the calendar is drawn anew with another object, and a drag ends then.
  const hours = useMemo(() => hoursOf(shown, timeZone), [shown, timeZone]);
  const event = asked && (asked.span ? week.moved(asked.id, asked.span) : week.event(asked.id));
  const conflicts = useMemo(() => event && week.check(event, buffer), [week, event, buffer]);
  const look = useCallback((event: GoogleEvent): Look => lookOf(event, calendars), [calendars]);

  const ask = useRef<HTMLButtonElement>(null);
  const isFixed = event !== undefined && look(event).isFixed;
  const isMoved = event !== undefined && draft?.id === event.id;
  const putBack = () => setDraft(undefined);
  const move = (by: Move) => {
    if (event?.start && event.end && !isFixed) {
      settle(event.id, shifted({ start: event.start, end: event.end }, by, timeZone));
    }
  };
  const onKeyDown = (press: KeyboardEvent) => {
    if (!(press.target as Element).closest("[data-event]")) return;
    const known = MOVES.find((one) => one.key === (press.shiftKey ? "Shift+" : "") + press.key);
    if (known) move(known.by);
    else if (press.key === "Escape" && isMoved) putBack();
    else if (press.key === "Enter" && isMoved) ask.current?.focus();
    else return;
    press.preventDefault();
  };
  const panel = event && (
    <Panel
      event={event}
      conflicts={conflicts}
      timeZone={timeZone}
      buffer={buffer}
      isTouched={isMoved}
      isFixed={isFixed}
      unreadable={week.unreadable}
      footer="Checked in this page, without asking the server."
      onBuffer={setBuffer}
      onMove={move}
      onPutBack={putBack}
      onClose={() => setAsked(undefined)}
    >
      {isMoved && (
        <AskToMove
          key={event.id}
          ref={ask}
          event={event}
          onAsk={async (scope, sendUpdates) => {
            const approval = await api.askToChange(event.id, { ...draft.span, scope, sendUpdates });
            putBack();
            setAsked(undefined);
            onAsked(approval);
          }}
        />
      )}
    </Panel>
  );
  const go = (by: number) => setDay(date.add({ days: by * days }).toString());
  return (
    <section className="weeks" aria-labelledby="week-title" onKeyDown={onKeyDown}>
      <div className="bar">
        <h2 id="week-title" aria-live="polite">
          {inDays(date, days)}
        </h2>
        <button aria-label="Earlier days" onClick={() => go(-1)}>
          ‹
        </button>
        <button onClick={() => setDay(Temporal.Now.plainDateISO(timeZone).toString())}>Today</button>
        <button aria-label="Later days" onClick={() => go(1)}>
          ›
        </button>
      </div>
      <Problem refusal={refusal} />
      <Calendar
        {...{ week, shown, conflicts, look, hours }}
        selected={event?.id}
        onAsk={onAsk}
        onMove={settle}
      />
      {panel && (slot && days === 7 ? createPortal(panel, slot) : panel)}
    </section>
  );
}

/** Whose events only others may move. */
function lookOf(event: GoogleEvent, calendars: CalendarEntry[]): Look {
  const calendar = calendars.find(({ id }) => id === event["calendarId"]);
  const canWrite = ["owner", "writer", "writerWithoutPrivateAccess"].includes(calendar?.accessRole ?? "");
  const isOthers = event.organizer !== undefined && !event.organizer.self && !event["guestsCanModify"];
  return { color: calendar ? colorOf(calendar, calendars) : "var(--firm)", isFixed: !canWrite || isOthers };
}

function inDays(first: Temporal.PlainDate, days: number): string {
  const options: Intl.DateTimeFormatOptions = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  const at = (date: Temporal.PlainDate) => date.toZonedDateTime("UTC").epochMilliseconds;
  if (days === 1) {
    return new Intl.DateTimeFormat("en-GB", { ...options, weekday: "long", year: undefined }).format(at(first));
  }
  return new Intl.DateTimeFormat("en-GB", options).formatRange(at(first), at(first.add({ days: days - 1 })));
}
