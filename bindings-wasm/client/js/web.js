// For a page without a bundler, or one that says itself when and from where the module is loaded.
export { default as init } from "./theo_calendar.js";
export * from "./client.js";
