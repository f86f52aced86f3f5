// The organisation's fingerprint as people compare it. Spec §8.8.

/** 64 hex digits, in groups of eight. */
export function Fingerprint({ id }: { readonly id: string }) {
  return <p class="address fingerprint">{id.match(/.{8}/g)?.join(" ") ?? id}</p>;
}
