// What can be put into an answer: a text that was kept, and a day by which to come back.

import { useEffect, useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { said, t } from "../tongue.ts";

/** In the language of the source, since the source reads it. */
const COME_BACK: Readonly<Record<string, string>> = {
  en: "Please come back here by {day}.",
  ru: "Пожалуйста, зайдите сюда снова не позже {day}.",
  uk: "Будь ласка, зайдіть сюди знову не пізніше {day}.",
  be: "Калі ласка, зайдзіце сюды зноў не пазней за {day}.",
  fa: "لطفاً تا {day} دوباره به اینجا سر بزنید.",
  ar: "يُرجى العودة إلى هنا في موعد أقصاه {day}.",
  "zh-hans": "请在{day}或之前再来这里查看。",
  "zh-hant": "請在{day}或之前再來這裡查看。",
  ko: "{day}까지 여기에 다시 들러 주세요.",
  tr: "Lütfen en geç {day} tarihinde buraya yeniden gelin.",
  es: "Por favor, vuelva aquí a más tardar el {day}.",
};

interface Props {
  readonly thread: string;
  readonly code: string;
  readonly comeBack: string;
  readonly onInsert: (text: string) => void;
}

export function Insert({ thread, code, comeBack, onInsert }: Props) {
  const [templates, setTemplates] = useState<readonly api.Template[]>([]);
  const [day, setDay] = useState(comeBack);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    api.templates().then((found) => setTemplates(found.templates), () => undefined);
  }, []);
  const ask = (): void => {
    api.comeBack(thread, day).then(
      () => onInsert(sentence(code, day)),
      (error: Error) => setProblem(error.message),
    );
  };
  return (
    <div class="insert">
      {templates.length > 0 && (
        <div>
          <label for="template">{t("A kept text")}</label>
          <select
            id="template"
            value=""
            onChange={(event) => {
              const chosen = templates[Number(event.currentTarget.value)];
              if (chosen) onInsert(chosen.text);
              event.currentTarget.value = "";
            }}
          >
            <option value="">{t("Put in …")}</option>
            {templates.map((template, index) => (
              <option key={index} value={index}>{template.name}</option>
            ))}
          </select>
        </div>
      )}
      <div>
        <label for="come-back">{t("Ask to come back by")}</label>
        <div class="together">
          <input
            id="come-back"
            type="date"
            value={day}
            onInput={(event) => setDay(event.currentTarget.value)}
          />
          <button type="button" class="small" disabled={day === ""} onClick={ask}>
            {t("Put in")}
          </button>
        </div>
      </div>
      {problem !== "" && <p class="notice care" role="alert">{said(problem)}</p>}
    </div>
  );
}

function sentence(code: string, iso: string): string {
  const known = code in COME_BACK ? code : "en";
  const format = new Intl.DateTimeFormat(known === "en" ? "en-GB" : known, {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
  // Some languages end a year with a word of its own, and the sentence has its full stop.
  const day = format.format(new Date(`${iso}T00:00:00Z`)).replace(/\s*[гр]\.$/u, "");
  return (COME_BACK[known] ?? "").replace("{day}", day);
}
