// The box for an answer or a note: measured and kept while one types, sent on purpose only.

import { useEffect, useRef, useState } from "preact/hooks";

import * as api from "./api.ts";
import { counted, language, time } from "./words.ts";

const KEEP_AFTER_MS = 400;

interface Props {
  readonly kind: api.Kind;
  readonly row: api.ThreadRow;
  readonly draft: string;
  readonly nextSync: number;
  readonly onSent: () => void;
  readonly onClose: () => void;
}

export function Composer({ kind, row, draft, nextSync, onSent, onClose }: Props) {
  const [text, setText] = useState(draft);
  const [cells, setCells] = useState<{ cells: number; cells_max: number } | null>(null);
  const [kept, setKept] = useState(draft);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const latest = useRef({ text, kept, sent: false });
  latest.current = { ...latest.current, text, kept };
  const code = row.language || "en";
  useEffect(() => {
    field.current?.focus();
    field.current?.scrollIntoView({ block: "nearest" });
    return () => {
      const { text: last, kept: before, sent } = latest.current;
      if (!sent && last !== before) {
        api.keepDraft(row.thread, kind, last, code).catch(() => undefined);
      }
    };
  }, []);
  useEffect(() => {
    const timer = window.setTimeout(() => {
      api.keepDraft(row.thread, kind, text, code).then(
        (measured) => {
          setCells(measured);
          setKept(text);
          setProblem("");
        },
        (error: Error) => setProblem(error.message),
      );
    }, KEEP_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, [text]);
  const tooLong = kind === "reply" && cells?.cells === 0;
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (text.trim() === "" || busy) return;
    setBusy(true);
    try {
      await api.write(row.thread, kind, text, code);
      latest.current.sent = true;
      onSent();
    } catch (error) {
      setProblem(error instanceof Error ? `${error.message} Your text is kept.` : "");
      setBusy(false);
    }
  };
  const close = async (): Promise<void> => {
    await api.keepDraft(row.thread, kind, text, code).catch(() => undefined);
    latest.current = { ...latest.current, kept: text };
    onClose();
  };
  const when = nextSync > 0 ? `at about ${time(nextSync)}` : "at the next sync";
  return (
    <form class={`composer ${kind}`} onSubmit={(event) => void send(event)}>
      <label for="writing">
        {kind === "reply" ? `Answer to ${row.alias}` : "Note for colleagues"}
      </label>
      <p class="quiet">
        {kind === "reply"
          ? `The source reads this on the portal, in ${language(code)}. It is posted ${when} and stays for 30 to 44 days.`
          : "Only handlers of your organisation see this. The source never does."}
      </p>
      <textarea
        id="writing"
        ref={field}
        value={text}
        lang={code}
        dir="auto"
        aria-describedby="measure"
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <p id="measure" class={`count${tooLong ? " wrong" : ""}`} role="status">
        {measure(kind, text, cells, tooLong)}
        {text !== "" && (kept === text ? " Kept in the vault." : " …")}
      </p>
      {problem !== "" && <p class="notice care" role="alert">{problem}</p>}
      <div class="actions">
        <button class="primary" disabled={busy || tooLong || text.trim() === ""}>
          {kind === "reply" ? "Seal the answer" : "Seal the note"}
        </button>
        <button type="button" onClick={() => void close()}>Close, keep the draft</button>
      </div>
    </form>
  );
}

function measure(
  kind: api.Kind,
  text: string,
  cells: { cells: number; cells_max: number } | null,
  tooLong: boolean,
): string {
  if (kind === "note" || text === "" || cells === null) return "";
  if (tooLong) return `Too long: an answer has at most ${cells.cells_max} cells. Send two.`;
  return `${counted(cells.cells, "cell")} of ${cells.cells_max}.`;
}
