// The list of threads in windows, what stands above it, and what was set aside.

import { ask } from "./ask.ts";
import type { ThreadTeam } from "./team.ts";

export interface ThreadRow {
  readonly thread: string;
  readonly alias: string;
  readonly letters: number;
  readonly replies: number;
  readonly notes: number;
  readonly attachments: number;
  readonly unread: number;
  readonly language: string;
  readonly first_date: string;
  readonly last_date: string;
  readonly answered_by: readonly string[];
  readonly preview: string;
  readonly disputed: boolean;
  readonly draft: boolean;
  readonly team: ThreadTeam;
  readonly matters: readonly { readonly thread: string; readonly alias: string }[];
}

export interface Filter {
  readonly show:
    | "open"
    | "all"
    | "unread"
    | "unanswered"
    | "due"
    | "overdue"
    | "mine"
    | "drafts"
    | "disputed"
    | "closed"
    | "muted"
    | "held";
  readonly language: string;
  readonly label: string;
}

export interface Window {
  readonly total: number;
  readonly rows: readonly ThreadRow[];
}

export interface AlarmRow {
  readonly id: number;
  readonly kind: string;
  readonly date: string;
  readonly sentence: string;
  readonly details: readonly string[];
}

export interface Overview {
  readonly threads: number;
  readonly unread: number;
  readonly overdue: number;
  readonly labels: readonly string[];
  readonly languages: readonly string[];
  readonly quarantine: number;
  readonly quarantine_alarms: number;
  readonly alarms: readonly AlarmRow[];
}

export interface QuarantineRow {
  readonly letter: string;
  readonly date: string;
  readonly reason: string;
  readonly sentence: string;
  readonly alarm: boolean;
  readonly by: string | null;
  readonly text: string | null;
}

/** The newest letters of each reason, and how many more there are. */
export interface SetAside {
  readonly letters: readonly QuarantineRow[];
  readonly more: number;
}

export const overview = (): Promise<Overview> => ask("overview");
export const threads = (filter: Filter, offset: number, count: number): Promise<Window> =>
  ask("threads", { ...filter, offset, count });
export const quarantine = (): Promise<SetAside> => ask("quarantine");
export const dismiss = (alarm: number): Promise<object> => ask("dismiss", { alarm });
