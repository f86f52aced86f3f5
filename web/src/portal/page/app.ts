// The page for writing and the page for reading: one panel after another.

import type { TroubleName } from "../messages.ts";
import { showAnswers } from "./answers_view.ts";
import { byId, listen, maybe, sentence } from "./dom.ts";
import { Files } from "./files.ts";
import { clearLetter, isEmpty, readLetter, watchRoom } from "./letter_form.ts";
import { closeEnvelope, hide, isShown, show, showAnswersFirst, type Panel } from "./panels.ts";
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
  private readonly page: string;
  private readonly files: Files;
  private readonly own: OwnWords;
  private visit: Visit = "sending";
  private paused = false;
  /** The letter is to go as soon as every picture has been looked at. */
  private waiting = false;

  constructor(data: DOMStringMap) {
    this.page = data["page"]!;
    this.port = new WorkerPort(data["worker"]!);
    this.files = new Files(this.port, () => this.goOn());
    this.own = new OwnWords(this.port);
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
  }

  private hear(): void {
    this.port.on("words", ({ words }) => {
      showWords(words);
      show("words");
    });
    this.port.on("compared", ({ wrong }) => (wrong === null ? this.send() : showWrong(wrong)));
    this.port.on("used", ({ state, sound }) => {
      if (!sound) return this.own.show(state, true);
      this.own.clear();
      return this.page === "read" ? this.look() : this.send();
    });
    this.port.on("step", ({ step }) => {
      showStep(byId(this.visit), step);
      if (step === "files") byId("pause").hidden = false;
      if (step === "letter") hideProgress();
    });
    this.port.on("progress", ({ done, total, secondsLeft }) => {
      if (!this.paused) showProgress(done, total, secondsLeft);
    });
    this.port.on("found", ({ found, damaged }) => {
      if (this.visit === "looking") showAnswersFirst();
      else byId("sent-answers").hidden = found.length === 0;
      showAnswers(byId(this.visit === "looking" ? "answers" : "sent"), found, damaged);
    });
    this.port.on("finished", () => this.finish());
    this.port.on("trouble", ({ trouble }) => this.fail(trouble));
  }

  private listen(): void {
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
    this.onClick("write-again", () => show("letter"));
    this.onClick("pause", () => this.togglePause());
    for (const button of document.querySelectorAll<HTMLElement>("[data-back]")) {
      listen(button, "click", () => this.back(button.dataset["back"] as Panel));
    }
    for (const button of document.querySelectorAll<HTMLElement>("[data-again]")) {
      listen(button, "click", () => (this.visit === "looking" ? this.look() : this.send()));
    }
  }

  private goOn(): void {
    if (this.waiting && !this.files.busy) this.takeLetter();
  }

  private takeLetter(): void {
    this.waiting = this.files.busy;
    if (this.waiting) return;
    if (isEmpty(readLetter()) && this.files.count === 0) return showTrouble("empty");
    if (this.page === "read") return this.send();
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
    offerAgain(panel, false);
    show(visit);
  }

  private finish(): void {
    finishSteps(byId(this.visit));
    if (this.visit === "looking") return hide("looking");
    clearLetter();
    this.files.clear();
    show("sent");
    closeEnvelope();
    // Who only wrote needs nothing more of what the worker knows.
    if (this.page === "write") this.port.end();
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
    listen(maybe(id), "submit", (event) => {
      event.preventDefault();
      act();
    });
  }

  private onClick(id: string, act: () => void): void {
    listen(maybe(id), "click", act);
  }
}

/** Put the template's content in the page; null where this page has no app. */
export function startApp(): App | null {
  const template = maybe<HTMLTemplateElement>("app");
  if (template === null) return null;
  byId("loading").replaceWith(template.content);
  return new App(template.dataset);
}
