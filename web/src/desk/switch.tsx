// The page's language, chosen here; the vault remembers it, the browser does not.

import { LANGUAGES, isLanguage, spoken, t, type Code } from "./tongue.ts";

export function LanguageSwitch({ onChoose }: { readonly onChoose: (code: Code) => void }) {
  return (
    <label class="language">
      <span class="unseen">{t("Language of this page")}</span>
      <select
        value={spoken()}
        onChange={(event) => {
          const code = event.currentTarget.value;
          if (isLanguage(code)) onChoose(code);
        }}
      >
        {Object.entries(LANGUAGES).map(([code, name]) => (
          <option key={code} value={code} lang={code}>{name}</option>
        ))}
      </select>
    </label>
  );
}
