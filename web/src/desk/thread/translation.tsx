// A text beside what a handler made of it in another language, by hand: no letter is shown to a
// translating service.

import { useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { language, said, spoken, t } from "../tongue.ts";

const OFFERED = ["en", "ru", "uk", "be", "fa", "ar", "zh-hans", "zh-hant", "ko", "tr", "es"];

interface Props {
  readonly thread: string;
  readonly entry: api.Entry;
  readonly onChange: () => void;
}

export function SideBySide({ thread, entry, onChange }: Props) {
  const [writing, setWriting] = useState("");
  const text = (
    <p class="text" lang={entry.language || undefined} dir="auto">{entry.text}</p>
  );
  return (
    <>
      {entry.translations.length === 0 && writing === "" ? (
        text
      ) : (
        <div class="side-by-side">
          {text}
          <div>
            {entry.translations.filter((made) => made.language !== writing).map((made) => (
              <section key={made.language} aria-label={language(made.language)}>
                <p class="small-print">
                  {language(made.language)}, {made.by ?? t("a colleague")}{" "}
                  <button class="link" onClick={() => setWriting(made.language)}>
                    {t("Change")}
                  </button>
                </p>
                <p class="text" lang={made.language} dir="auto">{made.text}</p>
              </section>
            ))}
            {writing !== "" && (
              <Writing
                key={writing}
                thread={thread}
                entry={entry}
                into={writing}
                onInto={setWriting}
                onDone={() => {
                  setWriting("");
                  onChange();
                }}
                onClose={() => setWriting("")}
              />
            )}
          </div>
        </div>
      )}
      {writing === "" && (
        <p class="small-print">
          <button class="link" onClick={() => setWriting(offer(entry))}>{t("Translate by hand")}</button>
        </p>
      )}
    </>
  );
}

/** The page's language, or another one than that of the letter. */
function offer(entry: api.Entry): string {
  const taken = [entry.language, ...entry.translations.map((made) => made.language)];
  return [spoken(), ...OFFERED].find((code) => !taken.includes(code)) ?? "en";
}

function Writing(props: WritingProps) {
  const { entry, into } = props;
  const [text, setText] = useState(
    entry.translations.find((made) => made.language === into)?.text ?? "",
  );
  const [problem, setProblem] = useState("");
  const keep = (event: Event): void => {
    event.preventDefault();
    api.translate(props.thread, entry.id, into, text).then(
      props.onDone,
      (error: Error) => setProblem(error.message),
    );
  };
  return (
    <form onSubmit={keep}>
      <label for={`into-${entry.id}`}>{t("Translation into")}</label>
      <select
        id={`into-${entry.id}`}
        value={into}
        onChange={(event) => props.onInto(event.currentTarget.value)}
      >
        {OFFERED.filter((code) => code !== entry.language).map((code) => (
          <option key={code} value={code}>{language(code)}</option>
        ))}
      </select>
      <textarea
        aria-label={t("Translation")}
        value={text}
        lang={into}
        dir="auto"
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <p class="small-print">{t("Colleagues see it, the source never does.")}</p>
      {problem !== "" && <p class="notice care" role="alert">{said(problem)}</p>}
      <div class="actions">
        <button class="small">{t("Keep the translation")}</button>
        <button type="button" class="small" onClick={props.onClose}>{t("Close")}</button>
      </div>
    </form>
  );
}

interface WritingProps extends Omit<Props, "onChange"> {
  readonly into: string;
  readonly onInto: (code: string) => void;
  readonly onDone: () => void;
  readonly onClose: () => void;
}
