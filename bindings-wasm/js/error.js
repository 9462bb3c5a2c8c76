/** What every function of this package throws: a sentence for a person, a `code` for a program. */
export class CalendarError extends Error {
  constructor(code, message, retryAfter) {
    super(message);
    this.name = "CalendarError";
    this.code = code;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
  }
}

/**
 * What `work` gives. Whatever it throws is a CalendarError: a module that failed (out of memory, say) may not be used
 * again, and says so.
 */
export function guarded(work) {
  try {
    return work();
  } catch (error) {
    throw known(error);
  }
}

/** The same of work that takes its time. */
export async function guardedAsync(work) {
  try {
    return await work();
  } catch (error) {
    throw known(error);
  }
}

function known(error) {
  if (error instanceof CalendarError) return error;
  if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
    return new CalendarError("internal", `the calendar module failed and must be loaded anew: ${error.message}`);
  }
  return new CalendarError("invalid_input", error.message);
}
