// Finding events by words and by meaning.

import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { api, Refusal, type CalendarEvent } from "./api.ts";
import { Problem } from "./Problem.tsx";
import { inWords, type Span } from "./week.ts";

/** How long typing is waited for. */
const PAUSE = 200;

export function SearchBox({ onChoose }: { onChoose: (event: CalendarEvent) => void }) {
  const [text, setText] = useState("");
  const [found, setFound] = useState<CalendarEvent[]>();
  const [refusal, setRefusal] = useState<Refusal>();
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const query = text.trim();
    setRefusal(undefined);
    if (!query) return setFound(undefined);
    let isLatest = true;
    const timer = setTimeout(() => {
      api.search(query).then(
        ({ hits }) => isLatest && setFound(hits.map(({ event }) => event)),
        (error: Refusal) => isLatest && setRefusal(error),
      );
    }, PAUSE);
    return () => {
      isLatest = false;
      clearTimeout(timer);
    };
  }, [text]);

  const onKeyDown = (press: KeyboardEvent) => {
    if (press.key === "Escape") return setText("");
    if (press.key !== "ArrowDown" && press.key !== "ArrowUp") return;
    press.preventDefault();
    const stops = [...(root.current?.querySelectorAll<HTMLElement>("input, li button") ?? [])];
    const at = stops.indexOf(document.activeElement as HTMLElement) + (press.key === "ArrowDown" ? 1 : -1);
    stops[Math.max(0, Math.min(at, stops.length - 1))]?.focus();
  };
  const choose = (event: CalendarEvent) => {
    setText("");
    onChoose(event);
  };
  return (
    <div className="search" role="search" ref={root} onKeyDown={onKeyDown}>
      <input
        type="search"
        aria-label="Search events"
        placeholder="Search events"
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      {(found || refusal) && (
        <div className="found">
          <Problem refusal={refusal} />
          <p className="quiet" role="status">
            {found?.length === 0 ? "Nothing found" : `${found?.length ?? 0} found`}
          </p>
          <ul>
            {found?.map((event) => (
              <li key={event.id}>
                <button onClick={() => choose(event)}>
                  <b>{event.summary ?? "(no title)"}</b>
                  <span>{event.start && event.end ? inWords(event as Span, zoneOf(event)) : ""}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function zoneOf({ start }: CalendarEvent): string {
  return start?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}
