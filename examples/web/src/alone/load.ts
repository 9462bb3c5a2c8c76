// Where the events come from.

import type { GoogleEventsPage } from "theo-calendar";
import { Week } from "../week.ts";

/** The week that the page's address asks for. */
export async function load(asked: URLSearchParams): Promise<Week> {
  const google = asked.get("google");
  if (!google) return new Week(await page(new Request("week.json")));
  const token = asked.get("token") ?? "fake-access-token";
  const url = new URL("/calendar/v3/calendars/primary/events?maxResults=2500", google);
  const headers = { authorization: `Bearer ${token}` };
  let all = await page(new Request(url, { headers }));
  while (all.nextPageToken) {
    url.searchParams.set("pageToken", all.nextPageToken);
    const next = await page(new Request(url, { headers }));
    all = { ...next, items: [...(all.items ?? []), ...(next.items ?? [])] };
  }
  return new Week(all, asked.get("day") ?? new Date().toISOString());
}

async function page(request: Request): Promise<GoogleEventsPage> {
  const answer = await fetch(request).catch((error: unknown) => {
    throw new Error(`${request.url} does not answer: ${String(error)}`);
  });
  if (!answer.ok) throw new Error(`${request.url} answers ${answer.status} ${answer.statusText}`);
  return answer.json();
}
