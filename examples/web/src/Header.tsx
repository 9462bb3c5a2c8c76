// What the page is, where else one can go in it, and the way out.

import { useEffect, useState, type ReactNode } from "react";
import { api } from "./api.ts";
import { VIEWS, type View } from "./useView.ts";

const NAMES: Record<View, string> = {
  week: "Week",
  approvals: "Approvals",
  calendars: "Calendars",
  settings: "Settings",
};

interface Props {
  view: View;
  onShow: (view: View) => void;
  /** How many approvals wait. */
  waiting: number;
  children: ReactNode;
}

export function Header({ view, waiting, children }: Props) {
  const [signOut, setSignOut] = useState<string>();
  useEffect(() => void api.demonstration().then((found) => setSignOut(found?.signOut)), []);
  const leave = async () => {
    sessionStorage.clear();
    await fetch(signOut!, { method: "POST", redirect: "manual" });
    location.assign("/");
  };
  return (
    <header className="top">
      <h1>
        <span aria-hidden="true" className="mark" /> Calendar
      </h1>
      {children}
      <nav aria-label="Parts of the page">
        {VIEWS.map((one) => (
          <a key={one} href={`#${one}`} aria-current={one === view ? "page" : undefined}>
            {NAMES[one]}
            {one === "approvals" && waiting > 0 && (
              <span className="count">
                {waiting} <span className="unseen">waiting</span>
              </span>
            )}
          </a>
        ))}
      </nav>
      {signOut && (
        <button className="plain" onClick={() => void leave()}>
          Sign out
        </button>
      )}
    </header>
  );
}
