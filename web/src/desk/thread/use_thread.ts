// The thread that is open, read again whenever something of it may have changed.

import { useEffect, useState } from "preact/hooks";

import * as api from "../api/index.ts";

export interface OpenThread {
  readonly thread: api.Thread | null;
  /** Why it cannot be shown, in the program's English. */
  readonly problem: string;
  readonly again: () => void;
}

export function useThread(id: string, version: number): OpenThread {
  const [found, setFound] = useState<api.Thread | null>(null);
  const [problem, setProblem] = useState("");
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (id === "") return;
    let over = false;
    api.readThread(id).then(
      (thread) => {
        if (over) return;
        setFound(thread);
        setProblem("");
      },
      (error: Error) => over || setProblem(error.message),
    );
    return () => {
      over = true;
    };
  }, [id, version, asked]);
  const thread = found?.row.thread === id ? found : null;
  return { thread, problem, again: () => setAsked((count) => count + 1) };
}
