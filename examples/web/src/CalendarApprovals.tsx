// What waits for the person's yes, and what became of what they decided here.

import { useEffect, useMemo, useState } from "react";
import { api, type Approval, type Refusal } from "./api.ts";
import { ApprovalCard } from "./ApprovalCard.tsx";
import { Outcome } from "./Outcome.tsx";
import { Problem } from "./Problem.tsx";

interface Props {
  pending: Approval[];
  refusal: Refusal | undefined;
  /** What was asked in this page last: it is to be looked at. */
  asked: Approval | undefined;
  onDone: () => void;
  onSay: (sentence: string) => void;
}

/** Those that the person said yes to, and that could not be begun: they are gone on with after a visit to Google. */
const HELD = "theo-calendar-approved";

export function CalendarApprovals({ pending, refusal, asked, onDone, onSay }: Props) {
  const [decided, setDecided] = useState<Approval[]>([]);
  useEffect(() => {
    const ids: string[] = JSON.parse(sessionStorage.getItem(HELD) ?? "[]");
    const found = Promise.all(ids.map((id) => api.approval(id).catch(() => undefined)));
    void found.then((all) => setDecided(all.flatMap((one) => (one?.status === "approved" ? [one] : []))));
  }, []);

  const keep = (approval: Approval) => {
    const others = decided.filter(({ id }) => id !== approval.id);
    const next = [approval, ...others];
    setDecided(next);
    const held = next.filter(({ status }) => status === "approved").map(({ id }) => id);
    sessionStorage.setItem(HELD, JSON.stringify(held));
  };
  const waiting = useMemo(() => {
    const approved = decided.filter(({ status }) => status === "approved");
    const all = asked ? [asked, ...pending.filter(({ id }) => id !== asked.id)] : pending;
    const isOpen = ({ id }: Approval) => !decided.some((one) => one.id === id);
    return [...approved, ...all.filter(isOpen)];
  }, [pending, asked, decided]);
  const ended = decided.filter(({ status }) => status !== "approved");
  return (
    <section className="approvals" aria-labelledby="approvals-title">
      <h2 id="approvals-title" tabIndex={-1}>
        Waiting for your yes
      </h2>
      <Problem refusal={refusal} />
      {waiting.length === 0 && ended.length === 0 && (
        <p className="card quiet">Nothing. What you or your assistant want to change is asked here first.</p>
      )}
      {waiting.map((approval) => (
        <ApprovalCard
          key={approval.id}
          approval={approval}
          isNew={approval.id === asked?.id}
          onDecided={(ended) => {
            keep({ ...ended, id: approval.id });
            onSay(`${Outcome.word(ended.status)}: ${ended.preview.summary}`);
            document.getElementById("approvals-title")?.focus();
            onDone();
          }}
          onHeld={keep}
        />
      ))}
      {ended.map((approval) => (
        <Outcome
          key={approval.id}
          approval={approval}
          onDismiss={() => setDecided((all) => all.filter(({ id }) => id !== approval.id))}
        />
      ))}
    </section>
  );
}
