// The second and third step: a request goes to the organisation, its charter comes back.

import { useEffect, useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { day, mark, rich, said, t, type Code } from "../tongue.ts";
import { Fingerprint } from "../fingerprint.tsx";
import { Step } from "./steps.tsx";

const UNREADABLE = mark("This file cannot be read. Choose it once more.");
const CHUNK = 8192;

interface Props {
  readonly onChange: () => void;
  readonly onLock: () => void;
  readonly onLanguage: (code: Code) => void;
}

export function Joining({ onChange, onLock, onLanguage }: Props) {
  const [charter, setCharter] = useState<{ base64: string; offer: api.Offer } | null>(null);
  if (charter !== null) {
    return (
      <Compare
        charter={charter.base64}
        offer={charter.offer}
        onChange={onChange}
        onBack={() => setCharter(null)}
        onLanguage={onLanguage}
      />
    );
  }
  return (
    <Step at={1} title={t("Ask the organisation to take you in")} onLanguage={onLanguage}>
      <Request />
      <h2>{t("When the charter has come")}</h2>
      <Charter onFound={(base64, offer) => setCharter({ base64, offer })} />
      <p class="quiet">
        {t("You can lock the desk or end the program until then. It goes on here.")}
      </p>
      <div class="actions">
        <button onClick={onLock}>{t("Lock")}</button>
      </div>
    </Step>
  );
}

function Request() {
  const [made, setMade] = useState<{ path: string; fingerprint: string } | null>(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    api.request().then(setMade, (error: Error) => setProblem(error.message));
  }, []);
  if (problem !== "") return <p class="notice care">{said(problem)}</p>;
  if (made === null) return null;
  return (
    <>
      <p>
        {rich(
          t(
            "Give this file to whoever holds the organisation's root key, by mail or on a stick. " +
              "Nothing in it is secret: {path}",
          ),
          { path: <code class="path">{made.path}</code> },
        )}
      </p>
      <p>
        {t(
          "Read this fingerprint to them as well, face to face or by telephone, so that nobody can " +
            "exchange the file on its way:",
        )}
      </p>
      <p class="address">{made.fingerprint}</p>
    </>
  );
}

function Charter({ onFound }: { readonly onFound: (base64: string, offer: api.Offer) => void }) {
  const [problem, setProblem] = useState("");
  const [over, setOver] = useState(false);
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    setProblem("");
    try {
      const base64 = encode(new Uint8Array(await file.arrayBuffer()));
      onFound(base64, await api.examine(base64));
    } catch (error) {
      setProblem(error instanceof api.Refused ? error.message : UNREADABLE);
    }
  };
  return (
    <>
      <label
        class={`drop${over ? " over" : ""}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void take(event.dataTransfer?.files[0]);
        }}
      >
        <span>{t("Drop the charter here.")}</span>
        <span class="button" aria-hidden="true">{t("Choose the charter…")}</span>
        <input
          class="unseen"
          type="file"
          id="charter"
          aria-label={t("Choose the charter…")}
          onChange={(event) => {
            void take(event.currentTarget.files?.[0]);
            event.currentTarget.value = "";
          }}
        />
      </label>
      {problem !== "" && (
        <p class="notice care" role="alert">
          {said(problem)}{" "}
          {t(
            "Perhaps it is another file. Else ask for the newest charter, made after your request " +
              "was taken.",
          )}
        </p>
      )}
    </>
  );
}

function Compare(props: {
  readonly charter: string;
  readonly offer: api.Offer;
  readonly onChange: () => void;
  readonly onBack: () => void;
  readonly onLanguage: (code: Code) => void;
}) {
  const { charter, offer } = props;
  const [problem, setProblem] = useState("");
  const join = (): void => {
    api.join(charter, offer.org_id).then(props.onChange, (e: Error) => setProblem(e.message));
  };
  return (
    <Step at={2} title={t("Is this your organisation?")} onLanguage={props.onLanguage}>
      <dl>
        <dt>{t("Organisation")}</dt>
        <dd>{offer.organisation}</dd>
        <dt>{t("You are called")}</dt>
        <dd>{offer.label}</dd>
        <dt>{t("Charter")}</dt>
        <dd>
          {t("number {serial}, until {day}", { serial: offer.serial, day: day(offer.expires) })}
        </dd>
      </dl>
      <p>
        {t(
          "Compare this fingerprint with the one that the organisation publishes. With another one " +
            "you would work for somebody else.",
        )}
      </p>
      <Fingerprint id={offer.org_id} />
      {problem !== "" && <p class="wrong" role="alert">{said(problem)}</p>}
      <div class="actions">
        <button class="primary" onClick={join}>{t("It is the same: join")}</button>
        <button onClick={props.onBack}>{t("It differs, or I am not sure")}</button>
      </div>
    </Step>
  );
}

function encode(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(text);
}
