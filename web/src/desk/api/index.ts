// Everything that the page can ask, by concept.

export * from "./arriving.ts";
export * from "./ask.ts";
export * from "./deciding.ts";
export * from "./door.ts";
export * from "./files.ts";
export * from "./lists.ts";
export * from "./records.ts";
export * from "./team.ts";
export * from "./safekeeping.ts";
export * from "./thread.ts";
