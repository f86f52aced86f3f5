// What stands where no thread is open: nothing left to read, or no letter yet.

import type { DeskInfo, SyncStatus } from "./api/index.ts";
import { Fingerprint } from "./fingerprint.tsx";
import { counted, rich, t } from "./tongue.ts";

export function Nothing({ unread }: { readonly unread: number }) {
  return (
    <div class="nothing">
      <h1>
        {unread > 0
          ? counted("{n} thread not read yet", "{n} threads not read yet", unread)
          : t("Everything is read")}
      </h1>
      <p class="quiet">
        {rich(t("Choose a letter, or press {j}. All keys: {help}"), {
          j: <kbd>j</kbd>,
          help: <kbd>?</kbd>,
        })}
      </p>
    </div>
  );
}

export function Empty({ desk, sync }: { readonly desk: DeskInfo; readonly sync: SyncStatus }) {
  return (
    <div class="column">
      <div class="flap" aria-hidden="true" />
      <h1>{t("No letters yet")}</h1>
      <p>
        {t(
          "Somebody writes on your portal. Their letter is sealed in their own browser, to every " +
            "handler's key of the day. Your desk fetches it at the next sync and opens it here.",
        )}
      </p>
      <h2>{t("Your portal")}</h2>
      <p class="address">{desk.portal}</p>
      <p>
        {t(
          "People open this address in Tor Browser. Publish it together with the fingerprint of " +
            "the organisation, on paper or on a site that people trust:",
        )}
      </p>
      <Fingerprint id={desk.org_id} />
      <div class="actions">
        <button onClick={() => window.print()}>{t("Print a card…")}</button>
      </div>
      <Card desk={desk} />
      <p class="quiet">
        {sync.finished > 0
          ? t("The letterbox was emptied; it was empty.")
          : t("The letterbox has not been emptied yet since the desk was opened.")}
      </p>
    </div>
  );
}

/** What is on paper when the page is printed, and is not on the screen. */
function Card({ desk }: { readonly desk: DeskInfo }) {
  return (
    <section class="card" aria-hidden="true">
      <div class="flap" />
      <h2>{desk.organisation}</h2>
      <p>{t("Write to us, and read our answers, in Tor Browser at:")}</p>
      <p class="address">{desk.portal}</p>
      <p>{t("The page there shows this fingerprint. With another one it is not us:")}</p>
      <Fingerprint id={desk.org_id} />
    </section>
  );
}
