// A new passphrase: typed twice, judged honestly, or six words that nobody has to invent.

import { useEffect, useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { mark, said, spoken, t } from "../tongue.ts";

const JUDGE_AFTER_MS = 300;
const JUDGEMENTS: Readonly<Record<api.Strength, string>> = {
  short: mark("Too short: at least twelve characters, and better a sentence."),
  weak: mark(
    "Weak: somebody with the vault's file and some computers finds it within weeks. Take another.",
  ),
  fair: mark("Fair: it holds against most. Two words more make it strong."),
  strong: mark("Strong: guessing it is out of reach for everybody we know of."),
};

interface Props {
  readonly label: string;
  /** The passphrase once it is good enough and typed twice alike; else nothing. */
  readonly onReady: (passphrase: string) => void;
}

export function NewPassphrase({ label, onReady }: Props) {
  const [first, setFirst] = useState("");
  const [second, setSecond] = useState("");
  const [offered, setOffered] = useState("");
  const [strength, setStrength] = useState<api.Strength | "">("");
  useEffect(() => {
    setStrength("");
    if (first === "") return;
    const timer = window.setTimeout(() => {
      api.judge(first, label).then((told) => setStrength(told.strength), () => undefined);
    }, JUDGE_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, [first, label]);
  const good = strength === "fair" || strength === "strong";
  const same = first === second;
  useEffect(() => onReady(good && same ? first : ""), [good, same, first]);
  const offer = (): void => {
    api.drawPhrase(spoken()).then((drawn) => setOffered(drawn.phrase), () => undefined);
  };
  return (
    <>
      <label for="new-passphrase">{t("Passphrase")}</label>
      <input
        id="new-passphrase"
        type="password"
        autocomplete="off"
        aria-describedby="strength"
        value={first}
        onInput={(event) => setFirst(event.currentTarget.value)}
      />
      <p id="strength" role="status" class={good ? "good" : "wrong"}>
        {strength !== "" && said(JUDGEMENTS[strength])}
      </p>
      {offered === "" ? (
        <p>
          <button type="button" class="link" onClick={offer}>
            {t("Offer me six words to take")}
          </button>
        </p>
      ) : (
        <div class="notice">
          <p class="phrase" translate={false}>{offered}</p>
          <p class="quiet">
            {t(
              "Drawn by chance, of more than 70 million million million. Write them down on paper, " +
                "keep that apart from this computer, and type them above.",
            )}
          </p>
          <p>
            <button type="button" class="link" onClick={offer}>{t("Six others")}</button>
          </p>
        </div>
      )}
      <label for="new-passphrase-again">{t("The same once more")}</label>
      <input
        id="new-passphrase-again"
        type="password"
        autocomplete="off"
        aria-describedby="same"
        value={second}
        onInput={(event) => setSecond(event.currentTarget.value)}
      />
      <p id="same" role="status" class="wrong">
        {second !== "" && !same && t("These two differ.")}
      </p>
    </>
  );
}
