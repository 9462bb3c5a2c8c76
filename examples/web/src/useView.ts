// Which part of the page is looked at: the end of its address says it, so that it can be gone back from and kept.

import { useCallback, useEffect, useState } from "react";

export const VIEWS = ["week", "approvals", "calendars", "settings"] as const;
export type View = (typeof VIEWS)[number];

export function useView(): [View, (view: View) => void] {
  const [view, setView] = useState(read);
  useEffect(() => {
    const follow = () => setView(read());
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  const show = useCallback((view: View) => {
    location.hash = view;
  }, []);
  return [view, show];
}

function read(): View {
  return VIEWS.find((view) => `#${view}` === location.hash) ?? "week";
}
