// Letters that were set aside, and why; what can be read of them is shown as text.

import type { QuarantineRow } from "./api.ts";
import { day } from "./words.ts";

export function Quarantine({ rows }: { readonly rows: readonly QuarantineRow[] }) {
  return (
    <div class="column">
      <h1>Quarantine</h1>
      <p>
        These letters were not filed. Nothing is thrown away, and none of them stops the others. The
        ones marked <span class="wrong">alarm</span> need a talk with your colleagues: no honest
        party causes them.
      </p>
      {rows.map((row) => (
        <section key={row.letter} class={`entry set-aside${row.alarm ? " alarming" : ""}`}>
          <header>
            <h2>
              {row.alarm && <span class="wrong">Alarm · </span>}
              {day(row.date)}
              {row.by !== null && `, signed by ${row.by}`}
            </h2>
            <p class="quiet hex">{row.letter.slice(0, 8)}</p>
          </header>
          <p>{row.sentence}</p>
          {row.text !== null && row.text !== "" && (
            <details>
              <summary>What can be read of it</summary>
              <p class="text" dir="auto">{row.text}</p>
            </details>
          )}
        </section>
      ))}
    </div>
  );
}
