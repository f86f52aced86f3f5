// Which step of a first run this is; each can be left, and the desk goes on there.

import type { ComponentChildren } from "preact";

import { mark, said, t, type Code } from "../tongue.ts";
import { LanguageSwitch } from "../switch.tsx";

const STEPS = [mark("Passphrase"), mark("Request"), mark("Charter"), mark("First sync")];

export function Step(props: {
  /** From 0. */
  readonly at: number;
  readonly title: string;
  readonly onLanguage: (code: Code) => void;
  readonly children: ComponentChildren;
}) {
  return (
    <main class="arriving">
      <ol class="steps" aria-label={t("Setting up this desk")}>
        {STEPS.map((name, index) => (
          <li
            key={name}
            class={index < props.at ? "done" : ""}
            aria-current={index === props.at ? "step" : undefined}
          >
            {said(name)}
          </li>
        ))}
      </ol>
      <h1>{props.title}</h1>
      {props.children}
      <LanguageSwitch onChoose={props.onLanguage} />
    </main>
  );
}
