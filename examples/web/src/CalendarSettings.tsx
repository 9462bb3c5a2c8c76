// The person's Google accounts: connected, granting more, disconnected.

import { useState } from "react";
import { AccountCard } from "./AccountCard.tsx";
import { api, type Account } from "./api.ts";

interface Props {
  accounts: Account[];
  onChanged: () => void;
  onSay: (sentence: string) => void;
}

export function CalendarSettings({ accounts, onChanged, onSay }: Props) {
  const [canWrite, setCanWrite] = useState(true);
  return (
    <section className="settings" aria-labelledby="settings-title">
      <h2 id="settings-title">Settings</h2>
      {accounts.map((account) => (
        <AccountCard
          key={account.accountId}
          account={account}
          onGone={(sentence) => {
            onSay(sentence);
            onChanged();
          }}
        />
      ))}
      <div className="card">
        <h3>Connect {accounts.length > 0 ? "another" : "a"} Google account</h3>
        <p className="quiet">
          Google asks you first. What you do not allow is not done, and everything else works.
        </p>
        <label className="choice">
          <input type="checkbox" checked disabled /> Read my calendars
        </label>
        <label className="choice">
          <input type="checkbox" checked={canWrite} onChange={({ target }) => setCanWrite(target.checked)} /> Make the
          changes that I approve
        </label>
        <a className="button primary" href={api.connectAddress(canWrite ? ["read", "write"] : ["read"])}>
          Connect with Google
        </a>
      </div>
    </section>
  );
}
