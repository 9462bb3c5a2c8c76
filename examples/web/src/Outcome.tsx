// What became of an approval.

import type { Approval, ApprovalStatus } from "./api.ts";

const WORDS: Record<ApprovalStatus, string> = {
  pending: "Waiting",
  approved: "Approved",
  executing: "Being done",
  executed: "Done",
  failed: "Not done",
  unknown: "Not known yet",
  rejected: "Rejected",
  expired: "Too late",
  stale: "Changed meanwhile",
};

export function Outcome({ approval, onDismiss }: { approval: Approval; onDismiss: () => void }) {
  const { status, preview, errorMessage, notes } = approval;
  const isGood = status === "executed" || status === "rejected";
  return (
    <article className={`card outcome ${isGood ? "good" : "bad"}`}>
      <h3>
        {status === "executed" ? "✓ " : ""}
        {Outcome.word(status)}
      </h3>
      <p>{preview.summary}</p>
      {errorMessage && <p className="problem">{errorMessage}</p>}
      {status === "unknown" && <p className="quiet">Google did not answer. It is read back, and never done twice.</p>}
      {notes && <p className="quiet">Your note: {notes}</p>}
      <button className="plain" onClick={onDismiss}>
        Dismiss
      </button>
    </article>
  );
}

Outcome.word = (status: ApprovalStatus) => WORDS[status];
