// Time zones from the host's `Intl`, so that the package carries no database of them.

const DAY = 86_400;
const FIRST = Date.UTC(1900) / 1000;
const LAST = Date.UTC(2101) / 1000;

/** No zone changed its offset twice within so many days since 1900. */
const STEP = 6 * DAY;

/**
 * The offset of zone `name` before its first change, then the instant of each change and the offset from then on, all
 * in seconds. Undefined where there is no such zone. Called once for each zone; takes some 50 ms.
 */
export function timeZoneChanges(name) {
  const format = formatter(name);
  if (!format) return undefined;
  const offset = (second) => offsetIn(format.format(second * 1000));
  let before = offset(FIRST);
  const changes = [before];
  for (let begin = FIRST; begin < LAST; begin += STEP) {
    const after = offset(begin + STEP);
    if (after === before) continue;
    let [old, next] = [begin, begin + STEP];
    while (next - old > 1) {
      const middle = Math.floor((old + next) / 2);
      if (offset(middle) === before) old = middle;
      else next = middle;
    }
    changes.push(next, after);
    before = after;
  }
  return Float64Array.from(changes);
}

/** `Intl` takes names in any case and bare offsets too; a name is meant letter for letter here. */
function formatter(name) {
  if (!/^[A-Za-z]/.test(name)) return undefined;
  try {
    const format = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
    const resolved = format.resolvedOptions().timeZone;
    return resolved !== name && resolved.toLowerCase() === name.toLowerCase() ? undefined : format;
  } catch {
    return undefined;
  }
}

/** The seconds east of UTC in `1/1/1970, GMT+01:00`. */
function offsetIn(text) {
  const [, sign, hours, minutes, seconds] = /GMT(?:([+-])(\d+)(?::(\d+))?(?::(\d+))?)?$/.exec(text);
  const east = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  return sign === "-" ? -east : east;
}
