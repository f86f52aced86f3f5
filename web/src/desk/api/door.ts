// Coming and going: locked or open, whose desk it is, how syncing goes, in which language.

import { ask } from "./ask.ts";

export interface DeskInfo {
  readonly label: string;
  readonly organisation: string;
  readonly org_id: string;
  readonly portal: string;
  readonly expires: string;
  readonly expires_in_days: number;
}

export interface SyncReport {
  readonly letters: number;
  readonly quarantined: number;
  readonly waiting: number;
  readonly troubles: readonly string[];
}

export interface SyncStatus {
  readonly running: boolean;
  readonly step: string;
  readonly done: number;
  readonly total: number;
  readonly finished: number;
  readonly next: number;
  readonly stopped: boolean;
  readonly problem: string;
  /** What to do about the problem. */
  readonly remedy: string;
  readonly report: SyncReport | null;
}

export type State =
  | {
      readonly locked: true;
      /** Whether there is a vault to open; without one the desk is made first. */
      readonly vault: boolean;
      /** There is a database, and no header to open it by. */
      readonly lost: boolean;
      readonly wait_s: number;
      readonly language: string;
      /** The program ended without being asked to, and stands at its locked door again. */
      readonly broke: boolean;
    }
  | {
      readonly locked: false;
      readonly desk: DeskInfo | null;
      /** Its first sync is being watched. */
      readonly arriving: boolean;
      /** A part of the vault was found altered. */
      readonly damaged: boolean;
      readonly sync: SyncStatus;
      readonly version: number;
      readonly language: string;
    };

export const state = (): Promise<State> => ask("state");
export const unlock = (passphrase: string): Promise<object> => ask("unlock", { passphrase });
export const lock = (): Promise<object> => ask("lock");
export const awake = (): Promise<object> => ask("awake");
export const chooseLanguage = (language: string): Promise<object> => ask("language", { language });
export const sync = (): Promise<object> => ask("sync");
export const stop = (): Promise<object> => ask("stop");
