// An event in the way: how bad it is, in a colour, a shape and a word, and why.

import type { GoogleTime, Severity } from "theo-calendar";
import { inWords } from "./week.ts";

/** A shape for each, so that colour is not all that tells. */
export const SIGNS: Record<Severity, string> = { high: "▲", medium: "◆", low: "●" };

interface Props {
  conflict: {
    severity: Severity;
    summary?: string | null;
    display: string;
    start: GoogleTime;
    end: GoogleTime;
    overlap?: unknown;
  };
  timeZone: string;
}

export function ConflictCard({ conflict, timeZone }: Props) {
  const { severity, summary, display } = conflict;
  // One line of the core's own words: what it is, when, and after the last colon why.
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
