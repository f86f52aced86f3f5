// What the desk cannot know and a person may.

import { ask } from "./ask.ts";

export const settle = (thread: string, letter: string): Promise<object> =>
  ask("settle", { thread, letter });
export const release = (letter: string): Promise<{ readonly stays: string }> =>
  ask("release", { letter });
