// The week itself. It is drawn anew only when an event was dropped, never while one is dragged.

import { memo, useEffect, useMemo, useRef } from "react";
import FullCalendar, { type AllowFunc, type EventDisplayInfo, type EventInput } from "@fullcalendar/react";
import dayGrid from "@fullcalendar/react/daygrid";
import interaction from "@fullcalendar/react/interaction";
import theme from "@fullcalendar/react/themes/forma";
import timeGrid from "@fullcalendar/react/timegrid";
import type { Conflicts, GoogleEvent } from "theo-calendar";
import { worstOf, type Kind, type Shown, type Span, type Week } from "./week.ts";

const plugins = [theme, dayGrid, timeGrid, interaction];

const WORDS: Record<Kind, string> = {
  firm: "",
  maybe: "not certain",
  focus: "focus time",
  away: "out of office",
  free: "takes no time",
};

interface Grid {
  week: Week;
  /** Another list each time an event was moved. */
  shown: Shown[];
  onAsk: (id: string, span?: Span) => void;
  onMove: (id: string, span: Span) => void;
  /** What an event looks like beside its kind, and whether it can be moved. */
  look?: ((event: GoogleEvent) => Look) | undefined;
  /** Which hours are shown, such as `"07:00"`. */
  hours?: { from: string; to: string } | undefined;
}

export interface Look {
  color: string;
  isFixed: boolean;
}

const Grid = memo(function Grid({ week, shown, onAsk, onMove, look, hours }: Grid) {
  const events = useMemo(() => shown.map((one) => eventOf(one, look?.(one.event))), [shown, look]);
  const allow: AllowFunc = (span, event) => {
    if (event) onAsk(event.id, spanOf(span, week.timeZone));
    return true;
  };
  const settle = ({ event }: { event: { id: string; startStr: string; endStr: string; allDay: boolean } }) =>
    onMove(event.id, spanOf(event, week.timeZone));
  return (
    <FullCalendar
      plugins={plugins}
      initialView="timeGridDays"
      views={{ timeGridDays: { type: "timeGrid", duration: { days: week.days } } }}
      initialDate={week.firstDay}
      timeZone={week.timeZone}
      locale="en-GB"
      firstDay={1}
      events={events}
      editable
      eventDurationEditable
      eventInteractive
      eventAllow={allow}
      eventDrop={settle}
      eventResize={settle}
      eventClick={({ event }) => onAsk(event.id)}
      eventContent={content}
      eventClass={classOf}
      eventDidMount={({ el, event, isMirror }) => {
        if (!isMirror) el.dataset["event"] = event.id;
      }}
      // As long as a step of the mouse: with longer slots an event jumps when it is taken.
      slotDuration="00:15"
      slotHeaderInterval="01:00"
      slotHeaderInnerClass="hour"
      slotLaneClass={quarter}
      slotHeaderClass={quarter}
      slotMinTime={hours?.from ?? "07:00"}
      slotMaxTime={hours?.to ?? "20:00"}
      slotHeaderFormat={{ hour: "2-digit", minute: "2-digit" }}
      dayHeaderFormat={{ weekday: "short", day: "numeric" }}
      headerToolbar={false}
      height="100%"
      expandRows
      dragRevertDuration={0}
    />
  );
});

/** The week, in which what stands in the way is marked. */
export function Calendar(props: Grid & { conflicts: Conflicts | undefined; selected: string | undefined }) {
  const { conflicts, selected, shown, week, look, hours } = props;
  const root = useRef<HTMLElement>(null);
  useEffect(() => {
    const worst = new Map<string, string>();
    for (const one of conflicts ?? []) {
      const id = one.instanceId ?? one.eventId;
      if (worst.get(id) !== "high") worst.set(id, one.severity);
    }
    for (const element of root.current?.querySelectorAll<HTMLElement>("[data-event]") ?? []) {
      const id = element.dataset["event"] ?? "";
      mark(element, "way", worst.get(id));
      mark(element, "selected", id === selected ? "yes" : undefined);
    }
  }, [conflicts, selected, shown]);
  useEffect(() => {
    // Drawn anew on another day, it lost the focus that the keys need.
    if (document.activeElement === document.body && selected) {
      root.current?.querySelector<HTMLElement>(`[data-event="${CSS.escape(selected)}"]`)?.focus();
    }
  }, [shown]);
  return (
    <section
      className="week"
      ref={root}
      aria-label="Week"
      data-worst={worstOf(conflicts)}
      onFocus={({ target }) => {
        const element = target.closest<HTMLElement>("[data-event]");
        if (element?.dataset["event"]) props.onAsk(element.dataset["event"]);
      }}
    >
      <Grid
        key={`${week.firstDay} ${week.days}`}
        {...{ week, shown, look, hours }}
        onAsk={props.onAsk}
        onMove={props.onMove}
      />
    </section>
  );
}

function mark(element: HTMLElement, name: string, value: string | undefined) {
  if (value) element.dataset[name] = value;
  else delete element.dataset[name];
}

function quarter({ isMinor }: { isMinor: boolean }): string {
  return isMinor ? "quarter" : "";
}

function classOf({ event, isMirror }: EventDisplayInfo): string {
  const minutes = (Number(event.end) - Number(event.start)) / 60_000;
  const isShort = !event.allDay && minutes <= 30;
  return ["event", event.extendedProps["kind"], isShort && "short", isMirror && "moving"].filter(Boolean).join(" ");
}

function content({ event, timeText }: EventDisplayInfo) {
  const kind = event.extendedProps["kind"] as Kind;
  const words = [timeText, WORDS[kind]].filter(Boolean).join(" · ");
  return (
    <div className="words">
      <b>{event.title}</b> {words && <span>{words}</span>}
    </div>
  );
}

function eventOf({ id, span, title, kind }: Shown, look?: Look): EventInput {
  const { start, end } = span;
  return {
    id,
    title,
    start: (start.date ?? start.dateTime)!,
    end: (end.date ?? end.dateTime)!,
    allDay: start.date !== undefined,
    color: look?.color ?? `var(--${kind})`,
    editable: !look?.isFixed,
    extendedProps: { kind },
  };
}

function spanOf(range: { startStr: string; endStr: string; allDay: boolean }, timeZone: string): Span {
  const time = (text: string) => (range.allDay ? { date: text.slice(0, 10) } : { dateTime: text, timeZone });
  return { start: time(range.startStr), end: time(range.endStr) };
}
