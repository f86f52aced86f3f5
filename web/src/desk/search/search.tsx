// Words in everything, while one types: letters, answers, notes, names and texts of files.

import type { Ref } from "preact";
import { useEffect, useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { visible } from "../names.ts";
import { counted, day, mark, rich, said, t } from "../tongue.ts";

const PAUSE_MS = 120;
const AGAIN_MS = 400;

const KINDS: Readonly<Record<api.Hit["kind"], string>> = {
  about: mark("Labels, follow-up, translations"),
  letter: mark("Letter"),
  note: mark("Note for colleagues"),
  reply: mark("Answer"),
  thread: mark("Thread"),
};

interface BoxProps {
  readonly words: string;
  readonly field: Ref<HTMLInputElement>;
  readonly onWords: (words: string) => void;
}

export function SearchBox({ words, field, onWords }: BoxProps) {
  return (
    <form class="search" role="search" onSubmit={(event) => event.preventDefault()}>
      <label>
        <span class="unseen">{t("Search in everything")}</span>
        <input
          ref={field}
          type="search"
          value={words}
          placeholder={t("Search in everything")}
          dir="auto"
          maxLength={200}
          autocomplete="off"
          spellcheck={false}
          aria-keyshortcuts="/"
          onInput={(event) => onWords(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            event.preventDefault();
            onWords("");
            event.currentTarget.blur();
          }}
        />
      </label>
    </form>
  );
}

interface HitsProps {
  readonly words: string;
  readonly version: number;
  readonly current: string;
  readonly onOpen: (thread: string, entry: string) => void;
}

export function Hits({ words, version, current, onOpen }: HitsProps) {
  const { results, problem } = useResults(words, version);
  if (problem !== "") return <p class="notice care">{said(problem)}</p>;
  if (results === null) return <p class="none quiet" role="status">{t("Searching…")}</p>;
  return (
    <>
      <p class="found quiet" role="status">{summary(results)}</p>
      <ul class="hits">
        {results.hits.map((hit, number) => (
          <li key={`${hit.thread} ${hit.entry} ${hit.file ?? ""} ${number}`}>
            <button
              class="row"
              aria-current={hit.thread === current ? "true" : undefined}
              onClick={() => onOpen(hit.thread, hit.entry)}
            >
              <HitView hit={hit} />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function HitView({ hit }: { readonly hit: api.Hit }) {
  const kind = said(KINDS[hit.kind]);
  return (
    <>
      <span class="line">
        <span class="alias" lang="en">{hit.alias}</span>
        <span class="quiet">{day(hit.date)}</span>
      </span>
      <span class="quiet marks">{hit.by === null ? kind : `${kind}, ${hit.by}`}</span>
      {hit.file !== null && (
        <span class="of-file">{rich(t("File {name}"), { name: <bdi>{visible(hit.file)}</bdi> })}</span>
      )}
      <span class="snippet" dir="auto">
        {hit.snippet.map((piece) => (piece.hit ? <mark>{piece.text}</mark> : piece.text))}
      </span>
    </>
  );
}

function summary({ hits, more, left_to_index: left }: api.Results): string {
  const found = more
    ? t("The newest {most} places. More words narrow it down.", { most: hits.length })
    : hits.length === 0
      ? t("Nothing has all of these words.")
      : counted("{n} place", "{n} places", hits.length);
  if (left === 0) return found;
  return `${found} ${counted("{n} older item is still being read.", "{n} older items are still being read.", left)}`;
}

/** What is found for these words; asked again while an old vault is being read. */
function useResults(words: string, version: number) {
  const [results, setResults] = useState<api.Results | null>(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    let over = false;
    let timer = 0;
    const look = (): void => {
      api.search(words).then(
        (found) => {
          if (over) return;
          setResults(found);
          setProblem("");
          if (found.left_to_index > 0) timer = window.setTimeout(look, AGAIN_MS);
        },
        (error: Error) => over || setProblem(error.message),
      );
    };
    timer = window.setTimeout(look, PAUSE_MS);
    return () => {
      over = true;
      window.clearTimeout(timer);
    };
  }, [words, version]);
  return { results, problem };
}
