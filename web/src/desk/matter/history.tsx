// Who set what on a thread, the newest first.

import type { TeamAct } from "../api/index.ts";
import { day, language, t } from "../tongue.ts";
import type { MatterProps } from "./matter.tsx";
import { Section } from "./section.tsx";

export function History({ thread: { acts } }: MatterProps) {
  if (acts.length === 0) return null;
  return (
    <Section title={t("What was set")}>
      <ul class="plain history">
        {acts.map((act, index) => (
          <li key={index}>
            <bdi>{sentence(act)}</bdi>
            <span class="quiet">
              {act.by ?? t("a colleague")}, {day(act.date)}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function sentence(act: TeamAct): string {
  const on = act.value !== "";
  switch (act.field) {
    case "assigned":
      return on ? t("Given to {name}", { name: act.value }) : t("Given to nobody");
    case "closed":
      return on ? t("Thread closed") : t("Thread opened again");
    case "muted":
      return on ? t("Thread muted") : t("Thread heard again");
    case "held":
      return on ? t("Placed on hold") : t("Taken off hold");
    case "label":
      return on ? t("Label put on: {label}", { label: act.item }) : t("Label taken off: {label}", { label: act.item });
    case "same-matter":
      return on ? t("Marked as the same matter") : t("Taken apart");
    case "come-back":
      return on ? t("Asked to come back by {day}", { day: day(act.value) }) : t("No day to come back");
    case "follow-up":
      return on ? t("To be done on {day}", { day: day(act.value.slice(0, 10)) }) : t("Done");
    case "translation": {
      const into = { language: language(act.item.slice(33)) };
      return on ? t("Translated into {language}", into) : t("Translation taken away");
    }
    default:
      return act.field;
  }
}
