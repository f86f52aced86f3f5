// What every thread has: its days, its language, what is in it, who answered.

import { counted, day, language, listed, t } from "../tongue.ts";
import type { MatterProps } from "./matter.tsx";
import { Section } from "./section.tsx";

export function About({ desk, thread: { row } }: MatterProps) {
  const inIt = [
    counted("{n} letter", "{n} letters", row.letters),
    counted("{n} answer", "{n} answers", row.replies),
    counted("{n} note", "{n} notes", row.notes),
    counted("{n} file", "{n} files", row.attachments),
  ];
  return (
    <Section title={t("About this thread")}>
      <dl>
        <dt>{t("First letter")}</dt>
        <dd>{day(row.first_date)}</dd>
        <dt>{t("Last change")}</dt>
        <dd>{day(row.last_date)}</dd>
        <dt>{t("Language of the portal's pages")}</dt>
        <dd>{language(row.language)}</dd>
        <dt>{t("In it")}</dt>
        <dd>{inIt.join(", ")}</dd>
        <dt>{t("Answered by")}</dt>
        <dd>{row.answered_by.length > 0 ? listed(row.answered_by) : t("nobody yet")}</dd>
        <dt>{t("Id")}</dt>
        <dd class="hex">{row.thread.slice(0, 8)}</dd>
      </dl>
      <p class="quiet">
        {t(
          "{organisation} calls this source by two words that mean nothing. When the source last " +
            "read is not known to anybody.",
          { organisation: desk.organisation },
        )}
      </p>
    </Section>
  );
}
