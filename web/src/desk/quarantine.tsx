// Letters that were set aside, and why; what can be read of them is shown as text.

import { useEffect, useState } from "preact/hooks";

import * as api from "./api/index.ts";
import { day, rich, said, t } from "./tongue.ts";

/** Kept apart for its day alone; a person may know what the desk cannot. */
const RELEASABLE = "seen-late";

interface Props {
  readonly version: number;
  readonly onChange: () => void;
}

export function Quarantine({ version, onChange }: Props) {
  const [rows, setRows] = useState<readonly api.QuarantineRow[]>([]);
  useEffect(() => {
    api.quarantine().then((found) => setRows(found.letters), () => undefined);
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
      {rows.map((row) => (
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
          {row.reason === RELEASABLE && <Release letter={row.letter} onChange={onChange} />}
          {row.text !== null && row.text !== "" && (
            <details>
              <summary>{t("What can be read of it")}</summary>
              <p class="text" dir="auto">{row.text}</p>
            </details>
          )}
        </section>
      ))}
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
