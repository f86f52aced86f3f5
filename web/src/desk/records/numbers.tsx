// Letters by month as bars, each with its number; small numbers are not shown to anybody.

import { useEffect, useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { month, number, t } from "../tongue.ts";

export function Numbers({ version }: { readonly version: number }) {
  const [found, setFound] = useState<{ months: readonly api.Month[]; smallest: number } | null>(null);
  useEffect(() => {
    api.statistics().then(setFound, () => undefined);
  }, [version]);
  const months = found?.months ?? [];
  const most = Math.max(1, ...months.map((each) => each.letters ?? 0));
  const few = { number: found?.smallest ?? 0 };
  return (
    <section>
      <h2>{t("Letters by month")}</h2>
      {months.length === 0 ? (
        <p class="quiet">{t("No letters yet.")}</p>
      ) : (
        <div class="attachments">
          <table class="chart">
            <thead>
              <tr>
                <th scope="col">{t("Month")}</th>
                <th scope="col">{t("Letters")}</th>
                <th scope="col">{t("Answered")}</th>
                <th scope="col">{t("Opened")}</th>
                <th scope="col">{t("Days until opened")}</th>
              </tr>
            </thead>
            <tbody>
              {months.map((each) => (
                <tr key={each.month}>
                  <th scope="row">{month(each.month)}</th>
                  <td data-name={t("Letters")} class="bar">
                    {each.letters === null ? (
                      <span class="quiet">{t("fewer than {number}", few)}</span>
                    ) : (
                      <>
                        <span
                          class="length"
                          aria-hidden="true"
                          style={{ inlineSize: `${(100 * each.letters) / most}%` }}
                        />
                        {number(each.letters)}
                      </>
                    )}
                  </td>
                  <Part name={t("Answered")} value={each.answered} />
                  <Part name={t("Opened")} value={each.opened} />
                  <Part
                    name={t("Days until opened")}
                    value={each.days_to_open === null ? null : each.days_to_open / 10}
                  />
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p class="small-print">
        {t(
          "A number below {number} is not shown, nor one that would give it away: it could point " +
            "to a person. Deleted threads are counted on.",
          few,
        )}
      </p>
    </section>
  );
}

function Part({ name, value }: { readonly name: string; readonly value: number | null }) {
  return (
    <td data-name={name}>
      {value === null ? <span class="quiet">{t("not shown")}</span> : number(value)}
    </td>
  );
}
