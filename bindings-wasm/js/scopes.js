// What a grant is good for.

import * as module from "./theo_calendar.js";
import { guarded } from "./error.js";

export function parseScopes(scope) {
  return guarded(() => module.parseScopes(scope));
}

export function hasCalendarReadAccess(scopes) {
  return guarded(() => module.hasCalendarReadAccess([...scopes]));
}

export function hasCalendarWriteAccess(scopes) {
  return guarded(() => module.hasCalendarWriteAccess([...scopes]));
}

export function getCalendarScopeStatus(scopes) {
  const status = guarded(() => JSON.parse(module.scopeStatus([...scopes])));
  return {
    hasRead: status.has_read,
    hasWrite: status.has_write,
    hasSettings: status.has_settings,
    missingScopes: status.missing,
  };
}
