// The page: who is signed in, what is shown of what they have, and what was said last.

import { useCallback, useEffect, useState } from "react";
import { api, type Approval } from "./api.ts";
import { CalendarApprovals } from "./CalendarApprovals.tsx";
import { CalendarList } from "./CalendarList.tsx";
import { CalendarSettings } from "./CalendarSettings.tsx";
import { CalendarSyncStatus } from "./CalendarSyncStatus.tsx";
import { CalendarWeek, type Goal } from "./CalendarWeek.tsx";
import { Header } from "./Header.tsx";
import { Problem } from "./Problem.tsx";
import { SearchBox } from "./SearchBox.tsx";
import { SignIn } from "./SignIn.tsx";
import { useChanges } from "./useChanges.ts";
import { useLoaded } from "./useLoaded.ts";
import { useView } from "./useView.ts";

export function App() {
  const [touched, setTouched] = useState(0);
  const touch = useCallback(() => setTouched((old) => old + 1), []);
  const [isIn, setIsIn] = useState(false);
  const changes = useChanges(isIn);
  const occasion = `${changes} ${touched}`;
  const status = useLoaded(api.syncStatus, occasion, 2);
  // Where the feed fails, or says nothing of it: what is counted tells.
  const mirror = `${occasion} ${status.value?.eventCount} ${status.value?.lastFullSyncAt}`;
  const calendars = useLoaded(api.calendars, mirror);
  const accounts = useLoaded(api.accounts, touched);
  const approvals = useLoaded(api.approvals, mirror, 4);

  const isOut = calendars.refusal?.status === 401;
  useEffect(() => setIsIn(!isOut && calendars.value !== undefined), [isOut, calendars.value]);
  const [view, show] = useView();
  const [said, say] = useState("");
  const [goal, setGoal] = useState<Goal>();
  const [asked, setAsked] = useState<Approval>();
  const [slot, setSlot] = useState<HTMLElement | null>(null);

  const onAsked = useCallback(
    (approval: Approval) => {
      setAsked(approval);
      say(`Asked: ${approval.preview.summary}. It waits for your yes.`);
      show("approvals");
      approvals.reload();
    },
    [approvals.reload, show],
  );

  if (isOut) return <SignIn />;
  if (!calendars.value || !accounts.value) {
    const refusal = calendars.refusal ?? accounts.refusal;
    return <main className="wait">{refusal ? <Problem refusal={refusal} /> : <p>Loading …</p>}</main>;
  }
  const hasAccounts = accounts.value.length > 0;
  const shown = hasAccounts ? view : "settings";
  return (
    <>
      <Header view={shown} onShow={show} waiting={approvals.value?.length ?? 0}>
        <SearchBox
          onChoose={(event) => {
            setGoal({ event, turn: Date.now() });
            show("week");
          }}
        />
      </Header>
      <main className="page" data-view={shown}>
        <div className="side">
          <CalendarList calendars={calendars.value} onChanged={touch} />
          <CalendarSyncStatus status={status} onSynced={touch} />
        </div>
        <div className="middle">
          {shown === "settings" ? (
            <CalendarSettings accounts={accounts.value} onChanged={touch} onSay={say} />
          ) : (
            <CalendarWeek calendars={calendars.value} occasion={mirror} goal={goal} onAsked={onAsked} slot={slot} />
          )}
        </div>
        <div className="aside">
          <div ref={setSlot} />
          <CalendarApprovals
            pending={approvals.value ?? []}
            refusal={approvals.refusal}
            asked={asked}
            onDone={touch}
            onSay={say}
          />
        </div>
      </main>
      <p className="unseen" role="status">
        {said}
      </p>
    </>
  );
}
