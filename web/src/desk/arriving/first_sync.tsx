// The last step: the desk meets its server, and says how far it is and what to do if it cannot.

import * as api from "../api/index.ts";
import { said, t, type Code } from "../tongue.ts";
import { SyncBar } from "../sync_bar.tsx";
import { Step } from "./steps.tsx";

interface Props {
  readonly desk: api.DeskInfo;
  readonly sync: api.SyncStatus;
  readonly onChange: () => void;
  readonly onLanguage: (code: Code) => void;
}

export function FirstSync({ desk, sync, onChange, onLanguage }: Props) {
  const done = sync.finished > 0 && sync.problem === "";
  const go = (): void => void api.arrived().then(onChange, onChange);
  return (
    <Step
      at={3}
      title={t("Welcome to {organisation}", { organisation: desk.organisation })}
      onLanguage={onLanguage}
    >
      <p>
        {t(
          "The desk signs in at the server over Tor and fetches what is there. The first time that " +
            "can take some minutes.",
        )}
      </p>
      <div class="notice">
        <SyncBar sync={sync} onChange={onChange} />
      </div>
      {sync.problem !== "" && (
        <p class="notice care" role="alert">
          <strong>{said(sync.problem)}</strong>{" "}
          {t(
            "The desk tries again by itself. If this stays, ask the operator whether the server " +
              "has the charter that names you.",
          )}
        </p>
      )}
      {done && (
        <p>
          {t(
            "From today on sources seal their letters to you as well. What came before, your " +
              "colleagues can pass on.",
          )}
        </p>
      )}
      <div class="actions">
        <button class={done ? "primary" : ""} onClick={go}>
          {done ? t("Go to the desk") : t("Go to the desk meanwhile")}
        </button>
      </div>
    </Step>
  );
}
