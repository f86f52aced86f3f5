// How the desk is kept: its settings, texts to answer with, numbers by month, the trail.

import { ask } from "./ask.ts";

export interface Settings {
  readonly acknowledge_days: number;
  readonly acknowledge_alert: number;
  readonly feedback_days: number;
  readonly feedback_alert: number;
  readonly retention_days: number;
}

export interface Template {
  readonly name: string;
  readonly text: string;
  readonly shared: boolean;
}

export interface Month {
  readonly month: string;
  readonly letters: number | null;
  readonly answered: number | null;
  readonly opened: number | null;
  /** In tenths of a day. */
  readonly days_to_open: number | null;
}

export interface AuditEntry {
  readonly number: number;
  readonly time: string;
  readonly act: string;
  readonly thread: string;
  /** The source's two words; empty where the thread is gone. */
  readonly alias: string;
  readonly about: string;
  readonly detail: string;
  readonly broken: boolean;
}

export interface Trail {
  readonly acts: readonly AuditEntry[];
  readonly broken: readonly number[];
  readonly told: readonly { readonly label: string; readonly device: number; readonly acts: number }[];
}

export const settings = (): Promise<Settings> => ask("settings");
export const set = (values: Settings): Promise<Settings> => ask("set", values);
export const templates = (): Promise<{ readonly templates: readonly Template[] }> =>
  ask("templates");
export const keep = (template: Template): Promise<object> => ask("keep", template);
export const statistics = (): Promise<{
  readonly months: readonly Month[];
  readonly smallest: number;
}> => ask("statistics");
export const audit = (): Promise<Trail> => ask("audit");
