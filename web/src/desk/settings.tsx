// How this desk is kept: notices, another passphrase, a backup.

import { useEffect, useRef, useState } from "preact/hooks";

import * as api from "./api/index.ts";
import { NewPassphrase } from "./arriving/new_passphrase.tsx";
import { askPermission, permission } from "./notices.ts";
import { LanguageSwitch } from "./switch.tsx";
import { rich, said, spoken, t, type Code } from "./tongue.ts";

interface Props {
  readonly label: string;
  readonly onLanguage: (code: Code) => void;
  readonly onClose: () => void;
  /** The passphrase was changed, and the desk is locked. */
  readonly onLocked: () => void;
}

export function Settings({ label, onLanguage, onClose, onLocked }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="settings" onClose={onClose} aria-labelledby="settings">
      <h2 id="settings">{t("Settings")}</h2>
      <section>
        <h3>{t("Language")}</h3>
        <LanguageSwitch onChoose={onLanguage} />
      </section>
      <Notices />
      <Backup />
      <Passphrase label={label} onLocked={onLocked} />
      <div class="actions">
        <button class="primary" onClick={() => dialog.current?.close()}>{t("Close")}</button>
      </div>
    </dialog>
  );
}

function Notices() {
  const [given, setGiven] = useState(permission());
  return (
    <section>
      <h3>{t("Notices on the desktop")}</h3>
      <p class="quiet">
        {t("They say that something is new at the desk, and nothing of what or from whom.")}
      </p>
      {given === "granted" && <p class="good">{t("They are shown while this page is hidden.")}</p>}
      {given === "denied" && <p>{t("This browser has been told not to show any.")}</p>}
      {given === "default" && (
        <button class="small" onClick={() => void askPermission().then(setGiven)}>
          {t("Ask the browser to show them")}
        </button>
      )}
    </section>
  );
}

function Backup() {
  const field = useRef<HTMLInputElement>(null);
  const [words, setWords] = useState(false);
  const [made, setMade] = useState<{ path: string; words: string } | null>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const write = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem("");
    try {
      setMade(await api.backUp(field.current?.value ?? "", words ? spoken() : ""));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : "");
    }
    if (field.current) field.current.value = "";
    setBusy(false);
  };
  if (made !== null) {
    return (
      <section>
        <h3>{t("Backup")}</h3>
        <p role="status">
          {rich(t("Saved as {path}"), { path: <code class="path">{made.path}</code> })}
        </p>
        {made.words !== "" && (
          <>
            <p>{t("These words open it. They are shown this once; write them on paper:")}</p>
            <p class="phrase" translate={false}>{made.words}</p>
          </>
        )}
        <p>{t("Carry it to a place where a fire or a search does not take both.")}</p>
      </section>
    );
  }
  return (
    <form onSubmit={(event) => void write(event)}>
      <h3>{t("Backup")}</h3>
      <p class="quiet">
        {t(
          "Threads, notes, labels, drafts and files. No key of this device is in it: what is restored " +
            "is a new device, which has to be enrolled.",
        )}
      </p>
      <label for="backup-passphrase">{t("Passphrase")}</label>
      <input id="backup-passphrase" type="password" autocomplete="off" ref={field} />
      <label class="choice">
        <input
          type="checkbox"
          checked={words}
          onChange={(event) => setWords(event.currentTarget.checked)}
        />{" "}
        {t("Seal it under six new words for paper, not under the passphrase")}
      </label>
      {problem !== "" && <p class="wrong" role="alert">{said(problem)}</p>}
      <div class="actions">
        <button class="small" disabled={busy}>
          {busy ? t("Writing …") : t("Write a backup")}
        </button>
      </div>
    </form>
  );
}

function Passphrase({ label, onLocked }: { readonly label: string; readonly onLocked: () => void }) {
  const [open, setOpen] = useState(false);
  const [fresh, setFresh] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const old = useRef<HTMLInputElement>(null);
  const change = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem("");
    try {
      await api.changePassphrase(old.current?.value ?? "", fresh);
      onLocked();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : "");
      setBusy(false);
    }
  };
  if (!open) {
    return (
      <section>
        <h3>{t("Passphrase")}</h3>
        <button class="small" onClick={() => setOpen(true)}>{t("Change the passphrase…")}</button>
      </section>
    );
  }
  return (
    <form onSubmit={(event) => void change(event)}>
      <h3>{t("Passphrase")}</h3>
      <label for="old-passphrase">{t("The passphrase until now")}</label>
      <input id="old-passphrase" type="password" autocomplete="off" ref={old} />
      <NewPassphrase label={label} onReady={setFresh} />
      <p class="quiet">
        {t(
          "The vault is encrypted anew under another key. Then the desk is locked, and the new " +
            "passphrase opens it. Backups that were made before keep the old one.",
        )}
      </p>
      {problem !== "" && <p class="wrong" role="alert">{said(problem)}</p>}
      <div class="actions">
        <button class="small" disabled={busy || fresh === ""}>
          {busy ? t("Changing …") : t("Change it and lock")}
        </button>
      </div>
    </form>
  );
}
