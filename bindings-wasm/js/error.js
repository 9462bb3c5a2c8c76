/** What every function of this package throws: a sentence for a person, a `code` for a program. */
export class CalendarError extends Error {
  constructor(code, message) {
    super(message);
    this.name = "CalendarError";
    this.code = code;
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
    if (error instanceof CalendarError) throw error;
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
      throw new CalendarError("internal", `the calendar module failed and must be loaded anew: ${error.message}`);
    }
    throw new CalendarError("invalid_input", error.message);
  }
}
