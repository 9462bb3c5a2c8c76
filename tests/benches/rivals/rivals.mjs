// What one would pick instead in JavaScript: `rivals.mjs WORK` does one piece of work as often as it is told.
//
// The first line of standard input is what the work is done on, as JSON. Each further one says how often to do it. The
// answer is a line: what was found, or the nanoseconds of this process's own clock that it took.

import { createInterface } from "node:readline";
import { wallClock } from "./wall_clock.js";

const works = {
  async json_parse(page) {
    return () => JSON.parse(page).items.length;
  },

  async windows_by_rrule_js(series) {
    const { default: rrule } = await import("rrule");
    const clock = wallClock(series.zone);
    const wall = (seconds) => clock(seconds * 1000);
    const options = { ...rrule.RRule.parseString(series.rule), dtstart: wall(series.start), tzid: series.zone };
    const rule = new rrule.RRule(options, true);
    const windows = series.windows.map(([start, end]) => [wall(start), new Date(wall(end).getTime() - 1000)]);
    return () => windows.reduce((found, [start, end]) => found + rule.between(start, end, true).length, 0);
  },

  async overlaps_by_flatten_js(minutes) {
    const { default: IntervalTree } = await import("@flatten-js/interval-tree");
    const tree = new IntervalTree();
    minutes.events.forEach(([start, end], number) => tree.insert([start, end - 1], number));
    return () => minutes.windows.reduce((found, [start, end]) => found + tree.search([start, end - 1]).length, 0);
  },

  async overlaps_by_node_interval_tree(minutes) {
    const { default: exported } = await import("node-interval-tree");
    const IntervalTree = exported.default ?? exported;
    const tree = new IntervalTree();
    minutes.events.forEach(([start, end], number) => tree.insert(start, end - 1, number));
    return () => minutes.windows.reduce((found, [start, end]) => found + tree.search(start, end - 1).length, 0);
  },
};

let work;
for await (const line of createInterface({ input: process.stdin })) {
  if (work === undefined) {
    work = await works[process.argv[2]](JSON.parse(line));
    console.log(work());
    continue;
  }
  const start = process.hrtime.bigint();
  for (let turn = Number(line); turn > 0; turn -= 1) work();
  console.log(String(process.hrtime.bigint() - start));
}
