// The twelve words: shown once, typed back, or typed in. They stay in the page no longer than
// they are looked at.

import type { WordsState } from "../messages.ts";
import { byId, listen, sentence } from "./dom.ts";
import type { WorkerPort } from "./worker_port.ts";

const WORD_COUNT = 12;
const ASKED = 3;

/** Show the words in their numbered grid. */
export function showWords(words: readonly string[]): void {
  const items = words.map((word) => {
    const item = document.createElement("li");
    const text = document.createElement("span");
    text.textContent = word;
    item.append(text);
    return item;
  });
  byId("word-list").replaceChildren(...items);
}

/** Take them out of the page. */
export function clearWords(): void {
  document.getElementById("word-list")?.replaceChildren();
}

/** Fields for three of the words, in order, drawn anew. */
export function askForThree(): void {
  const fields = byId("typed-fields");
  const order = Array.from({ length: WORD_COUNT }, (_, i) => i + 1);
  const keys = crypto.getRandomValues(new Uint32Array(WORD_COUNT));
  const drawn = order.sort((left, right) => keys[left - 1]! - keys[right - 1]!).slice(0, ASKED);
  fields.replaceChildren(...drawn.sort((left, right) => left - right).map(typedField));
  byId("typed-wrong").textContent = "";
}

function typedField(n: number): HTMLElement {
  const fields = byId("typed-fields");
  const field = document.createElement("div");
  field.className = "field";
  const label = document.createElement("label");
  label.htmlFor = `typed-${n}`;
  label.textContent = sentence(fields, "label", { n });
  const input = document.createElement("input");
  input.type = "text";
  input.id = label.htmlFor;
  input.dir = "ltr";
  input.autocomplete = "off";
  input.spellcheck = false;
  input.autocapitalize = "none";
  input.setAttribute("aria-describedby", "typed-wrong");
  input.dataset["n"] = String(n);
  field.append(label, input);
  return field;
}

/** What was typed, by the number of the word. */
export function typedWords(): (readonly [number, string])[] {
  const inputs = byId("typed-fields").querySelectorAll("input");
  return Array.from(inputs, (input) => [Number(input.dataset["n"]), input.value] as const);
}

/** Say which of the three is different, and lead there. */
export function showWrong(n: number): void {
  const place = byId("typed-wrong");
  place.textContent = sentence(place, "wrong", { n });
  byId(`typed-${n}`).focus();
}

export function clearTyped(): void {
  document.getElementById("typed-fields")?.replaceChildren();
}

/** The box for words one already has: says what is wrong while one types. */
export class OwnWords {
  private readonly box = byId<HTMLTextAreaElement>("own");
  private readonly state = byId("own-state");
  private readonly wrong = byId("own-wrong");

  constructor(port: WorkerPort) {
    listen(this.box, "input", () => port.ask({ ask: "check", text: this.box.value }));
    port.on("checked", ({ state }) => this.show(state));
  }

  get text(): string {
    return this.box.value;
  }

  clear(): void {
    this.box.value = "";
    this.state.textContent = "";
    this.wrong.textContent = "";
    this.box.removeAttribute("aria-invalid");
  }

  /** What is known while the words are typed; when they are handed in, also that some lack. */
  show(state: WordsState, handedIn = false): void {
    const { count } = state;
    const many = count > WORD_COUNT;
    this.state.textContent =
      count === 0 ? "" : sentence(this.state, many ? "many" : "count", { n: count });
    this.wrong.textContent = this.complaint(state, handedIn);
    this.box.toggleAttribute("aria-invalid", this.wrong.textContent !== "");
    if (handedIn) this.box.focus();
  }

  private complaint({ count, unknown, checksum, digits }: WordsState, handedIn: boolean): string {
    if (digits) return sentence(this.wrong, "receipt");
    if (unknown !== null) {
      const which = sentence(this.wrong, "unknown", { n: unknown.position, word: unknown.word });
      // Nothing known at all looks like another language.
      return unknown.position === 1 ? `${which} ${sentence(this.wrong, "language")}` : which;
    }
    if (!checksum) return sentence(this.wrong, "checksum");
    return handedIn && count !== WORD_COUNT ? sentence(this.wrong, "few", { n: count }) : "";
  }
}
