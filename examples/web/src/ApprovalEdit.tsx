// The same change, but with other words or times: approving it makes a new approval, which is done at once.

import { useState, type FormEvent } from "react";
import type { Approval, EventFields, EventTime } from "./api.ts";
import { zonedTime } from "./week.ts";

interface Props {
  approval: Approval;
  isBusy: boolean;
  onApprove: (changes: EventFields) => void;
  onCancel: () => void;
}

export function ApprovalEdit({ approval, isBusy, onApprove, onCancel }: Props) {
  const { timeZone } = approval.preview;
  const asked = { ...approval.eventSnapshot, ...approval.request };
  const [summary, setSummary] = useState(asked.summary ?? "");
  const [location, setLocation] = useState(asked.location ?? "");
  const [start, setStart] = useState(written(asked.start, timeZone));
  const [end, setEnd] = useState(written(asked.end, timeZone));
  const type = asked.start?.date ? "date" : "datetime-local";

  const approve = (submit: FormEvent) => {
    submit.preventDefault();
    const changes: EventFields = {};
    if (summary !== (asked.summary ?? "")) changes.summary = summary;
    if (location !== (asked.location ?? "")) changes.location = location;
    const time = (text: string): EventTime => (type === "date" ? { date: text } : { dateTime: `${text}:00`, timeZone });
    const isMoved = start !== written(asked.start, timeZone) || end !== written(asked.end, timeZone);
    if (isMoved) [changes.start, changes.end] = [time(start), time(end)];
    onApprove(changes);
  };
  return (
    <form className="edit" onSubmit={approve}>
      <label>
        Title
        <input value={summary} onChange={({ target }) => setSummary(target.value)} autoFocus />
      </label>
      <label>
        Place
        <input value={location} onChange={({ target }) => setLocation(target.value)} />
      </label>
      <label>
        From
        <input type={type} required value={start} onChange={({ target }) => setStart(target.value)} />
      </label>
      <label>
        To
        <input type={type} required value={end} onChange={({ target }) => setEnd(target.value)} />
      </label>
      <div className="buttons">
        <button className="primary" disabled={isBusy}>
          Approve as edited
        </button>
        <button type="button" onClick={onCancel}>
          Back
        </button>
      </div>
    </form>
  );
}

/** As fields of a form want it: a day, or the clock in `timeZone`. */
function written(time: EventTime | undefined, timeZone: string): string {
  if (!time) return "";
  return time.date ?? zonedTime(time, timeZone).withTimeZone(timeZone).toPlainDateTime().toString().slice(0, 16);
}
