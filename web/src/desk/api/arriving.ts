// A new desk, from nothing to its first sync.

import { ask } from "./ask.ts";

export type Strength = "short" | "weak" | "fair" | "strong";

export interface Offer {
  readonly organisation: string;
  readonly org_id: string;
  readonly label: string;
  readonly serial: number;
  readonly expires: string;
}

export const drawPhrase = (language: string): Promise<{ readonly phrase: string }> =>
  ask("phrase", { language });
export const judge = (
  passphrase: string,
  label: string,
): Promise<{ readonly strength: Strength; readonly guess_mib: number }> =>
  ask("judge", { passphrase, label });
export const create = (label: string, passphrase: string, language: string): Promise<object> =>
  ask("create", { label, passphrase, language });
export const request = (): Promise<{ readonly path: string; readonly fingerprint: string }> =>
  ask("request");
export const examine = (charter: string): Promise<Offer> => ask("examine", { charter });
export const join = (charter: string, org_id: string): Promise<object> =>
  ask("join", { charter, org_id });
export const arrived = (): Promise<object> => ask("arrived");
