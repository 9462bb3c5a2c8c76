// What a change would do: the difference, the times, who is emailed, and what it runs into.

import type { Approval, Conflict } from "./api.ts";
import { ConflictCard } from "./ConflictCard.tsx";
import { worstFirst } from "./week.ts";

/** How many are shown before they are counted. */
const FEW = 3;

export function ApprovalPreview({ approval: { preview } }: { approval: Approval }) {
  const { changes, occurrences, occurrenceCount, emails, conflictsCaused, conflictsSolved } = preview;
  const mailed = [...emails.inside, ...emails.outside.map((address) => `${address} (outside)`)];
  const more = occurrenceCount - occurrences.length;
  return (
    <div className="preview">
      {changes.length > 0 && (
        <dl className="changes">
          {changes.map(({ field, before, after }) => (
            <div key={field}>
              <dt>{field}</dt>
              <dd>
                {before && <del>{before}</del>}
                {before && after && <span aria-hidden="true"> → </span>}
                {after ? <ins>{after}</ins> : <span className="quiet"> taken away</span>}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {occurrenceCount > 1 && (
        <details>
          <summary>
            Touches {preview.occurrencesTruncated ? "at least " : ""}
            {occurrenceCount} times
          </summary>
          <ul>
            {occurrences.map((one) => (
              <li key={one}>{one}</li>
            ))}
            {more > 0 && <li>and {more} more</li>}
          </ul>
        </details>
      )}
      <dl className="facts">
        <div>
          <dt>Calendar</dt>
          <dd>
            {preview.calendar} ({preview.timeZone})
          </dd>
        </div>
        <div>
          <dt>Emails</dt>
          <dd>{mailed.length > 0 ? mailed.join(", ") : "nobody"}</dd>
        </div>
      </dl>
      <Conflicts title="It would clash with" conflicts={conflictsCaused} timeZone={preview.timeZone} />
      {conflictsSolved.length > 0 && (
        <p className="solved">
          ✓ It ends {conflictsSolved.length === 1 ? "a clash" : `${conflictsSolved.length} clashes`} with{" "}
          {conflictsSolved.map(({ summary }) => summary ?? "(no title)").join(", ")}
        </p>
      )}
      {preview.conflictsIncomplete && <p className="verdict unknown">? There may be more in the way than is known</p>}
    </div>
  );
}

function Conflicts({ title, conflicts, timeZone }: { title: string; conflicts: Conflict[]; timeZone: string }) {
  if (conflicts.length === 0) return null;
  const worst = worstFirst(conflicts);
  const cards = (some: Conflict[]) => (
    <ul className="conflicts">
      {some.map((one) => (
        <ConflictCard key={(one.instanceId ?? one.eventId) + one.span.start} conflict={one} timeZone={timeZone} />
      ))}
    </ul>
  );
  return (
    <>
      <p className="clash">{title}</p>
      {cards(worst.slice(0, FEW))}
      {worst.length > FEW && (
        <details>
          <summary>and {worst.length - FEW} more, none worse</summary>
          {cards(worst.slice(FEW))}
        </details>
      )}
    </>
  );
}
