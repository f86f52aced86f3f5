// What is owed to the source, until when it was asked to come back, and what is to be done.

import { useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { day, said, t } from "../tongue.ts";
import type { MatterProps } from "./matter.tsx";
import { Section } from "./section.tsx";

export function Promises({ thread: { row }, onChange }: MatterProps) {
  const { team } = row;
  const [date, setDate] = useState(team.follow_up_date);
  const [text, setText] = useState(team.follow_up);
  const [problem, setProblem] = useState("");
  const act = (asked: Promise<object>): void => {
    asked.then(onChange, (error: Error) => setProblem(error.message));
  };
  const note = (event: Event): void => {
    event.preventDefault();
    if (date !== "") act(api.followUp(row.thread, date, text));
  };
  const done = (): void => {
    setDate("");
    setText("");
    act(api.followUp(row.thread, "", ""));
  };
  return (
    <Section title={t("What is owed")}>
      <p><Owed team={team} /></p>
      {team.come_back !== "" && (
        <p>
          {t("The source was asked to come back by {day}.", { day: day(team.come_back) })}{" "}
          <button class="link" onClick={() => act(api.comeBack(row.thread, ""))}>
            {t("Take back")}
          </button>
        </p>
      )}
      <form onSubmit={note}>
        <label for="follow-up">{t("To be done")}</label>
        <input
          id="follow-up"
          value={text}
          dir="auto"
          maxLength={200}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <label for="follow-up-day">{t("On")}</label>
        <input
          id="follow-up-day"
          type="date"
          value={date}
          onInput={(event) => setDate(event.currentTarget.value)}
        />
        <div class="turns">
          <button class="small" disabled={date === ""}>{t("Note it")}</button>
          {team.follow_up_date !== "" && (
            <button type="button" class="small" onClick={done}>{t("Done")}</button>
          )}
        </div>
      </form>
      {team.follow_up_due && (
        <p class="notice care">{t("This is to be done now.")}</p>
      )}
      {problem !== "" && <p class="notice care" role="alert">{said(problem)}</p>}
    </Section>
  );
}

function Owed({ team }: { readonly team: api.ThreadTeam }) {
  const { due } = team;
  if (due === null) return <span class="quiet">{t("Nothing is owed.")}</span>;
  const until = { day: day(due.date) };
  const kept = due.state === "later" ? "" : "owed";
  if (due.state === "overdue") {
    return (
      <strong class="owed">
        {due.kind === "acknowledge"
          ? t("An acknowledgement was promised by {day}.", until)
          : t("Feedback was promised by {day}.", until)}
      </strong>
    );
  }
  return (
    <span class={kept}>
      {due.kind === "acknowledge"
        ? t("An acknowledgement by {day}: it goes out by itself once the letter was opened.", until)
        : t("Feedback by {day}.", until)}
    </span>
  );
}
