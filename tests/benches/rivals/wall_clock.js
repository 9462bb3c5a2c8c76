// rrule.js with a zone counts in wall clocks that are written as if they were UTC.

/** From milliseconds since 1970 to the wall clock of `timeZone`. */
export function wallClock(timeZone) {
  const parts = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" };
  const format = new Intl.DateTimeFormat("sv-SE", { ...parts, timeZone });
  return (at) => new Date(`${format.format(at).replace(" ", "T")}Z`);
}
