// One account: what it may be used for, what not and why, and the way to end it.

import { useEffect, useRef, useState } from "react";
import { api, Refusal, type Account, type Capability } from "./api.ts";
import { Problem } from "./Problem.tsx";

const NAMES: Record<Capability, string> = {
  read: "Read your calendars",
  write: "Make changes that you approve",
  settings: "Read your calendar settings",
};

const WITHOUT: Record<Capability, string> = {
  read: "Nothing of this account is mirrored",
  write: "Changes wait after your yes, until you allow this",
  settings: "Times are shown in the zone of your calendar",
};

export function AccountCard({ account, onGone }: { account: Account; onGone: (sentence: string) => void }) {
  const { accountId, capabilities, scopes } = account;
  const [isAsking, setIsAsking] = useState(false);
  return (
    <div className="card account">
      <h3>{accountId}</h3>
      <ul className="capabilities">
        {capabilities.map(({ capability, isGranted, why }) => (
          <li key={capability} className={isGranted ? "granted" : "missing"}>
            <span aria-hidden="true" className="tick">
              {isGranted ? "✓" : "–"}
            </span>
            <div>
              <b>{NAMES[capability]}</b>
              <span className="unseen">{isGranted ? ": allowed" : ": not allowed"}</span>
              {!isGranted && (
                <p className="quiet">
                  {WITHOUT[capability]}. It is needed {why}.
                </p>
              )}
            </div>
            {!isGranted && (
              <a className="button" href={api.connectAddress([capability], accountId)}>
                Allow<span className="unseen">: {NAMES[capability]}</span>
              </a>
            )}
          </li>
        ))}
      </ul>
      <details>
        <summary>What Google says you granted ({scopes.length})</summary>
        <ul className="scopes">
          {scopes.map((scope) => (
            <li key={scope}>{scope}</li>
          ))}
        </ul>
      </details>
      <button className="danger" onClick={() => setIsAsking(true)}>
        Disconnect …
      </button>
      {isAsking && <Disconnect accountId={accountId} onClose={() => setIsAsking(false)} onGone={onGone} />}
    </div>
  );
}

interface Props {
  accountId: string;
  onClose: () => void;
  onGone: (sentence: string) => void;
}

function Disconnect({ accountId, onClose, onGone }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [refusal, setRefusal] = useState<Refusal>();
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  const disconnect = async () => {
    setIsBusy(true);
    try {
      const { revoked } = await api.disconnect(accountId);
      const end = revoked ? "" : " Google could not be told: end it on your Google account's page too.";
      onClose();
      onGone(`${accountId} is disconnected.${end}`);
    } catch (error) {
      setRefusal(error as Refusal);
      setIsBusy(false);
    }
  };
  return (
    <dialog ref={dialog} aria-labelledby="disconnect-title" onClose={onClose}>
      <h3 id="disconnect-title">Disconnect {accountId}?</h3>
      <p>
        Its calendars and events are forgotten here, what waits for your yes on it is ended, and the grant is taken back
        at Google. Nothing in your Google calendar changes.
      </p>
      <Problem refusal={refusal} />
      <div className="buttons">
        <button autoFocus onClick={() => dialog.current?.close()}>
          Keep it
        </button>
        <button className="danger" disabled={isBusy} onClick={() => void disconnect()}>
          Disconnect
        </button>
      </div>
    </dialog>
  );
}
