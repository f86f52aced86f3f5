// Everything that the page can ask, by concept.

export * from "./ask.ts";
export * from "./door.ts";
export * from "./lists.ts";
export * from "./thread.ts";
