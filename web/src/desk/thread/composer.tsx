// The box for an answer or a note: measured and kept while one types, sent on purpose only.

import { useEffect, useRef, useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { counted, language, moment, said, t } from "../tongue.ts";
import { keepDraft, sentDraft, unkeptText, useUnkept } from "./drafts.ts";
import { Insert } from "./insert.tsx";

const KEEP_AFTER_MS = 400;

interface Props {
  readonly kind: api.Kind;
  readonly row: api.ThreadRow;
  readonly draft: string;
  readonly onSent: () => void;
  readonly onClose: () => void;
}

export function Composer({ kind, row, draft, onSent, onClose }: Props) {
  const [text, setText] = useState(unkeptText(row.thread, kind) ?? draft);
  const [cells, setCells] = useState<api.Measured | null>(null);
  const [kept, setKept] = useState(draft);
  const [problem, setProblem] = useState<api.Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const latest = useRef({ text, kept, sent: false });
  latest.current = { ...latest.current, text, kept };
  const code = row.language || "en";
  useEffect(() => {
    form.current?.scrollIntoView({ block: "end" });
    field.current?.focus();
    return () => {
      const { text: last, kept: before, sent } = latest.current;
      if (!sent && last !== before) keep(last).catch(() => undefined);
    };
  }, []);
  const keep = (last: string): Promise<api.Measured> =>
    keepDraft({ thread: row.thread, kind, text: last, code });
  const waits = useUnkept();
  useEffect(() => {
    const timer = window.setTimeout(() => {
      keep(text).then(
        (measured) => {
          setCells(measured);
          setKept(text);
          setProblem(null);
        },
        (error: unknown) => setProblem(api.problemOf(error)),
      );
    }, KEEP_AFTER_MS);
    return () => window.clearTimeout(timer);
    // What waited and was taken meanwhile is measured, too.
  }, [text, waits]);
  const tooLong = kind === "reply" && cells?.cells === 0;
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (text.trim() === "" || busy) return;
    setBusy(true);
    try {
      await api.write(row.thread, kind, text, code);
      latest.current.sent = true;
      sentDraft(row.thread, kind);
      onSent();
    } catch (error) {
      setProblem(api.problemOf(error));
      setBusy(false);
    }
  };
  const close = async (): Promise<void> => {
    try {
      await keep(text);
      latest.current = { ...latest.current, kept: text };
      onClose();
    } catch (error) {
      setProblem(api.problemOf(error));
    }
  };
  return (
    <form ref={form} class={`composer ${kind}`} onSubmit={(event) => void send(event)}>
      <label for="writing">
        {kind === "reply" ? t("Answer to {alias}", { alias: row.alias }) : t("Note for colleagues")}
      </label>
      <p class="quiet">{audience(kind, code)}</p>
      {kind === "reply" && (
        <Insert
          thread={row.thread}
          code={code}
          comeBack={row.team.come_back}
          onInsert={(more) => setText((before) => (before === "" ? more : `${before}\n\n${more}`))}
        />
      )}
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
        {measure(kind, text, cells)}
        {text !== "" && ` ${kept === text ? t("Kept in the vault.") : "…"}`}
      </p>
      {problem && (
        <p class="notice care" role="alert">
          <strong>{said(problem.sentence)}</strong> {said(problem.remedy)}{" "}
          {kept === text && !waits
            ? t("Your text is kept.")
            : t("Your text is on this page alone until then; it is tried again by itself.")}
        </p>
      )}
      <div class="actions">
        <button class="primary" disabled={busy || tooLong || text.trim() === ""}>
          {kind === "reply" ? t("Seal the answer") : t("Seal the note")}
        </button>
        <button type="button" onClick={() => void close()}>{t("Close, keep the draft")}</button>
      </div>
    </form>
  );
}

/** Who reads this, and in which language. */
function audience(kind: api.Kind, code: string): string {
  if (kind === "note") {
    return t("Only handlers of your organisation see this. The source never does.");
  }
  const reads = t("The source reads this on the portal, whose pages were in {language}.", {
    language: language(code),
  });
  return `${reads} ${t("It stays on the board for 30 to 44 days.")}`;
}

function measure(kind: api.Kind, text: string, cells: api.Measured | null): string {
  if (kind === "note" || text === "" || cells === null) return "";
  const max = { max: cells.cells_max };
  if (cells.cells === 0) return t("Too long: an answer has at most {max} cells. Send two.", max);
  const taken = counted("{n} cell of {max}.", "{n} cells of {max}.", cells.cells, max);
  if (cells.posting_at === null) return taken;
  const goes = t("It goes by {when}, while the desk is on.", { when: moment(cells.posting_at) });
  return `${taken} ${goes}`;
}
