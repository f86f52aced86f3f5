// The third pane: all that is known about a thread and is not in it, a section for each concept.

import type { DeskInfo, Thread } from "../api/index.ts";
import { t } from "../tongue.ts";
import { About } from "./about.tsx";
import { ExportCase } from "./export_case.tsx";

export interface MatterProps {
  readonly desk: DeskInfo;
  readonly thread: Thread;
  /** Something was changed here: the page asks again. */
  readonly onChange: () => void;
}

export function Matter(props: MatterProps) {
  return (
    <aside class="matter" aria-label={t("About this thread")}>
      <About {...props} />
      <ExportCase {...props} />
    </aside>
  );
}
