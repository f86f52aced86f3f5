// Who takes care of a thread, its labels, and how it stands; every colleague's desk shows the same.

import { useEffect, useRef, useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { day, said, t } from "../tongue.ts";
import type { MatterProps } from "./matter.tsx";
import { Section } from "./section.tsx";

const LABEL_LEN_MAX = 40;

export function Team({ thread: { row }, wanted, onChange }: MatterProps) {
  const { team } = row;
  const [who, setWho] = useState<api.Who>({ handlers: [], labels: [] });
  const [problem, setProblem] = useState("");
  const chooser = useRef<HTMLSelectElement>(null);
  useEffect(() => {
    api.who().then(setWho, () => undefined);
  }, [team.labels.join()]);
  useEffect(() => {
    if (wanted?.field === "assign") chooser.current?.focus();
  }, [wanted]);
  const act = (asked: Promise<object>): void => {
    asked.then(
      () => {
        setProblem("");
        onChange();
      },
      (error: Error) => setProblem(error.message),
    );
  };
  const turn = (what: api.Turn, on: boolean): void => act(api.turn(row.thread, what, on));
  return (
    <Section title={t("Team")}>
      <label for="assign">{t("Who has it")}</label>
      <select
        id="assign"
        ref={chooser}
        value={team.assigned ?? ""}
        aria-keyshortcuts="a"
        onChange={(event) => act(api.assign(row.thread, event.currentTarget.value || null))}
      >
        <option value="">{t("nobody")}</option>
        {who.handlers.map((name) => (
          <option key={name} value={name}>{name}</option>
        ))}
        {team.assigned !== null && !who.handlers.includes(team.assigned) && (
          <option value={team.assigned}>{team.assigned}</option>
        )}
      </select>
      <Labels
        labels={team.labels}
        known={who.labels}
        wanted={wanted}
        onLabel={(word, on) => act(api.label(row.thread, word, on))}
      />
      {problem !== "" && <p class="notice care" role="alert">{said(problem)}</p>}
      <div class="turns">
        <button class="small" onClick={() => turn("closed", team.closed === "")}>
          {team.closed === "" ? t("Close the thread") : t("Open it again")}
        </button>
        <button class="small" onClick={() => turn("muted", !team.muted)}>
          {team.muted ? t("Hear it again") : t("Mute")}
        </button>
        <button class="small" onClick={() => turn("held", !team.held)}>
          {team.held ? t("Lift the hold") : t("Put on hold")}
        </button>
      </div>
      <Standing team={team} />
    </Section>
  );
}

function Standing({ team }: { readonly team: api.ThreadTeam }) {
  return (
    <>
      {team.closed !== "" && (
        <p class="small-print">
          {t("Closed on {day}. A letter of a later day opens it again.", { day: day(team.closed) })}
        </p>
      )}
      {team.muted && (
        <p class="small-print">
          {t("Muted: its letters are kept, and ask for no attention.")}
        </p>
      )}
      {team.held && (
        <p class="small-print">{t("On hold: no desk deletes it.")}</p>
      )}
    </>
  );
}

function Labels(props: {
  readonly labels: readonly string[];
  readonly known: readonly string[];
  readonly wanted: MatterProps["wanted"];
  readonly onLabel: (word: string, on: boolean) => void;
}) {
  const [word, setWord] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (props.wanted?.field === "label") field.current?.focus();
  }, [props.wanted]);
  const add = (event: Event): void => {
    event.preventDefault();
    if (word.trim() !== "") props.onLabel(word, true);
    setWord("");
  };
  return (
    <form class="labels" onSubmit={add}>
      <label for="label">{t("Labels")}</label>
      {props.labels.length > 0 && (
        <ul>
          {props.labels.map((each) => (
            <li key={each} class="label">
              <bdi>{each}</bdi>
              <button
                type="button"
                class="link"
                aria-label={t("Take off {label}", { label: each })}
                onClick={() => props.onLabel(each, false)}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="together">
        <input
          id="label"
          ref={field}
          value={word}
          list="known-labels"
          dir="auto"
          maxLength={LABEL_LEN_MAX}
          autocomplete="off"
          aria-keyshortcuts="l"
          onInput={(event) => setWord(event.currentTarget.value)}
        />
        <button class="small">{t("Put on")}</button>
      </div>
      <datalist id="known-labels">
        {props.known.filter((each) => !props.labels.includes(each)).map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </form>
  );
}
