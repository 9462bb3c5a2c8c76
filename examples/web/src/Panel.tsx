// What is in the way of the event that is dragged or selected, in words; and a way to move it without a mouse.

import type { ReactNode } from "react";
import type { Conflicts, GoogleEvent, Severity } from "theo-calendar";
import { ConflictCard, SIGNS } from "./ConflictCard.tsx";
import { inWords, worstFirst, worstOf, type Span } from "./week.ts";

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
  /** Whether only others may move it. */
  isFixed?: boolean;
  /** Events that cannot be read, and why. */
  unreadable: string[];
  footer: string;
  /** What else can be done with the event. */
  children?: ReactNode;
  onBuffer: (minutes: number) => void;
  onMove: (by: Move) => void;
  onPutBack: () => void;
  onClose?: () => void;
}

export function Panel(props: Props) {
  const { event, conflicts, timeZone } = props;
  return (
    <aside className="panel" aria-label="Conflicts">
      <div className="answer" aria-live="polite">
        {event && conflicts ? (
          <>
            <h2>{event.summary ?? "(no title)"}</h2>
            <p className="when">{inWords(event as Span, timeZone)}</p>
            <Verdict conflicts={conflicts} />
            <ul>
              {worstFirst(conflicts).map((one) => (
                <ConflictCard key={(one.instanceId ?? one.eventId) + one.span.start} conflict={one} timeZone={timeZone} />
              ))}
            </ul>
          </>
        ) : (
          <>
            <h2>What is in the way?</h2>
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
      {props.children}
      {props.isFixed && <p className="quiet">Only others may move it.</p>}
      {event && !props.isFixed && (
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
      {props.onClose && (
        <button className="plain" onClick={props.onClose}>
          Close
        </button>
      )}
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
