// Which event is asked about, where it would be, and what is in its way there.

import { useCallback, useMemo, useState, type KeyboardEvent } from "react";
import { Calendar } from "../Calendar.tsx";
import { MOVES, Panel, type Move } from "../Panel.tsx";
import { shifted, type Span, type Week } from "../week.ts";

export function App({ week }: { week: Week }) {
  const [asked, setAsked] = useState<{ id: string; span?: Span }>();
  const [version, setVersion] = useState(0);
  const [buffer, setBuffer] = useState(0);

  const onAsk = useCallback((id: string, span?: Span) => setAsked(span ? { id, span } : { id }), []);
  const settle = useCallback(
    (id: string, span: Span) => {
      const moved = week.moved(id, span);
      if (moved) week.keep(moved);
      setAsked({ id });
      setVersion((old) => old + 1);
    },
    [week],
  );
  // First the week as it now is: what is asked about stands in it.
  const shown = useMemo(() => week.shown(), [week, version]);
  const { event, conflicts, millis } = useMemo(() => {
    const event = asked && (asked.span ? week.moved(asked.id, asked.span) : week.event(asked.id));
    const begin = performance.now();
    const conflicts = event && week.check(event, buffer);
    return { event, conflicts, millis: performance.now() - begin };
  }, [week, shown, asked, buffer]);

  const move = (by: Move) => {
    if (event?.start && event.end) settle(event.id, shifted({ start: event.start, end: event.end }, by, week.timeZone));
  };
  const putBack = () => {
    if (event) week.putBack(event.id);
    setVersion((old) => old + 1);
  };
  const onKeyDown = (press: KeyboardEvent) => {
    const key = (press.shiftKey ? "Shift+" : "") + press.key;
    const known = MOVES.find((one) => one.key === key);
    if (!known || !(press.target as Element).closest("[data-event]")) return;
    press.preventDefault();
    move(known.by);
  };

  const checked = conflicts ? `, checked in ${Math.max(millis, 0.1).toFixed(1)} ms in this page` : "";
  return (
    <main className="alone" onKeyDown={onKeyDown}>
      <h1 className="unseen">A week, and what is in the way</h1>
      <Calendar
        week={week}
        shown={shown}
        conflicts={conflicts}
        selected={event?.id}
        onAsk={onAsk}
        onMove={settle}
      />
      <Panel
        event={event}
        conflicts={conflicts}
        timeZone={week.timeZone}
        buffer={buffer}
        isTouched={event !== undefined && week.isTouched(event.id)}
        unreadable={week.unreadable}
        footer={`${week.size} events and series${checked}. No server was asked.`}
        onBuffer={setBuffer}
        onMove={move}
        onPutBack={putBack}
      />
    </main>
  );
}
