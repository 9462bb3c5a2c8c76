// What a grant is good for, in Node.

import { expect, test } from "vitest";
import { getCalendarScopeStatus, hasCalendarReadAccess, hasCalendarWriteAccess, parseScopes } from "theo-calendar";

const scope = (word: string) => `https://www.googleapis.com/auth/${word}`;

test("scopes are read from an OAuth answer", () => {
  expect(parseScopes(`openid ${scope("calendar")}`)).toEqual(["openid", scope("calendar")]);
  expect(parseScopes("")).toEqual([]);
});

test("reading and writing are told apart", () => {
  expect(hasCalendarReadAccess([scope("calendar.readonly")])).toBe(true);
  expect(hasCalendarReadAccess([scope("calendar.events")])).toBe(false);
  expect(hasCalendarWriteAccess([scope("calendar.events")])).toBe(true);
  expect(hasCalendarWriteAccess([scope("calendar.readonly")])).toBe(false);
});

test("a grant's status names what to ask for next", () => {
  expect(getCalendarScopeStatus([scope("calendar.readonly"), scope("calendar.events")])).toEqual({
    hasRead: true,
    hasWrite: true,
    hasSettings: false,
    missingScopes: [scope("calendar.settings.readonly")],
  });
});
