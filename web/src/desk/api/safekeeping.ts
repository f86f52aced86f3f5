// The vault as a file that has to last.

import { ask } from "./ask.ts";

export const changePassphrase = (old: string, fresh: string): Promise<object> =>
  ask("passphrase", { old, new: fresh });
/** `words`: the language of six words to seal it under; empty: under the passphrase. */
export const backUp = (
  passphrase: string,
  words: string,
): Promise<{ readonly path: string; readonly words: string }> =>
  ask("backup", { passphrase, words });
