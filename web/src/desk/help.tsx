// All keys on one sheet.

import { useEffect, useRef } from "preact/hooks";

import { KEYS } from "./keys.ts";
import { said, t } from "./tongue.ts";

export function Help({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="keys">
      <h2 id="keys">{t("Keys")}</h2>
      <dl>
        {KEYS.map((each) => (
          <>
            <dt key={each.shown}><kbd>{each.shown}</kbd></dt>
            <dd>{said(each.meaning)}</dd>
          </>
        ))}
      </dl>
      <div class="actions">
        <button class="primary" onClick={() => dialog.current?.close()}>{t("Close")}</button>
      </div>
    </dialog>
  );
}
