// How far an export has come, asked for while it is written and takes longer than a moment.

import { useEffect, useState } from "preact/hooks";

import * as api from "./api/index.ts";
import { number, t } from "./tongue.ts";

const EVERY_MS = 1000;

export function Writing() {
  const [seen, setSeen] = useState({ done: 0, total: 0 });
  useEffect(() => {
    const look = (): void => void api.progress().then(setSeen, () => undefined);
    const timer = window.setInterval(look, EVERY_MS);
    return () => window.clearInterval(timer);
  }, []);
  const percent = seen.total > 0 ? Math.floor((100 * seen.done) / seen.total) : 0;
  return (
    <p class="quiet" role="status">
      {percent > 0 ? t("Writing… {percent} %", { percent: number(percent) }) : t("Writing…")}
    </p>
  );
}
