// A word on the desktop when something is new: that it is, and nothing of what.

import { useEffect, useRef } from "preact/hooks";

import { t } from "./tongue.ts";

const AGAIN_MS = 60_000;

export type Permission = NotificationPermission | "none";

export function permission(): Permission {
  return "Notification" in window ? Notification.permission : "none";
}

export async function askPermission(): Promise<Permission> {
  return "Notification" in window ? Notification.requestPermission() : "none";
}

/** Tell when a count has grown while nobody looks at the page; null: not known yet. */
export function useNotices(count: number | null): void {
  const before = useRef<number | null>(null);
  const last = useRef(0);
  useEffect(() => {
    const grown = count !== null && before.current !== null && count > before.current;
    before.current = count;
    if (!grown || !document.hidden || permission() !== "granted") return;
    if (Date.now() - last.current < AGAIN_MS) return;
    last.current = Date.now();
    const notice = new Notification(t("There is something new at the desk"), { tag: "desk" });
    notice.onclick = () => {
      window.focus();
      notice.close();
    };
  }, [count]);
}
