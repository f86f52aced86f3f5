// Threads about the same matter: they stay apart, and know of each other.

import { useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { said, t } from "../tongue.ts";
import type { MatterProps } from "./matter.tsx";
import { Section } from "./section.tsx";

export function SameMatter({ thread: { row }, held, onHold, onOpen, onChange }: MatterProps) {
  const [problem, setProblem] = useState("");
  const link = (other: string, same: boolean): void => {
    api.same(row.thread, other, same).then(
      () => {
        onHold(null);
        onChange();
      },
      (error: Error) => setProblem(error.message),
    );
  };
  const another = held !== null && held.thread !== row.thread ? held : null;
  return (
    <Section title={t("Same matter")}>
      {row.matters.length > 0 && (
        <ul class="plain">
          {row.matters.map((other) => (
            <li key={other.thread} class="line">
              <button class="link alias" lang="en" onClick={() => onOpen(other.thread)}>
                {other.alias}
              </button>
              <button class="link quiet" onClick={() => link(other.thread, false)}>
                {t("Take apart")}
              </button>
            </li>
          ))}
        </ul>
      )}
      {another ? (
        <button class="small" onClick={() => link(another.thread, true)}>
          {t("Same matter as {alias}", { alias: another.alias })}
        </button>
      ) : held !== null ? (
        <p class="small-print">
          {t("Now open the other thread, and mark it there.")}{" "}
          <button class="link" onClick={() => onHold(null)}>{t("Never mind")}</button>
        </p>
      ) : (
        <button class="small" onClick={() => onHold({ thread: row.thread, alias: row.alias })}>
          {t("Mark with another thread…")}
        </button>
      )}
      {problem !== "" && <p class="notice care" role="alert">{said(problem)}</p>}
    </Section>
  );
}
