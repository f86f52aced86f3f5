// The worker: takes what the page asks in turn, tells what came of it, and never touches the page.

import type { Ask, Tell } from "../messages.ts";
import { Session } from "./session.ts";
import { troubleOf } from "./trouble.ts";

let starting: Promise<Session> | null = null;

function tell(message: Tell): void {
  postMessage(message);
}

async function answer(ask: Ask): Promise<void> {
  if (ask.ask === "start") {
    starting = Session.begin(ask, tell);
    return (await starting).open();
  }
  const session = await starting;
  if (session === null) throw new Error("asked before the start");
  switch (ask.ask) {
    case "open":
      return session.open();
    case "draw":
      return session.draw();
    case "show":
      return session.show();
    case "check":
      return session.check(ask.text);
    case "use":
      return session.use(ask.text);
    case "compare":
      return session.compare(ask.typed);
    case "add":
      return session.add(ask.id, ask.file);
    case "remove":
      return session.remove(ask.id);
    case "pause":
      return session.pause(ask.paused);
    case "send":
      return session.send(ask.text, ask.form);
    case "look":
      return session.look();
    case "cover":
      return session.cover();
  }
}

addEventListener("message", ({ data }: MessageEvent<Ask>) => {
  answer(data).catch((error: unknown) => tell({ tell: "trouble", trouble: troubleOf(error) }));
});
