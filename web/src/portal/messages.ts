// What page and worker tell each other. The page knows sentences, the worker knows secrets.

/** Where a visit stands. */
export type Step = "keyring" | "board" | "ticket" | "files" | "letter";

/** What went wrong, by the name of its sentence in the templates. */
export type TroubleName =
  | "offline"
  | "clock"
  | "organisation"
  | "not-emptied"
  | "too-few"
  | "expired"
  | "busy"
  | "full"
  | "old-page"
  | "empty"
  | "too-long"
  | "too-large"
  | "too-many"
  | "file"
  | "insecure"
  | "bug";

/** What became of a file's hidden details. */
export type Cleaning = "cleaned" | "clean" | "kept" | "unclear";

export type Question = "what" | "how" | "others" | "when" | "danger";

/** What is in a box for twelve words: how many so far, and what is wrong with them. */
export interface WordsState {
  readonly count: number;
  /** The first word, from 1, that the list does not have. */
  readonly unknown: { readonly position: number; readonly word: string } | null;
  readonly checksum: boolean;
  /** It begins like a receipt, whose digits belong elsewhere. */
  readonly digits: boolean;
}

/** An answer on the board, or word that a letter was opened. Days since 1970-01-01 UTC. */
export interface Found {
  readonly kind: "answer" | "opened";
  readonly day: number;
  readonly label: string;
  readonly left: boolean;
  readonly text: string;
}

export type Ask =
  | {
      readonly ask: "start";
      readonly org: string;
      readonly language: string;
      readonly words: string;
      readonly list: string;
      readonly english: string;
    }
  | { readonly ask: "open" }
  | { readonly ask: "draw" }
  | { readonly ask: "show" }
  | { readonly ask: "check"; readonly text: string }
  | { readonly ask: "use"; readonly text: string }
  | { readonly ask: "compare"; readonly typed: readonly (readonly [number, string])[] }
  | { readonly ask: "add"; readonly id: number; readonly file: File }
  | { readonly ask: "remove"; readonly id: number }
  | {
      readonly ask: "send";
      readonly text: string;
      readonly form: readonly { readonly question: Question; readonly answer: string }[];
    }
  | { readonly ask: "look" }
  | { readonly ask: "cover" }
  | { readonly ask: "pause"; readonly paused: boolean };

export type Tell =
  | { readonly tell: "opened"; readonly refusal: TroubleName | null }
  | { readonly tell: "words"; readonly words: readonly string[] }
  | { readonly tell: "checked"; readonly state: WordsState }
  | { readonly tell: "used"; readonly state: WordsState; readonly sound: boolean }
  | { readonly tell: "compared"; readonly wrong: number | null }
  | {
      readonly tell: "file";
      readonly id: number;
      readonly size: number;
      readonly cleaning: Cleaning;
    }
  | { readonly tell: "step"; readonly step: Step }
  | {
      readonly tell: "found";
      readonly found: readonly Found[];
      /** Some, but not all, of the parts of an answer are on the board. */
      readonly partial: boolean;
      readonly damaged: boolean;
    }
  | {
      readonly tell: "progress";
      readonly done: number;
      readonly total: number;
      readonly secondsLeft: number | null;
    }
  | { readonly tell: "covered"; readonly done: boolean }
  | { readonly tell: "finished" }
  | { readonly tell: "trouble"; readonly trouble: TroubleName };
