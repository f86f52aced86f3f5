// Letters that were set aside, and why; what can be read of them is shown as text.

import { useEffect, useState } from "preact/hooks";

import * as api from "./api/index.ts";
import { counted, day, rich, said, t } from "./tongue.ts";

/** Kept apart for its day or its number alone; a person may know what the desk cannot. */
const RELEASABLE: readonly string[] = ["seen-late", "too-many", "thread-full"];

interface Props {
  readonly version: number;
  readonly onChange: () => void;
}

export function Quarantine({ version, onChange }: Props) {
  const [found, setFound] = useState<api.SetAside>({ letters: [], more: 0 });
  useEffect(() => {
    api.quarantine().then(setFound, () => undefined);
  }, [version]);
  return (
    <div class="column">
      <h1>{t("Quarantine")}</h1>
      <p>
        {rich(
          t(
            "These letters were not filed. Nothing is thrown away, and none of them stops the " +
              "others. The ones marked {alarm} need a talk with your colleagues: no honest party " +
              "causes them.",
          ),
          { alarm: <span class="wrong">{t("alarm")}</span> },
        )}
      </p>
      {found.letters.map((row) => (
        <section key={row.letter} class={`entry set-aside${row.alarm ? " alarming" : ""}`}>
          <header>
            <h2>
              {row.alarm && <span class="wrong">{t("Alarm")} · </span>}
              {row.by === null
                ? day(row.date)
                : t("{day}, signed by {name}", { day: day(row.date), name: row.by })}
            </h2>
            <p class="quiet hex">{row.letter.slice(0, 8)}</p>
          </header>
          <p>{said(row.sentence)}</p>
          {RELEASABLE.includes(row.reason) && <Release letter={row.letter} onChange={onChange} />}
          {row.text !== null && row.text !== "" && (
            <details>
              <summary>{t("What can be read of it")}</summary>
              <p class="text" dir="auto">{row.text}</p>
            </details>
          )}
        </section>
      ))}
      {found.more > 0 && (
        <p class="quiet">
          {counted(
            "{n} older letter was set aside for the same reasons and is not listed here.",
            "{n} older letters were set aside for the same reasons and are not listed here.",
            found.more,
          )}
        </p>
      )}
    </div>
  );
}

function Release(props: { readonly letter: string; readonly onChange: () => void }) {
  const [told, setTold] = useState("");
  const release = (): void => {
    api.release(props.letter).then(
      ({ stays }) => (stays === "" ? props.onChange() : setTold(stays)),
      (error: Error) => setTold(error.message),
    );
  };
  return (
    <div class="actions">
      <button class="small" onClick={release}>{t("I know that it is genuine: release it")}</button>
      {told !== "" && <p class="wrong" role="alert">{said(told)}</p>}
    </div>
  );
}
