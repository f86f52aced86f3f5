// Bars above the panes: what needs a person now, each with a next step.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

import { nextStep } from "./alarms.ts";
import * as api from "./api/index.ts";
import { useUnkept } from "./thread/drafts.ts";
import { counted, day, mark, rich, said, t } from "./tongue.ts";

interface Props {
  readonly desk: api.DeskInfo;
  readonly sync: api.SyncStatus;
  readonly overview: api.Overview | null;
  /** A part of the vault was found altered. */
  readonly damaged: boolean;
  /** The program did not answer the last time. */
  readonly silent: boolean;
  readonly onChange: () => void;
  readonly onQuarantine: () => void;
}

const EXPIRY_WARNING_DAYS = 60;
const EXPIRY_ALARM_DAYS = 14;
const ALARMS_SHOWN = 3;
const SLOW_AFTER_MS = 30_000;
const SERVER_SLOW = mark("The server answers slowly.");
const TOR_SLOW = mark("Tor takes long to connect.");
const WAITED_FOR: Readonly<Record<string, string>> = { tor: TOR_SLOW, connecting: TOR_SLOW };

export function Bars(props: Props) {
  const { desk, sync, overview, damaged, silent, onChange, onQuarantine } = props;
  const unkept = useUnkept();
  const apart = overview?.quarantine_alarms ?? 0;
  const raised = overview?.alarms ?? [];
  const warned = raised.some((alarm) => alarm.kind === "charter-ends");
  return (
    <div class="bars" role="status">
      {silent && (
        <Bar kind="alarm">
          <strong>{t("The desk does not answer.")}</strong>{" "}
          {t(
            "It may be busy, or have ended in the terminal. What you write now is not kept until " +
              "it answers again.",
          )}{" "}
          {rich(t("If this stays, start it again: {command}"), {
            command: <code>courier desk run DIR</code>,
          })}
        </Bar>
      )}
      {damaged && (
        <Bar kind="alarm">
          <strong>{t("A part of the vault cannot be read.")}</strong>{" "}
          {t(
            "The rest is shown, and nothing is synced any more. Export what you need. Then make a new " +
              "desk from your last backup (courier desk restore), or an empty one, and have it " +
              "enrolled: colleagues pass the letters on to it.",
          )}
        </Bar>
      )}
      {unkept && (
        <Bar kind="alarm">
          <strong>{t("What you wrote is not kept in the vault yet.")}</strong>{" "}
          {t(
            "It is on this page alone, and is tried again by itself. Locking the desk or closing " +
              "the page loses it.",
          )}
        </Bar>
      )}
      {apart > 0 && (
        <Bar kind="alarm">
          <strong>
            {counted(
              "Talk with your colleagues about {n} letter in quarantine.",
              "Talk with your colleagues about {n} letters in quarantine.",
              apart,
            )}
          </strong>{" "}
          {t("No honest source or colleague causes this.")}{" "}
          <button class="link" onClick={onQuarantine}>{t("Show")}</button>
        </Bar>
      )}
      {raised.slice(0, ALARMS_SHOWN).map((alarm) => (
        <Alarm key={alarm.id} alarm={alarm} onChange={onChange} />
      ))}
      {raised.length > ALARMS_SHOWN && (
        <Bar kind="alarm">
          {counted(
            "{n} alarm more, behind these.",
            "{n} alarms more, behind these.",
            raised.length - ALARMS_SHOWN,
          )}
        </Bar>
      )}
      {!damaged && <SyncProblems sync={sync} />}
      {!warned && desk.expires_in_days <= EXPIRY_WARNING_DAYS && (
        <Bar kind={desk.expires_in_days <= EXPIRY_ALARM_DAYS ? "alarm" : "care"}>
          <strong>{t("The charter ends on {day}.", { day: day(desk.expires) })}</strong>{" "}
          {t("After that nobody can write. Ask whoever holds the root key to renew it.")}
        </Bar>
      )}
    </div>
  );
}

function Alarm(props: { readonly alarm: api.AlarmRow; readonly onChange: () => void }) {
  const { alarm, onChange } = props;
  return (
    <Bar kind="alarm">
      <strong>{said(alarm.sentence)}</strong> {day(alarm.date)}
      {alarm.details.length > 0 && `: ${alarm.details.join(", ")}`}. {nextStep(alarm.kind)}{" "}
      <button class="link" onClick={() => void api.dismiss(alarm.id).then(onChange, onChange)}>
        {t("Put away")}
      </button>
    </Bar>
  );
}

/** Whether a sync has come no further for so long that a person wonders. */
function useSlow(sync: api.SyncStatus): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    setSlow(false);
    if (!sync.running) return;
    const timer = window.setTimeout(() => setSlow(true), SLOW_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, [sync.running, sync.step, sync.done]);
  return slow && sync.running;
}

function SyncProblems({ sync }: { readonly sync: api.SyncStatus }) {
  const slow = useSlow(sync);
  return (
    <>
      {slow && (
        <Bar kind="care">
          <strong>{said(WAITED_FOR[sync.step] ?? SERVER_SLOW)}</strong>{" "}
          {t("Go on working meanwhile. Stop breaks the sync off, and loses nothing.")}
        </Bar>
      )}
      {sync.problem !== "" && (
        <Bar kind="care">
          <strong>{t("The last sync did not finish.")}</strong> {said(sync.problem)}{" "}
          {said(sync.remedy)} {t("Nothing is lost; the next sync goes on where this one stopped.")}
        </Bar>
      )}
      {(sync.report?.troubles ?? []).map((trouble) => (
        <Bar kind="care" key={trouble}>
          <strong>{said(trouble)}</strong>{" "}
          {t("Everything else was synced. If this stays, tell your operator.")}
        </Bar>
      ))}
    </>
  );
}

function Bar(props: { readonly kind: "alarm" | "care"; readonly children: ComponentChildren }) {
  return <p class={`notice ${props.kind}`}>{props.children}</p>;
}
