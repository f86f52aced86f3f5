// The third pane: all that is known about a thread and is not in it, a section for each concept.

import type { DeskInfo, Thread } from "../api/index.ts";
import { t } from "../tongue.ts";
import { About } from "./about.tsx";
import { Ending } from "./ending.tsx";
import { ExportCase } from "./export_case.tsx";
import { History } from "./history.tsx";
import { Promises } from "./promises.tsx";
import { SameMatter } from "./same.tsx";
import { Team } from "./team.tsx";

/** A thread that waits to be marked as the same matter as another. */
export interface Held {
  readonly thread: string;
  readonly alias: string;
}
/** The field that a key asked for; asked for again it is another one. */
export interface Wanted {
  readonly field: "assign" | "label";
}

export interface MatterProps {
  readonly desk: DeskInfo;
  readonly thread: Thread;
  readonly wanted: Wanted | null;
  readonly held: Held | null;
  readonly onHold: (held: Held | null) => void;
  readonly onOpen: (thread: string) => void;
  readonly onDeleted: () => void;
  /** Something was changed here: the page asks again. */
  readonly onChange: () => void;
}

export function Matter(props: MatterProps) {
  return (
    <aside class="matter" aria-label={t("About this thread")}>
      <Team {...props} />
      <Promises {...props} />
      <SameMatter {...props} />
      <About {...props} />
      <ExportCase {...props} />
      <History {...props} />
      <Ending {...props} />
    </aside>
  );
}
