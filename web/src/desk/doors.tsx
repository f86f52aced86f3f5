// Before the desk is open: locked, without a session, without an organisation.

import { useEffect, useRef, useState } from "preact/hooks";

import * as api from "./api/index.ts";
import { LanguageSwitch } from "./switch.tsx";
import { counted, rich, said, t, type Code } from "./tongue.ts";

export function Gone({ kind }: { readonly kind: "session" | "silent" }) {
  useEffect(() => {
    // The new address was put into this same tab: to a browser only its fragment has changed.
    const again = (): void => window.location.reload();
    window.addEventListener("hashchange", again);
    return () => window.removeEventListener("hashchange", again);
  }, []);
  return (
    <main class="alone">
      <div class="flap" aria-hidden="true" />
      {kind === "session" ? (
        <>
          <h1>{t("This page needs a new address")}</h1>
          <p>
            {t(
              "An address is good for one time, and a page that was reloaded or replaced by " +
                "another has no key to the desk any more. What you had written is kept in the vault.",
            )}
          </p>
          <p>{t("Press Enter in the terminal where the desk runs. It shows a new address.")}</p>
        </>
      ) : (
        <>
          <h1>{t("The desk does not answer")}</h1>
          <p>
            {t(
              "The program behind this page has ended, or is busy for a moment. What you had " +
                "written until then is kept in the vault.",
            )}
          </p>
          <p>
            {rich(t("If this stays, start it again: {command}"), {
              command: <code>courier desk run DIR</code>,
            })}
          </p>
          <p>{t("It opens a new page, and this one can be closed.")}</p>
        </>
      )}
    </main>
  );
}

export function Locked(props: {
  readonly state: Extract<api.State, { readonly locked: true }>;
  readonly onOpen: () => void;
  readonly onLanguage: (code: Code) => void;
}) {
  const [problem, setProblem] = useState<api.Problem & { readonly wrong: boolean } | null>(null);
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const wait = Math.ceil(props.state.wait_s);
  useEffect(() => field.current?.focus(), []);
  const open = async (event: Event): Promise<void> => {
    event.preventDefault();
    const passphrase = field.current?.value ?? "";
    if (passphrase === "" || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await api.unlock(passphrase);
    } catch (error) {
      const wrong = error instanceof api.Refused && (error.status === 403 || error.status === 429);
      setProblem({ ...api.problemOf(error), wrong });
    }
    if (field.current) field.current.value = "";
    setBusy(false);
    field.current?.focus();
    props.onOpen();
  };
  return (
    <main class="alone">
      <div class="flap closed" aria-hidden="true" />
      <h1>{t("The desk is locked")}</h1>
      {problem && !problem.wrong && (
        <p class="notice care" role="alert">
          <strong>{said(problem.sentence)}</strong> {said(problem.remedy)}
        </p>
      )}
      {props.state.broke && (
        <p class="notice care">
          <strong>{t("The program ended by itself, and is locked now.")}</strong>{" "}
          {t("What was kept in the vault is whole. Open the desk and go on.")}
        </p>
      )}
      <form onSubmit={(event) => void open(event)}>
        <label for="passphrase">{t("Passphrase")}</label>
        <input
          id="passphrase"
          type="password"
          autocomplete="off"
          ref={field}
          aria-describedby="passphrase-told"
        />
        <p id="passphrase-told" class="wrong" role="alert">
          {problem?.wrong && `${said(problem.sentence)} ${said(problem.remedy)}`}
          {wait > 0 && ` ${counted("Try again in {n} second.", "Try again in {n} seconds.", wait)}`}
        </p>
        <div class="actions">
          <button class="primary" disabled={busy || wait > 0}>
            {busy ? t("Opening …") : t("Open the desk")}
          </button>
        </div>
      </form>
      <p class="quiet">
        {t(
          "Letters, keys and drafts are encrypted in the vault on this computer. Nobody can reset " +
            "the passphrase.",
        )}
      </p>
      <LanguageSwitch onChoose={props.onLanguage} />
    </main>
  );
}
