// What must not compile.

import { ConflictChecker, detectConflicts, formatConflictForDisplay, parseScopes, type Severity } from "theo-calendar";
import { init } from "theo-calendar/web";

// @ts-expect-error: a number is no instant.
detectConflicts([], { start: 0, end: 1 });
// @ts-expect-error: an option nobody knows.
detectConflicts([], { start: "", end: "" }, { bufferMinutes: 5 });
// @ts-expect-error: a text is no conflict.
formatConflictForDisplay("High");
// @ts-expect-error: scopes come as one text.
parseScopes(["calendar"]);
// @ts-expect-error: there is no such severity.
export const severity: Severity = "High";
// @ts-expect-error: how many it keeps is its own business.
new ConflictChecker().size = 3;

await init({ module_or_path: new URL("https://example.com/theo_calendar_bg.wasm") });
