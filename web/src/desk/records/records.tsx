// How the desk is kept: numbers, promises, texts to answer with, and what was done here.

import { t } from "../tongue.ts";
import { Numbers } from "./numbers.tsx";
import { Promised } from "./promised.tsx";
import { Texts } from "./texts.tsx";
import { TrailView } from "./trail.tsx";

export function Records({ version }: { readonly version: number }) {
  return (
    <div class="column records">
      <h1>{t("Records")}</h1>
      <Numbers version={version} />
      <Promised />
      <Texts version={version} />
      <TrailView version={version} />
    </div>
  );
}
