// The person's calendars: which are shown, and which are synced.

import { useState } from "react";
import { api, Refusal, type CalendarEntry } from "./api.ts";
import { colorOf } from "./colors.ts";
import { Problem } from "./Problem.tsx";

export function CalendarList({ calendars, onChanged }: { calendars: CalendarEntry[]; onChanged: () => void }) {
  const [refusal, setRefusal] = useState<Refusal>();
  const choose = (calendar: CalendarEntry, choice: { isSelected?: boolean; isHidden?: boolean }) =>
    api.choose(calendar.id, choice).then(
      () => {
        setRefusal(undefined);
        onChanged();
      },
      (error: Refusal) => setRefusal(error),
    );
  const accounts = [...new Set(calendars.map(({ accountId }) => accountId))];
  return (
    <section className="card calendars" aria-labelledby="calendars-title">
      <h2 id="calendars-title">Calendars</h2>
      <Problem refusal={refusal} />
      {calendars.length === 0 && <p className="quiet">None yet: they come with the first sync of an account.</p>}
      {accounts.map((account) => (
        <table key={account}>
          <caption>{account}</caption>
          <thead>
            <tr>
              <th scope="col">Calendar</th>
              <th scope="col" title="Whether its events are in the week">
                Show
              </th>
              <th scope="col" title="Whether its events are mirrored and count in conflicts">
                Sync
              </th>
            </tr>
          </thead>
          <tbody>
            {calendars
              .filter(({ accountId }) => accountId === account)
              .map((calendar) => (
                <tr key={calendar.id}>
                  <th scope="row">
                    <span className="dot" style={{ background: colorOf(calendar, calendars) }} />
                    {calendar.isPrimary && calendar.name === account ? "My calendar" : calendar.name}
                  </th>
                  <td>
                    <input
                      type="checkbox"
                      aria-label={`Show ${calendar.name}`}
                      checked={!calendar.isHidden}
                      onChange={({ target }) => void choose(calendar, { isHidden: !target.checked })}
                    />
                  </td>
                  <td>
                    <input
                      type="checkbox"
                      aria-label={`Sync ${calendar.name}`}
                      checked={calendar.isSelected}
                      onChange={({ target }) => void choose(calendar, { isSelected: target.checked })}
                    />
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      ))}
    </section>
  );
}
