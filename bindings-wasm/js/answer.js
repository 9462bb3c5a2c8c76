// The module's answers, which `src/answer.rs` writes as one run of numbers.

const decoder = new TextDecoder("utf-16le");
const DAY = 86_400;
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, "0"));

/** Read from the front. */
export class Answer {
  #numbers;
  #at = 0;
  #days = new Map();
  #instants = new Map();

  constructor(numbers) {
    this.#numbers = numbers;
  }

  number() {
    this.#at += 1;
    return this.#numbers[this.#at - 1];
  }

  flag() {
    return this.number() === 1;
  }

  text() {
    return decoder.decode(Uint16Array.from(this.list(() => this.number())));
  }

  /** What `read`, which is told its place, gives for each. */
  list(read) {
    const list = [];
    for (let length = this.number(); list.length < length; ) list.push(read(list.length));
    return list;
  }

  unreadable() {
    return this.list(() => [this.number(), this.text()]);
  }

  span() {
    return { start: this.instant(), end: this.instant() };
  }

  /** The same few stand in an answer again and again, such as the time proposed: each is written once. */
  instant() {
    const seconds = this.number();
    const nanoseconds = this.number();
    if (nanoseconds !== 0) return this.#written(seconds, nanoseconds);
    let text = this.#instants.get(seconds);
    if (text === undefined) this.#instants.set(seconds, (text = this.#written(seconds, 0)));
    return text;
  }

  /** As RFC 3339 in UTC, in the form of the core: digits of a second only where there are any, and then in threes. */
  #written(seconds, nanoseconds) {
    const day = Math.floor(seconds / DAY);
    const second = seconds - day * DAY;
    const minute = Math.floor(second / 60);
    const clock = `${TWO_DIGITS[Math.floor(minute / 60)]}:${TWO_DIGITS[minute % 60]}:${TWO_DIGITS[second % 60]}`;
    const digits = nanoseconds > 0 ? `.${String(nanoseconds).padStart(9, "0").replace(/(000){1,2}$/, "")}` : "";
    return `${this.#date(day)}T${clock}${digits}Z`;
  }

  day() {
    return this.#date(this.number());
  }

  /** When a series has it, as Google writes it; undefined where it is no occurrence of one. */
  originalStart() {
    const kind = this.number();
    if (kind === 0) return undefined;
    return kind === 1 ? { dateTime: this.instant(), date: undefined } : { dateTime: undefined, date: this.day() };
  }

  #date(day) {
    let date = this.#days.get(day);
    if (date === undefined) this.#days.set(day, (date = written(day)));
    return date;
  }
}

/** The id that Google gives the occurrence of `master` that starts at `start`; the event's own where it is none. */
export function instanceId(master, start) {
  if (start === undefined) return master;
  const text = start.dateTime ?? start.date;
  // A regular expression takes three times as long.
  return `${master}_${text.slice(0, 4)}${text.slice(5, 7)}${text.slice(8, 13)}${text.slice(14, 16)}${text.slice(17)}`;
}

/** Days from 1970 as a date; a year that is not of four digits has a sign, and here no zeros that it does without. */
function written(day) {
  const [date] = new Date(day * DAY * 1000).toISOString().split("T");
  return date.replace(/^([+-])0*(?=\d{4})/, "$1");
}
