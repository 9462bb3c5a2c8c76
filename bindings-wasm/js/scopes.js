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
  return guarded(() => ({
    hasRead: module.hasCalendarReadAccess([...scopes]),
    hasWrite: module.hasCalendarWriteAccess([...scopes]),
    hasSettings: module.hasSettingsAccess([...scopes]),
    missingScopes: module.missingScopes([...scopes]),
  }));
}
