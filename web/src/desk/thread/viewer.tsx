// A file page by page, as pixels that were made in a sandbox, or as plain text. Nothing of the file
// itself reaches the browser.

import { useEffect, useRef, useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { counted, said, t } from "../tongue.ts";

interface Props {
  readonly name: string;
  readonly look: (page: number) => Promise<api.Drawn>;
  readonly onClose: () => void;
}

export function Viewer({ name, look, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [page, setPage] = useState(0);
  const [pages, setPages] = useState(1);
  const [drawn, setDrawn] = useState<api.Drawn | null>(null);
  const [problem, setProblem] = useState("");
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    let over = false;
    setDrawn(null);
    look(page).then(
      (found) => {
        if (over) return;
        setDrawn(found);
        if (found.kind === "picture") setPages(found.pages);
      },
      (error: Error) => over || setProblem(error.message),
    );
    return () => {
      over = true;
    };
  }, [page]);
  const turn = (by: 1 | -1): void => setPage(Math.min(pages - 1, Math.max(0, page + by)));
  const pressed = (event: KeyboardEvent): void => {
    // The page's keys rest; Escape closes this dialog and not the thread behind it.
    event.stopPropagation();
    if (event.key === "PageDown" || event.key === "ArrowRight") turn(1);
    else if (event.key === "PageUp" || event.key === "ArrowLeft") turn(-1);
    else return;
    event.preventDefault();
  };
  return (
    <dialog ref={dialog} class="viewer" onClose={onClose} onKeyDown={pressed} aria-labelledby="seen">
      <header>
        <h2 id="seen"><bdi>{name}</bdi></h2>
        {pages > 1 && (
          <p class="turn">
            <button class="small" disabled={page === 0} onClick={() => turn(-1)}>
              {t("Page before")}
            </button>
            <span role="status">{t("{page} of {all}", { page: page + 1, all: pages })}</span>
            <button class="small" disabled={page === pages - 1} onClick={() => turn(1)}>
              {t("Next page")}
            </button>
          </p>
        )}
        <button class="small close" onClick={() => dialog.current?.close()}>{t("Close")}</button>
      </header>
      {/* Scrolled by keys, too. */}
      <div class="seen" tabIndex={0} role="group" aria-label={t("What is in the file")}>
        {problem !== "" && <p class="notice care" role="alert">{said(problem)}</p>}
        {problem === "" && drawn === null && <p class="quiet" role="status">{t("Drawing…")}</p>}
        {drawn && <Page drawn={drawn} told={told(name, page, pages)} />}
      </div>
    </dialog>
  );
}

function told(name: string, page: number, pages: number): string {
  return pages === 1 ? name : `${name}, ${t("{page} of {all}", { page: page + 1, all: pages })}`;
}

function Page({ drawn, told }: { readonly drawn: api.Drawn; readonly told: string }) {
  if (drawn.kind === "picture") return <Pixels drawn={drawn} told={told} />;
  if (drawn.kind === "none") {
    return <p class="notice care" role="status">{said(drawn.sentence)}</p>;
  }
  const signs = [...drawn.text].length;
  return (
    <>
      <p class="quiet small-print">{counted("Plain text, {n} sign.", "Plain text, {n} signs.", signs)}</p>
      <p class="text" dir="auto">{drawn.text}</p>
    </>
  );
}

/** On a canvas: the page's policy lets no picture in but the program's own files. */
function Pixels(props: { readonly drawn: api.Drawn & { kind: "picture" }; readonly told: string }) {
  const { drawn, told } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let over = false;
    const bytes = Uint8Array.from(atob(drawn.png), (sign) => sign.charCodeAt(0));
    void createImageBitmap(new Blob([bytes], { type: "image/png" })).then((bitmap) => {
      if (!over) canvas.current?.getContext("2d")?.drawImage(bitmap, 0, 0);
      bitmap.close();
    });
    return () => {
      over = true;
    };
  }, [drawn]);
  return (
    <canvas ref={canvas} width={drawn.width} height={drawn.height} role="img" aria-label={told} />
  );
}
