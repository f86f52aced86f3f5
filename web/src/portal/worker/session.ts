// One person's stay on one page: the words in memory, the files, the letter on its way.

import { bytesOf, fromHex, toHex, type Bytes } from "../../protocol/bytes.ts";
import { checkOpen, type VerifiedKeyring } from "../../protocol/keyring.ts";
import type { FormAnswer } from "../../protocol/payload.ts";
import { ATTACHMENTS_MAX, ENTROPY_LEN, ID_LEN } from "../../protocol/sizes.ts";
import { cleanFile } from "../clean/index.ts";
import type { Ask, Step, Tell, TroubleName } from "../messages.ts";
import { composeLetter, fits, type Draft } from "./compose.ts";
import { Enclosure } from "./enclosure.ts";
import { readMailbox } from "./mailbox.ts";
import { getList } from "./portal.ts";
import { random } from "./random.ts";
import { Trouble, troubleOf } from "./trouble.ts";
import { sendChunks, type Tickets } from "./upload.ts";
import {
  currentDay,
  deliver,
  fetchReading,
  sealFor,
  type MakeLetter,
  type Reading,
} from "./visit.ts";
import {
  decodeWords,
  encodeWords,
  inspectWords,
  parseList,
  sameWord,
  type WordList,
} from "./words.ts";

const TEXT_NAME = "letter.txt";

type Start = Extract<Ask, { ask: "start" }>;

/** A letter that was begun: fixed until the draft changes, so that every attempt is the same. */
interface Parcel {
  readonly of: string;
  readonly draft: Draft;
  readonly id: Bytes;
  readonly enclosures: readonly Enclosure[];
  readonly sealed: Map<string, Bytes>;
}

/** What the worker knows, and forgets when the page goes. */
export class Session {
  private readonly tell: (message: Tell) => void;
  private readonly orgId: Bytes;
  private readonly language: string;
  private readonly lists: readonly WordList[];
  private readonly files = new Map<number, Enclosure>();
  private entropy: Bytes | null = null;
  private drawn: Bytes | null = null;
  /** The first half of the visit that is under way; none once a letter has been tried. */
  private reading: Promise<Reading> | null = null;
  private parcel: Parcel | null = null;
  private paused: { readonly go: () => void; readonly wait: Promise<void> } | null = null;

  private constructor(start: Start, lists: readonly WordList[], tell: (message: Tell) => void) {
    this.tell = tell;
    this.orgId = fromHex(start.org);
    this.language = start.language;
    this.lists = lists;
  }

  /** Fetch the page's own word list and the English one. */
  static async begin(start: Start, tell: (message: Tell) => void): Promise<Session> {
    const own = await fetchList(start.words, start.list);
    const english = start.list === start.english ? [] : [await fetchList("en", start.english)];
    return new Session(start, [own, ...english], tell);
  }

  /** Words for this stay; the same ones again, since they may be on paper already. */
  draw(): void {
    this.drawn ??= random(ENTROPY_LEN);
    this.entropy = this.drawn;
    this.show();
  }

  show(): void {
    this.tell({ tell: "words", words: encodeWords(this.words(), this.lists[0]!) });
  }

  check(text: string): void {
    this.tell({ tell: "checked", state: inspectWords(text, this.lists) });
  }

  use(text: string): void {
    // A space ends the last word: now it counts as finished.
    const state = inspectWords(`${text} `, this.lists);
    const entropy = decodeWords(text, this.lists);
    if (entropy !== null) this.entropy = entropy;
    this.tell({ tell: "used", state, sound: entropy !== null });
  }

  compare(typed: readonly (readonly [number, string])[]): void {
    const list = this.lists[0]!;
    const words = encodeWords(this.words(), list);
    const wrong = typed.find(([n, word]) => !sameWord(word, words[n - 1]!, list));
    this.tell({ tell: "compared", wrong: wrong?.[0] ?? null });
  }

  async add(id: number, file: File): Promise<void> {
    const { data, cleaning } = await cleanFile(file).catch(() => {
      throw new Trouble("file");
    });
    this.files.set(id, new Enclosure(file.name, data));
    this.tell({ tell: "file", id, size: data.size, cleaning });
  }

  remove(id: number): void {
    this.files.delete(id);
  }

  pause(paused: boolean): void {
    this.paused?.go();
    this.paused = null;
    if (!paused) return;
    let go = (): void => undefined;
    const wait = new Promise<void>((resolve) => {
      go = resolve;
    });
    this.paused = { go, wait };
  }

  /** Begin a visit, whatever it will be for; tells whether a letter would be taken today. */
  async open(): Promise<void> {
    const { keyring, today } = await this.begun();
    this.tell({ tell: "opened", refusal: refusalOf(keyring, today) });
  }

  /** Find what the board holds for these words; nothing is asked of anybody for it. */
  async look(): Promise<void> {
    await this.search(await this.begun());
  }

  /** End the visit of who only reads like that of who writes; a refusal is no error. */
  async cover(): Promise<void> {
    const make: MakeLetter = (verified) => sealFor(verified, { kind: "cover", version: 1 });
    const done = await this.begun()
      .then((reading) => this.hand(reading, make))
      .then(
        () => true,
        () => false,
      );
    this.tell({ tell: "covered", done });
  }

  /** Leave a letter; it is there for good when this is through. */
  async send(text: string, form: readonly FormAnswer[]): Promise<void> {
    const parcel = this.pack({ text: text.toWellFormed(), language: this.language, form });
    for (const enclosure of parcel.enclosures) await enclosure.prepare();
    const reading = await this.begun();
    await this.search(reading);
    await this.hand(reading, (verified, tickets) => this.makeLetter(parcel, verified, tickets));
    this.parcel = null;
    this.files.clear();
    this.tell({ tell: "finished" });
  }

  /** Keyring and board of this visit; fetched anew where there are none, or they are yesterday's. */
  private async begun(): Promise<Reading> {
    this.reading ??= fetchReading(this.orgId, this.step);
    const begun = this.reading;
    const reading = await begun.catch((error: unknown) => {
      if (this.reading === begun) this.reading = null;
      throw error;
    });
    if (reading.today === currentDay()) return reading;
    if (this.reading === begun) this.reading = null;
    return this.begun();
  }

  private async search({ board, keyring, today }: Reading): Promise<void> {
    const mailbox = await readMailbox(board, keyring.charter, this.words(), today);
    const { found, partial, damaged } = mailbox;
    this.tell({ tell: "found", found, partial: partial > 0, damaged: damaged > 0 });
  }

  /** The second half of the visit, which ends with it however it goes. */
  private hand({ keyring }: Reading, make: MakeLetter): Promise<void> {
    this.reading = null;
    return deliver(keyring, make, this.step);
  }

  private async makeLetter(
    parcel: Parcel,
    keyring: VerifiedKeyring,
    tickets: Tickets,
  ): Promise<Bytes> {
    if (parcel.enclosures.length > 0) {
      this.tell({ tell: "step", step: "files" });
      await sendChunks(
        parcel.enclosures,
        this.orgId,
        tickets,
        async () => this.paused?.wait,
        (done, total, secondsLeft) => this.tell({ tell: "progress", done, total, secondsLeft }),
      );
    }
    return this.seal(parcel, keyring);
  }

  /** The very same bytes for as long as words, charter and day stay the same. */
  private async seal(parcel: Parcel, keyring: VerifiedKeyring): Promise<Bytes> {
    const { charter, day } = keyring;
    const place = `${toHex(this.words())} ${toHex(charter.hash)} ${day}`;
    const before = parcel.sealed.get(place);
    if (before !== undefined) return before;
    const attachments = parcel.enclosures.map((enclosure) => enclosure.describe());
    const { draft, id } = parcel;
    const payload = composeLetter(draft, attachments, id, charter, this.words(), day);
    const sealed = await sealFor(keyring, payload);
    parcel.sealed.set(place, sealed);
    return sealed;
  }

  /** The parcel of the last attempt, unless the draft is another one. */
  private pack(draft: Draft): Parcel {
    const files = [...this.files].toSorted(([left], [right]) => left - right);
    const of = JSON.stringify([draft, files.map(([id]) => id)]);
    if (this.parcel?.of !== of) {
      const fitted = fit(
        draft,
        files.map(([, enclosure]) => enclosure),
      );
      this.parcel = { of, ...fitted, id: random(ID_LEN), sealed: new Map() };
    }
    return this.parcel;
  }

  private words(): Bytes {
    if (this.entropy === null) throw new Error("no words yet");
    return this.entropy;
  }

  private readonly step = (step: Step): void => this.tell({ tell: "step", step });
}

/** Why no letter would be taken, or null. */
function refusalOf(keyring: VerifiedKeyring, today: number): TroubleName | null {
  try {
    checkOpen(keyring, today);
    return null;
  } catch (error) {
    return troubleOf(error);
  }
}

/** A text that is too long for a letter goes as a file of its own. */
function fit(
  draft: Draft,
  enclosures: readonly Enclosure[],
): { draft: Draft; enclosures: readonly Enclosure[] } {
  const described = enclosures.map((enclosure) => enclosure.describe());
  if (enclosures.length > ATTACHMENTS_MAX) throw new Trouble("too-many");
  if (fits(draft, described)) return { draft, enclosures };
  const text = new Enclosure(TEXT_NAME, new Blob([bytesOf(draft.text)]));
  const short = { ...draft, text: "" };
  if (enclosures.length === ATTACHMENTS_MAX) throw new Trouble("too-many");
  if (!fits(short, [text.describe(), ...described])) throw new Trouble("too-long");
  return { draft: short, enclosures: [text, ...enclosures] };
}

async function fetchList(code: string, path: string): Promise<WordList> {
  return parseList(code, await getList(path));
}
