// Texts to answer with, of this desk or of everybody.

import { useEffect, useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { said, t } from "../tongue.ts";

const NONE: api.Template = { name: "", text: "", shared: true };
const NAME_LEN_MAX = 60;

export function Texts({ version }: { readonly version: number }) {
  const [templates, setTemplates] = useState<readonly api.Template[]>([]);
  const [open, setOpen] = useState<api.Template | null>(null);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    api.templates().then((found) => setTemplates(found.templates), () => undefined);
  }, [version, asked]);
  const close = (): void => {
    setOpen(null);
    setAsked((count) => count + 1);
  };
  return (
    <section>
      <h2>{t("Texts to answer with")}</h2>
      {templates.length > 0 && (
        <ul class="plain">
          {templates.map((template) => (
            <li key={`${template.name} ${template.shared}`} class="line">
              <button class="link" onClick={() => setOpen(template)}><bdi>{template.name}</bdi></button>
              <span class="quiet">{template.shared ? t("for everybody") : t("for this desk")}</span>
            </li>
          ))}
        </ul>
      )}
      {open === null ? (
        <button class="small" onClick={() => setOpen(NONE)}>{t("Write a text…")}</button>
      ) : (
        <Editor key={open.name} template={open} onClose={close} />
      )}
    </section>
  );
}

function Editor(props: { readonly template: api.Template; readonly onClose: () => void }) {
  const [name, setName] = useState(props.template.name);
  const [text, setText] = useState(props.template.text);
  const [shared, setShared] = useState(props.template.shared);
  const [problem, setProblem] = useState("");
  const known = props.template.name !== "";
  const keep = (content: string): void => {
    api.keep({ name, text: content, shared }).then(
      props.onClose,
      (error: Error) => setProblem(error.message),
    );
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    if (name.trim() !== "" && text.trim() !== "") keep(text);
  };
  return (
    <form onSubmit={submit}>
      <label for="text-name">{t("Name")}</label>
      <input
        id="text-name"
        value={name}
        maxLength={NAME_LEN_MAX}
        disabled={known}
        dir="auto"
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <label for="text-text">{t("Text")}</label>
      <textarea
        id="text-text"
        value={text}
        dir="auto"
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={shared}
          disabled={known}
          onChange={(event) => setShared(event.currentTarget.checked)}
        />
        {t("Colleagues have it, too")}
      </label>
      {problem !== "" && <p class="notice care" role="alert">{said(problem)}</p>}
      <div class="actions">
        <button class="small">{t("Keep the text")}</button>
        {known && (
          <button type="button" class="small" onClick={() => keep("")}>{t("Take it away")}</button>
        )}
        <button type="button" class="small" onClick={props.onClose}>{t("Close")}</button>
      </div>
    </form>
  );
}
