// The list of threads as far as it was asked for: pages of rows, fetched as they come into sight.

import { useEffect, useRef, useState } from "preact/hooks";

import * as api from "../api/index.ts";

const PAGE = 50;

type Pages = ReadonlyMap<number, readonly api.ThreadRow[]>;

export interface Rows {
  /** How long the list is behind the filter; null until it is known. */
  readonly total: number | null;
  readonly at: (index: number) => api.ThreadRow | undefined;
  readonly indexOf: (thread: string) => number;
  /** These rows are in sight. */
  readonly want: (first: number, last: number) => void;
  readonly load: (index: number) => Promise<api.ThreadRow | undefined>;
}

/** The rows behind this filter, read again for each version; what is shown stays until then. */
export function useRows(filter: api.Filter, version: number): Rows {
  const [shown, setShown] = useState<{ total: number | null; pages: Pages }>(NOTHING);
  const sight = useRef<readonly [number, number]>([0, 0]);
  const round = useRef(0);
  const asked = useRef(new Set<number>());
  const fetchPage = (page: number): Promise<api.Window> =>
    api.threads(filter, page * PAGE, PAGE);
  useEffect(() => {
    const now = ++round.current;
    const [first, last] = sight.current;
    const pages = range(Math.floor(first / PAGE), Math.floor(last / PAGE));
    asked.current = new Set(pages);
    Promise.all(pages.map(fetchPage)).then(
      (found) => {
        if (now !== round.current) return;
        const rows = found.map((window, i) => [pages[i] ?? 0, window.rows] as const);
        setShown({ total: found[0]?.total ?? 0, pages: new Map(rows) });
      },
      () => undefined,
    );
  }, [filter.show, filter.language, filter.label, version]);
  const add = async (page: number): Promise<readonly api.ThreadRow[]> => {
    const now = round.current;
    asked.current.add(page);
    const window = await fetchPage(page);
    if (now === round.current) {
      setShown((before) => ({
        total: window.total,
        pages: new Map(before.pages).set(page, window.rows),
      }));
    }
    return window.rows;
  };
  return {
    total: shown.total,
    at: (index) => shown.pages.get(Math.floor(index / PAGE))?.[index % PAGE],
    indexOf: (thread) => {
      for (const [page, rows] of shown.pages) {
        const at = rows.findIndex((row) => row.thread === thread);
        if (at >= 0) return page * PAGE + at;
      }
      return -1;
    },
    want: (first, last) => {
      sight.current = [first, last];
      for (const page of range(Math.floor(first / PAGE), Math.floor(last / PAGE))) {
        if (!asked.current.has(page)) void add(page).catch(() => asked.current.delete(page));
      }
    },
    load: async (index) => {
      const page = Math.floor(index / PAGE);
      const rows = shown.pages.get(page) ?? (await add(page).catch(() => []));
      return rows[index % PAGE];
    },
  };
}

const NOTHING = { total: null, pages: new Map() } as const;

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: Math.max(0, last - first) + 1 }, (_, i) => first + i);
}
