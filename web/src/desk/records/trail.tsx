// What handlers did at this desk, and whether anybody has altered it.

import { useEffect, useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { counted, mark, said, t } from "../tongue.ts";

const ACTS: Readonly<Record<string, string>> = {
  unlocked: mark("Desk unlocked"),
  opened: mark("Thread opened"),
  replied: mark("Answer written"),
  "posted-again": mark("Answer posted again"),
  noted: mark("Note written"),
  "taken-back": mark("Taken back before it was posted"),
  changed: mark("Something set on a thread"),
  exported: mark("Exported"),
  "looked-at": mark("Files looked at"),
  "backed-up": mark("Backup written"),
  rekeyed: mark("Passphrase changed"),
  "handed-out": mark("Letter handed out with its key"),
  deleted: mark("Thread deleted"),
  expired: mark("Thread deleted after its days"),
  dismissed: mark("Alarm put away"),
  released: mark("Letter let out of quarantine"),
  settled: mark("Chosen between two letters"),
  away: mark("Absence set"),
  resealed: mark("Letters passed on"),
  set: mark("Settings changed"),
};
const FIELDS: Readonly<Record<string, string>> = {
  assigned: mark("who has it"),
  closed: mark("closed or open"),
  muted: mark("muted or heard"),
  held: mark("hold"),
  "come-back": mark("day to come back"),
  "follow-up": mark("what is to be done"),
  label: mark("label"),
  "same-matter": mark("same matter"),
  translation: mark("translation"),
};
const SHOWN = 50;

export function TrailView({ version }: { readonly version: number }) {
  const [trail, setTrail] = useState<api.Trail | null>(null);
  const [all, setAll] = useState(false);
  useEffect(() => {
    api.audit().then(setTrail, () => undefined);
  }, [version]);
  if (trail === null) return null;
  const newest = [...trail.acts].reverse();
  const shown = all ? newest : newest.slice(0, SHOWN);
  return (
    <section>
      <h2>{t("What was done here")}</h2>
      {trail.broken.length > 0 ? (
        <p class="notice alarm">
          <strong>{t("Somebody has altered this list.")}</strong>{" "}
          {t("Or an older vault stands in the place of this one. Talk with your colleagues.")}
        </p>
      ) : (
        <p>{t("Nothing was altered, as far as colleagues were told. It holds no word of a letter.")}</p>
      )}
      <div class="attachments">
        <table>
          <thead>
            <tr>
              <th scope="col">{t("Time (UTC)")}</th>
              <th scope="col">{t("Act")}</th>
              <th scope="col">{t("Thread")}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((each) => (
              <tr key={each.number}>
                <td data-name={t("Time (UTC)")}>{each.time}</td>
                <td data-name={t("Act")}>
                  {said(ACTS[each.act] ?? each.act)}
                  {each.detail in FIELDS && `: ${said(FIELDS[each.detail] ?? "")}`}
                  {each.broken && <span class="wrong"> {t("altered")}</span>}
                </td>
                <td data-name={t("Thread")}>
                  {each.alias !== "" ? (
                    <span lang="en">{each.alias}</span>
                  ) : (
                    each.about !== "" && t("deleted")
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {!all && newest.length > SHOWN && (
        <button class="small" onClick={() => setAll(true)}>{t("Show all")}</button>
      )}
      {trail.told.length > 0 && (
        <p class="small-print">
          {t("Colleagues were told:")}{" "}
          {trail.told
            .map((each) => `${each.label}, ${counted("{n} act", "{n} acts", each.acts)}`)
            .join("; ")}
        </p>
      )}
    </section>
  );
}
