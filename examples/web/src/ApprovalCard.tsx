// One change that waits: what it would do, and the person's decision.

import { useEffect, useRef, useState } from "react";
import { api, Refusal, type Approval, type Decision } from "./api.ts";
import { ApprovalEdit } from "./ApprovalEdit.tsx";
import { ApprovalPreview } from "./ApprovalPreview.tsx";
import { Problem } from "./Problem.tsx";

interface Props {
  approval: Approval;
  /** Whether it was asked just now, and is to be looked at. */
  isNew: boolean;
  onDecided: (ended: Approval) => void;
  /** It is approved, and could not be begun. */
  onHeld: (approval: Approval) => void;
}

export function ApprovalCard({ approval, isNew, onDecided, onHeld }: Props) {
  const { id, preview, requestedBy, reason } = approval;
  const title = useRef<HTMLHeadingElement>(null);
  const [notes, setNotes] = useState("");
  const [isEditing, setIsEditing] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  useEffect(() => {
    if (isNew) title.current?.focus();
  }, [isNew]);

  const decide = async (decision: Decision) => {
    setIsBusy(true);
    setRefusal(undefined);
    try {
      onDecided(await api.decide(id, notes ? { ...decision, notes } : decision));
    } catch (error) {
      setRefusal(error as Refusal);
      setIsBusy(false);
      // The yes stands, where only the doing was refused.
      const now = await api.approval(id).catch(() => undefined);
      if (now?.status === "approved") onHeld(now);
      else if (now && now.status !== "pending") onDecided(now);
    }
  };
  const canEdit = ["create", "update"].includes(approval.actionType) && approval.status === "pending";
  const by = requestedBy.agent ? `Your assistant ${requestedBy.agent}` : "You";
  return (
    <article className="card approval" aria-labelledby={`title-${id}`}>
      <p className="by">
        <span className={requestedBy.agent ? "agent" : "self"}>{by}</span> asked, until {until(approval)}
      </p>
      <h3 id={`title-${id}`} tabIndex={-1} ref={title}>
        {preview.summary}
      </h3>
      {reason && <p className="reason">“{reason}”</p>}
      <ApprovalPreview approval={approval} />
      {approval.status === "approved" && (
        <p className="quiet">You said yes. It is not done yet: approve it again once what was missing is there.</p>
      )}
      <Problem refusal={refusal}>
        {refusal?.code === "scope_missing" && (
          <a className="button" href={api.connectAddress(["write"], approval.accountId)}>
            Allow changes at Google
          </a>
        )}
      </Problem>
      {isEditing ? (
        <ApprovalEdit
          approval={approval}
          isBusy={isBusy}
          onApprove={(changes) => void decide({ action: "editAndApprove", changes })}
          onCancel={() => setIsEditing(false)}
        />
      ) : (
        <>
          {approval.status === "pending" && (
            <label className="notes">
              Note
              <input value={notes} onChange={({ target }) => setNotes(target.value)} placeholder="optional" />
            </label>
          )}
          <div className="buttons">
            <button className="primary" disabled={isBusy} onClick={() => void decide({ action: "approve" })}>
              Approve
            </button>
            {canEdit && (
              <button disabled={isBusy} onClick={() => setIsEditing(true)}>
                Edit …
              </button>
            )}
            {approval.status === "pending" && (
              <button disabled={isBusy} onClick={() => void decide({ action: "reject" })}>
                Reject
              </button>
            )}
          </div>
        </>
      )}
    </article>
  );
}

function until({ expiresAt, preview }: Approval): string {
  return new Date(expiresAt).toLocaleString("en-GB", {
    timeZone: preview.timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
}
