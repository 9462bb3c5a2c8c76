// How far the mirror is, what is wrong with it, and what to do then.

import { useState } from "react";
import { api, Refusal, type SyncStatus } from "./api.ts";
import { Problem } from "./Problem.tsx";
import type { Loaded } from "./useLoaded.ts";

const WORDS: Record<SyncStatus["syncStatus"], string> = {
  idle: "Up to date",
  syncing: "Syncing",
  error: "Something failed",
  paused: "Waiting for you",
};

export function CalendarSyncStatus({ status, onSynced }: { status: Loaded<SyncStatus>; onSynced: () => void }) {
  const [isRunning, setIsRunning] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const { value } = status;
  const sync = async () => {
    setIsRunning(true);
    await api.sync("full").then(
      () => setRefusal(undefined),
      (error: Refusal) => setRefusal(error),
    );
    setIsRunning(false);
    onSynced();
  };
  const isFirst = value !== undefined && value.lastFullSyncAt == null && value.calendarCount > 0;
  const state = isRunning || isFirst ? "syncing" : (value?.syncStatus ?? "idle");
  const isSyncing = state === "syncing";
  return (
    <section className="card sync" aria-labelledby="sync-title">
      <h2 id="sync-title">Sync</h2>
      <Problem refusal={refusal ?? status.refusal} />
      {value && (
        <>
          <p className={`state ${state}`} role="status">
            {isFirst ? "First sync" : WORDS[state]}
          </p>
          {isSyncing && (
            <label className="progress">
              <progress max={100} value={value.fullSyncProgress} /> {value.fullSyncProgress}% of your calendars
            </label>
          )}
          <p className="quiet">
            <span className="number">{value.eventCount.toLocaleString("en-GB")}</span> events in{" "}
            <span className="number">{value.calendarCount}</span> calendars
            {value.lastSyncAt && <>, last synced at {time(value.lastSyncAt)}</>}
          </p>
          {value.syncError && (
            <div className="problem">
              <p>{value.syncError}</p>
              {value.syncStatus === "error" && <p>It is tried again by itself.</p>}
              {value.syncStatus === "paused" && (
                <p>
                  Look at the account in <a href="#settings">Settings</a>: let it read again, or connect it anew.
                </p>
              )}
            </div>
          )}
        </>
      )}
      <button onClick={() => void sync()} disabled={isRunning}>
        {isRunning ? "Syncing …" : "Sync now"}
      </button>
    </section>
  );
}

function time(instant: string): string {
  return new Date(instant).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}
