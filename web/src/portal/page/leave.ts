// Leaving at once: the button, or Escape three times. The page is blank before anything else
// happens, and its place in the history goes to a page that says nothing. Shift, which other sites
// use, works too where a page is told of it: Tor Browser tells pages nothing of Shift alone.

const KEYS: readonly string[] = ["Escape", "Shift"];
const PRESSES = 3;
const WITHIN_MS = 1500;
/** Leads past the head of the page, not out of it. */
const SKIP = "#content";

/** Let the button and the key leave; `forget` ends what runs. */
export function watchForLeaving(forget: () => void): void {
  const button = document.getElementById("leave") as HTMLAnchorElement | null;
  if (button === null) return;
  const { href } = button;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    leave(href, forget);
  });
  watchKeys(() => leave(href, forget));
  keepHistoryShort();
}

function leave(href: string, forget: () => void): void {
  for (const field of document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    "input, textarea",
  )) {
    field.value = "";
  }
  document.body.replaceChildren();
  document.title = "\u200b";
  forget();
  location.replace(href);
}

/** One of the keys three times with no other between, so that capitals do not count. */
function watchKeys(act: () => void): void {
  let last = "";
  let presses: number[] = [];
  addEventListener(
    "keydown",
    ({ key, timeStamp, repeat }) => {
      if (repeat) return;
      const before = key === last ? presses.filter((time) => timeStamp - time < WITHIN_MS) : [];
      last = key;
      presses = [...before, timeStamp];
      if (KEYS.includes(key) && presses.length >= PRESSES) act();
    },
    true,
  );
}

/** One place in the history for the whole portal: after leaving, Back leads nowhere into it. */
function keepHistoryShort(): void {
  addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const plain = event.button === 0 && !event.ctrlKey && !event.shiftKey && !event.metaKey;
    if (link === null || !plain || event.defaultPrevented) return;
    if (link.origin !== location.origin || link.hash === SKIP) return;
    event.preventDefault();
    location.replace(link.href);
    // The same page with another # is not loaded anew by itself.
    if (link.pathname === location.pathname) location.reload();
  });
}
