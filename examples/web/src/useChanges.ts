// The feed of changes: it says that something changed, and what is shown is read anew.

import { useEffect, useState } from "react";
import { api } from "./api.ts";

/** Where this browser is in the feed, so that a page that is opened again is not told everything again. */
const PLACE = "theo-calendar-feed";

/** How long a burst of changes is waited for. */
const BURST = 250;

/** Another number each time the mirror changed. */
export function useChanges(user: boolean): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    if (!user) return;
    const feed = api.changes(sessionStorage.getItem(PLACE));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const changed = ({ lastEventId }: MessageEvent) => {
      sessionStorage.setItem(PLACE, lastEventId);
      timer ??= setTimeout(() => {
        timer = undefined;
        setVersion((old) => old + 1);
      }, BURST);
    };
    feed.addEventListener("upsert", changed);
    feed.addEventListener("delete", changed);
    return () => {
      clearTimeout(timer);
      feed.close();
    };
  }, [user]);
  return version;
}
