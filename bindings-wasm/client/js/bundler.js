// For bundlers and for pages alike: importing it loads the module that lies beside it.
import init from "./theo_calendar.js";

await init();

export * from "./client.js";
