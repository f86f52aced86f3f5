// All keys on one sheet.

import { useEffect, useRef } from "preact/hooks";

const KEYS = [
  ["j", "the next thread"],
  ["k", "the thread before"],
  ["Enter", "open the row that has the focus"],
  ["r", "answer"],
  ["n", "note for colleagues"],
  ["s", "sync now"],
  ["Shift L", "lock the desk"],
  ["Esc", "leave the box, then the thread"],
  ["?", "this sheet"],
] as const;

export function Help({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="keys">
      <h2 id="keys">Keys</h2>
      <dl>
        {KEYS.map(([key, meaning]) => (
          <>
            <dt key={key}><kbd>{key}</kbd></dt>
            <dd>{meaning}</dd>
          </>
        ))}
      </dl>
      <div class="actions">
        <button class="primary" onClick={() => dialog.current?.close()}>Close</button>
      </div>
    </dialog>
  );
}
