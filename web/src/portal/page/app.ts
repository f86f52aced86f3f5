// The letterbox: one page for writing and reading, one panel after another.

import type { Step, TroubleName } from "../messages.ts";
import { showAnswers } from "./answers_view.ts";
import { Cover } from "./cover.ts";
import { byId, listen, sentence } from "./dom.ts";
import { Files } from "./files.ts";
import { clearLetter, isEmpty, knowWords, readLetter, watchRoom } from "./letter_form.ts";
import { closeEnvelope, fit, isShown, show, type Panel, type Purpose } from "./panels.ts";
import {
  finishSteps,
  hideProgress,
  offerAgain,
  resetSteps,
  showProgress,
  showStep,
} from "./steps.ts";
import { showTrouble } from "./trouble_view.ts";
import {
  OwnWords,
  askForThree,
  clearTyped,
  clearWords,
  showWords,
  showWrong,
  typedWords,
} from "./words_view.ts";
import { WorkerPort } from "./worker_port.ts";

type Visit = "looking" | "sending";

/** The app of this page, once its template stands in the page. */
export class App {
  readonly port: WorkerPort;
  private readonly files: Files;
  private readonly own: OwnWords;
  private readonly cover: Cover;
  private purpose: Purpose = "write";
  private visit: Visit = "sending";
  private step: Step = "keyring";
  /** Words were typed in: the next letter needs none shown. */
  private known = false;
  /** Why no letter would be taken today. */
  private refusal: TroubleName | null = null;
  private paused = false;
  /** The letter is to go as soon as every picture has been looked at. */
  private waiting = false;

  constructor(data: DOMStringMap) {
    this.port = new WorkerPort(data["worker"]!);
    this.files = new Files(this.port, () => this.goOn());
    this.own = new OwnWords(this.port);
    this.cover = new Cover(this.port);
    this.port.ask({
      ask: "start",
      org: data["org"]!,
      language: data["language"]!,
      words: data["words"]!,
      list: data["list"]!,
      english: data["english"]!,
    });
    watchRoom();
    this.hear();
    this.listen();
    this.chooseByAddress();
  }

  private hear(): void {
    this.port.on("opened", ({ refusal }) => {
      this.refusal = refusal;
      this.warn();
    });
    this.port.on("words", ({ words }) => {
      showWords(words);
      show("words");
    });
    this.port.on("compared", ({ wrong }) => (wrong === null ? this.send() : showWrong(wrong)));
    this.port.on("used", ({ state, sound }) => {
      if (!sound) return this.own.show(state, true);
      this.own.clear();
      return this.purpose === "read" ? this.look() : this.send();
    });
    this.port.on("step", ({ step }) => this.showStep(step));
    this.port.on("progress", ({ done, total, secondsLeft }) => {
      if (!this.paused) showProgress(done, total, secondsLeft);
    });
    this.port.on("found", (told) => {
      const looking = this.visit === "looking";
      if (looking) this.showFound();
      else byId("sent-answers").hidden = told.found.length === 0;
      showAnswers(byId(looking ? "answers" : "sent"), told);
    });
    this.port.on("finished", () => this.finish());
    this.port.on("trouble", ({ trouble }) => this.fail(trouble));
  }

  private listen(): void {
    for (const link of document.querySelectorAll<HTMLAnchorElement>("footer a[href*='#']")) {
      listen(link, "click", (event) => this.chooseByLink(event, link));
    }
    for (const button of document.querySelectorAll<HTMLElement>("[data-choose]")) {
      listen(button, "click", () => this.choose(button.dataset["choose"] as Purpose));
    }
    this.onSubmit("letter", () => this.takeLetter());
    this.onSubmit("ask", () => this.port.ask({ ask: "use", text: this.own.text }));
    this.onSubmit("typed", () => this.port.ask({ ask: "compare", typed: typedWords() }));
    this.onClick("written", () => {
      clearWords();
      askForThree();
      show("typed");
    });
    this.onClick("have-words", () => {
      clearWords();
      show("ask");
    });
    this.onClick("write-again", () => this.writeAgain());
    this.onClick("pause", () => this.togglePause());
    for (const button of document.querySelectorAll<HTMLElement>("[data-back]")) {
      listen(button, "click", () => this.back(button.dataset["back"] as Panel));
    }
    for (const button of document.querySelectorAll<HTMLElement>("[data-again]")) {
      listen(button, "click", () => (this.visit === "looking" ? this.look() : this.send()));
    }
  }

  /** Other pages' links name the purpose behind a #, which no server is told. */
  private chooseByAddress(): void {
    const purpose = location.hash.slice(1);
    if (purpose === "write" || purpose === "read") this.choose(purpose);
  }

  /** This page's own links lead nowhere: a browser asks for its icon again on the way. */
  private chooseByLink(event: Event, link: HTMLAnchorElement): void {
    if (isShown("sent")) return;
    event.preventDefault();
    if (!isShown("looking") && !isShown("sending")) this.choose(link.hash.slice(1) as Purpose);
  }

  private choose(purpose: Purpose): void {
    this.purpose = purpose;
    this.known = false;
    this.cover.stop();
    clearTyped();
    clearWords();
    this.own.clear();
    byId("title").textContent = sentence(byId("title"), purpose);
    fit("ask", purpose);
    knowWords(false);
    show(purpose === "write" ? "letter" : "ask");
    this.warn();
  }

  private writeAgain(): void {
    const again = this.cover.spent;
    this.cover.stop();
    this.known = true;
    this.purpose = "write";
    byId("title").textContent = sentence(byId("title"), "again");
    knowWords(true);
    show("letter");
    this.warn();
    // Its one letter has gone: what comes now is another visit, from its beginning.
    if (again) this.port.ask({ ask: "open" });
  }

  /** Who is about to write learns before it that nobody would read. */
  private warn(): void {
    if (this.refusal !== null && isShown("letter")) showTrouble(this.refusal);
  }

  private showStep(step: Step): void {
    this.step = step;
    showStep(byId(this.visit), step);
    if (step === "files") byId("pause").hidden = false;
    if (step === "letter") hideProgress();
  }

  private showFound(): void {
    finishSteps(byId("looking"));
    show("answers");
    this.cover.arm(this.refusal === null);
  }

  private goOn(): void {
    if (this.waiting && !this.files.busy) this.takeLetter();
  }

  private takeLetter(): void {
    this.waiting = this.files.busy;
    if (this.waiting) return;
    if (isEmpty(readLetter()) && this.files.count === 0) return showTrouble("empty");
    if (this.known) return this.send();
    return this.port.ask({ ask: "draw" });
  }

  private back(panel: Panel): void {
    clearTyped();
    clearWords();
    this.own.clear();
    if (panel === "words") return this.port.ask({ ask: "show" });
    return show(panel);
  }

  private look(): void {
    this.begin("looking");
    this.port.ask({ ask: "look" });
  }

  private send(): void {
    clearTyped();
    clearWords();
    this.begin("sending");
    hideProgress();
    this.port.ask({ ask: "send", ...readLetter() });
  }

  private begin(visit: Visit): void {
    this.visit = visit;
    const panel = byId(visit);
    resetSteps(panel, this.files.count > 0);
    showStep(panel, this.step);
    offerAgain(panel, false);
    show(visit);
  }

  private finish(): void {
    finishSteps(byId("sending"));
    clearLetter();
    this.files.clear();
    show("sent");
    closeEnvelope();
    // Nothing more is needed of what the worker knows.
    this.port.end();
  }

  private fail(trouble: TroubleName): void {
    hideProgress();
    if (isShown(this.visit)) offerAgain(byId(this.visit), true);
    showTrouble(trouble);
  }

  private togglePause(): void {
    this.paused = !this.paused;
    const button = byId("pause");
    const line = byId("files-left");
    button.textContent = sentence(button, this.paused ? "resume" : "pause");
    line.hidden = !this.paused;
    if (this.paused) line.textContent = sentence(line, "paused");
    this.port.ask({ ask: "pause", paused: this.paused });
  }

  private onSubmit(id: string, act: () => void): void {
    listen(byId(id), "submit", (event) => {
      event.preventDefault();
      act();
    });
  }

  private onClick(id: string, act: () => void): void {
    listen(byId(id), "click", act);
  }
}

/** Put the template's content in the page; null where this page has no app. */
export function startApp(): App | null {
  const template = document.getElementById("app") as HTMLTemplateElement | null;
  if (template === null) return null;
  byId("loading").replaceWith(template.content);
  return new App(template.dataset);
}
