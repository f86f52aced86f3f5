// The page's end of the line to the worker.

import type { Ask, Tell } from "../messages.ts";

interface TrustedTypePolicies {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL: (url: string) => string };
}

type Hear<K extends Tell["tell"]> = (message: Extract<Tell, { tell: K }>) => void;

/** Asks the worker, and hands what it tells to whoever listens. */
export class WorkerPort {
  private readonly worker: Worker;
  private readonly hearers = new Map<string, (message: Tell) => void>();

  constructor(path: string) {
    this.worker = new Worker(trusted(path));
    this.worker.addEventListener("message", ({ data }: MessageEvent<Tell>) => {
      this.hearers.get(data.tell)?.(data);
    });
    this.worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.hearers.get("trouble")?.({ tell: "trouble", trouble: "bug" });
    });
  }

  ask(message: Ask): void {
    this.worker.postMessage(message);
  }

  on<K extends Tell["tell"]>(tell: K, hear: Hear<K>): void {
    this.hearers.set(tell, hear as (message: Tell) => void);
  }

  /** End the worker; all it knew is gone. */
  end(): void {
    this.worker.terminate();
  }
}

/** The page's policy names this one script, and no other, as one that may be run. */
function trusted(path: string): string {
  const types = (globalThis as { trustedTypes?: TrustedTypePolicies }).trustedTypes;
  const rules = {
    createScriptURL: (url: string): string => {
      if (!/^\/static\/worker-[0-9a-f]{16}\.js$/.test(url)) throw new TypeError();
      return url;
    },
  };
  return (types?.createPolicy("courier", rules) ?? rules).createScriptURL(path);
}
