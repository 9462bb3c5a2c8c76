// Asking for the move of an event: how much of a series, and who is told.

import { useState, type FormEvent, type Ref } from "react";
import type { GoogleEvent } from "theo-calendar";
import type { Refusal, Scope, SendUpdates } from "./api.ts";
import { Problem } from "./Problem.tsx";

interface Props {
  ref: Ref<HTMLButtonElement>;
  event: GoogleEvent;
  onAsk: (scope: Scope, sendUpdates: SendUpdates) => Promise<void>;
}

export function AskToMove({ ref, event, onAsk }: Props) {
  const isOfSeries = event.recurringEventId !== undefined;
  const hasGuests = event.attendees?.some(({ self, resource }) => !self && !resource) ?? false;
  const [scope, setScope] = useState<Scope>(isOfSeries ? "this" : "all");
  const [sendUpdates, setSendUpdates] = useState<SendUpdates>(hasGuests ? "all" : "none");
  const [refusal, setRefusal] = useState<Refusal>();
  const [isBusy, setIsBusy] = useState(false);
  const ask = async (submit: FormEvent) => {
    submit.preventDefault();
    setIsBusy(true);
    setRefusal(undefined);
    await onAsk(scope, sendUpdates).catch((error: Refusal) => {
      setRefusal(error);
      setIsBusy(false);
    });
  };
  return (
    <form className="ask" onSubmit={(submit) => void ask(submit)}>
      {isOfSeries && (
        <label>
          Move
          <select value={scope} onChange={({ target }) => setScope(target.value as Scope)}>
            <option value="this">this one</option>
            <option value="thisAndFollowing">this and those that follow</option>
          </select>
        </label>
      )}
      {hasGuests && (
        <label>
          Email
          <select value={sendUpdates} onChange={({ target }) => setSendUpdates(target.value as SendUpdates)}>
            <option value="all">every guest</option>
            <option value="externalOnly">guests outside Google Calendar</option>
            <option value="none">nobody</option>
          </select>
        </label>
      )}
      <Problem refusal={refusal} />
      <button className="primary" ref={ref} disabled={isBusy}>
        Ask to move it
      </button>
    </form>
  );
}
