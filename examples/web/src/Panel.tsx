// What is in the way of the event that is dragged or selected, in words; and a way to move it without a mouse.

import type { Conflict, Conflicts, GoogleEvent, Severity } from "theo-calendar";
import { inWords, worstFirst, worstOf, type Span } from "./week.ts";

/** A shape for each, so that colour is not all that tells. */
const SIGNS: Record<Severity, string> = { high: "▲", medium: "◆", low: "●" };
const VERDICTS: Record<Severity, string> = {
  high: "High: both cannot be kept",
  medium: "Medium: worth asking first",
  low: "Low: worth knowing",
};

/** Labels, what they do, and the keys that do the same on an event. */
export const MOVES = [
  { label: "Earlier", key: "ArrowUp", shown: "↑", by: { minutes: -15 } },
  { label: "Later", key: "ArrowDown", shown: "↓", by: { minutes: 15 } },
  { label: "Day before", key: "ArrowLeft", shown: "←", by: { days: -1 } },
  { label: "Day after", key: "ArrowRight", shown: "→", by: { days: 1 } },
  { label: "Shorter", key: "Shift+ArrowUp", shown: "⇧ ↑", by: { longer: -15 } },
  { label: "Longer", key: "Shift+ArrowDown", shown: "⇧ ↓", by: { longer: 15 } },
] as const;

export type Move = (typeof MOVES)[number]["by"];

interface Props {
  event: GoogleEvent | undefined;
  conflicts: Conflicts | undefined;
  timeZone: string;
  buffer: number;
  isTouched: boolean;
  /** Events that cannot be read, and why. */
  unreadable: string[];
  footer: string;
  onBuffer: (minutes: number) => void;
  onMove: (by: Move) => void;
  onPutBack: () => void;
}

export function Panel(props: Props) {
  const { event, conflicts, timeZone } = props;
  return (
    <aside className="panel" aria-label="Conflicts">
      <div className="answer" aria-live="polite">
        {event && conflicts ? (
          <>
            <h1>{event.summary ?? "(no title)"}</h1>
            <p className="when">{inWords(event as Span, timeZone)}</p>
            <Verdict conflicts={conflicts} />
            <ul>
              {worstFirst(conflicts).map((one) => (
                <Card key={(one.instanceId ?? one.eventId) + one.span.start} conflict={one} timeZone={timeZone} />
              ))}
            </ul>
          </>
        ) : (
          <>
            <h1>What is in the way?</h1>
            <p className="when">Drag an event, pull its lower edge, or choose one and press an arrow key.</p>
          </>
        )}
      </div>
      {props.unreadable.length > 0 && (
        <details className="verdict unknown">
          <summary>? Not all events can be read ({props.unreadable.length}): there may be more in the way</summary>
          {props.unreadable.map((why) => (
            <p key={why}>{why}</p>
          ))}
        </details>
      )}
      {event && (
        <div className="moves" role="group" aria-label="Move it">
          {MOVES.map(({ label, key, shown, by }) => (
            <button key={key} onClick={() => props.onMove(by)} aria-keyshortcuts={key}>
              {label} <kbd aria-hidden>{shown}</kbd>
            </button>
          ))}
          <button onClick={props.onPutBack} disabled={!props.isTouched}>
            Put it back
          </button>
        </div>
      )}
      <label className="buffer">
        Keep free around it
        <select value={props.buffer} onChange={({ target }) => props.onBuffer(Number(target.value))}>
          {[0, 10, 15, 30, 60].map((minutes) => (
            <option key={minutes} value={minutes}>
              {minutes === 0 ? "nothing" : `${minutes} minutes`}
            </option>
          ))}
        </select>
      </label>
      <footer>{props.footer}</footer>
    </aside>
  );
}

function Verdict({ conflicts }: { conflicts: Conflicts }) {
  const worst = worstOf(conflicts);
  const isUnknown = conflicts.truncated || conflicts.unreadable.length > 0;
  if (!worst && !isUnknown) return <p className="verdict free">✓ Nothing is in the way</p>;
  return (
    <>
      {worst && (
        <p className={`verdict ${worst}`}>
          {SIGNS[worst]} {VERDICTS[worst]}
        </p>
      )}
      {isUnknown && <p className="verdict unknown">? A recurring event could not be followed: there may be more</p>}
    </>
  );
}

function Card({ conflict, timeZone }: { conflict: Conflict; timeZone: string }) {
  const { severity, summary, display } = conflict;
  // One line of the module's own words: what it is, when, and after the last colon why.
  const why = display.slice(display.lastIndexOf(": ") + 2);
  return (
    <li className={severity} title={display}>
      <b>{summary ?? "(no title)"}</b>
      <span className="badge">
        {SIGNS[severity]} {severity}
      </span>
      <span>{inWords(conflict, timeZone)}</span>
      <span>{conflict.overlap ? why : `too close: ${why}`}</span>
    </li>
  );
}
