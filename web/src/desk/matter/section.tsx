// A part of the third pane, with its own heading.

import type { ComponentChildren } from "preact";

export function Section(props: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <section>
      <h2>{props.title}</h2>
      {props.children}
    </section>
  );
}
