// Bars above the panes: what needs a person now, each with a next step.

import type { ComponentChildren } from "preact";

import { nextStep } from "./alarms.ts";
import * as api from "./api/index.ts";
import { counted, day, said, t } from "./tongue.ts";

interface Props {
  readonly desk: api.DeskInfo;
  readonly sync: api.SyncStatus;
  readonly overview: api.Overview | null;
  /** The program did not answer the last time. */
  readonly silent: boolean;
  readonly onChange: () => void;
  readonly onQuarantine: () => void;
}

const EXPIRY_WARNING_DAYS = 60;
const EXPIRY_ALARM_DAYS = 14;
const ALARMS_SHOWN = 3;

export function Bars({ desk, sync, overview, silent, onChange, onQuarantine }: Props) {
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
      <SyncProblems sync={sync} />
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

function SyncProblems({ sync }: { readonly sync: api.SyncStatus }) {
  return (
    <>
      {sync.problem !== "" && (
        <Bar kind="care">
          <strong>{t("The last sync did not finish.")}</strong> {said(sync.problem)}{" "}
          {t("Nothing is lost; the next sync goes on where this one stopped.")}
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
