// What this desk keeps to: by when to acknowledge and answer, and how long closed threads stay.

import { useEffect, useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { mark, said, t } from "../tongue.ts";

const FIELDS: readonly (readonly [keyof api.Settings, string])[] = [
  ["acknowledge_days", mark("Acknowledge a letter within")],
  ["acknowledge_alert", mark("warn after")],
  ["feedback_days", mark("Give feedback within")],
  ["feedback_alert", mark("warn after")],
  ["retention_days", mark("Delete a closed thread after")],
];
const DAYS_MAX = 3650;

export function Promised() {
  const [values, setValues] = useState<api.Settings | null>(null);
  const [told, setTold] = useState("");
  useEffect(() => {
    api.settings().then(setValues, () => undefined);
  }, []);
  if (values === null) return null;
  const save = (event: Event): void => {
    event.preventDefault();
    api.set(values).then(
      (now) => {
        setValues(now);
        setTold(mark("Kept."));
      },
      (error: Error) => setTold(error.message),
    );
  };
  return (
    <section>
      <h2>{t("Promises and deleting")}</h2>
      <p>
        {t(
          "In days. They are this desk's alone: agree on them with your colleagues. 0 days of " +
            "deleting means never; a thread on hold is kept in any case.",
        )}
      </p>
      <form class="days" onSubmit={save}>
        {FIELDS.map(([name, label]) => (
          <p key={name}>
            <label for={name}>{said(label)}</label>
            <input
              id={name}
              type="number"
              min={0}
              max={DAYS_MAX}
              required
              value={values[name]}
              onInput={(event) => {
                setTold("");
                setValues({ ...values, [name]: Number(event.currentTarget.value) });
              }}
            />
          </p>
        ))}
        <div class="actions">
          <button>{t("Keep to this")}</button>
          <span role="status" class="quiet">{said(told)}</span>
        </div>
      </form>
    </section>
  );
}
