// The first step: a name, a passphrase, and the vault that it opens.

import { useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { said, spoken, t, type Code } from "../tongue.ts";
import { NewPassphrase } from "./new_passphrase.tsx";
import { Step } from "./steps.tsx";

interface Props {
  /** There is a database, and no header to open it by. */
  readonly lost: boolean;
  readonly onChange: () => void;
  readonly onLanguage: (code: Code) => void;
}

export function MakeVault({ lost, onChange, onLanguage }: Props) {
  const [label, setLabel] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const create = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem("");
    try {
      await api.create(label.trim(), passphrase, spoken());
      onChange();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : "");
      setBusy(false);
    }
  };
  return (
    <Step at={0} title={t("Make a desk on this computer")} onLanguage={onLanguage}>
      {lost && (
        <p class="notice care" role="alert">
          <strong>{t("There is a vault in this folder whose file vault.json is missing.")}</strong>{" "}
          {t(
            "Nobody can open it without that file. If you have a copy of it, put it back, and this " +
              "page asks for the passphrase. If you make a new desk here, the old files are set " +
              "aside, not deleted.",
          )}
        </p>
      )}
      <p>
        {t(
          "Letters, keys and drafts will be kept here in one encrypted vault. The passphrase opens " +
            "it; nobody can reset it.",
        )}
      </p>
      <form onSubmit={(event) => void create(event)}>
        <label for="label">{t("Your name, as sources and colleagues will see it")}</label>
        <input
          id="label"
          autocomplete="off"
          maxLength={40}
          value={label}
          onInput={(event) => setLabel(event.currentTarget.value)}
        />
        <NewPassphrase label={label} onReady={setPassphrase} />
        <p class="quiet">
          {t(
            "Opening the vault takes about a second on purpose, and 256 MB of memory: each guess " +
              "costs as much.",
          )}
        </p>
        {problem !== "" && <p class="wrong" role="alert">{said(problem)}</p>}
        <div class="actions">
          <button class="primary" disabled={busy || label.trim() === "" || passphrase === ""}>
            {busy ? t("Making the vault …") : t("Make the vault")}
          </button>
        </div>
      </form>
    </Step>
  );
}
