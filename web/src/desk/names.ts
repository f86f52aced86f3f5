// Names that sources gave their files: shown so that nothing in them hides or turns the writing.

/** A name with what nobody would see, or what turns the writing around, as its code. */
export function visible(name: string): string {
  return name.replace(
    /\p{C}/gu,
    (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}
