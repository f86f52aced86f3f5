// Texts that devices sign. Spec §8.4.
//
// Every signed text begins with its own label and the organisation's id, so that no signature can
// stand in another place or for another organisation.

import { bytesOf, concat, encodeNumber, type Bytes } from "./bytes.ts";
import { ed25519Verify } from "./primitives.ts";
import { DEVICE_LEN } from "./sizes.ts";

/** What a signature can be of. */
export type SignedLabel = "letter" | "reply" | "day-key" | "alive" | "closed";

/** A device's slot and its Ed25519 public key, as the charter names them. */
export interface DevicePublic {
  readonly device: number;
  readonly key: Bytes;
}

/** `courier/` label, zero byte, organisation id, 2-byte device slot, content. */
export function signedText(
  label: SignedLabel,
  orgId: Bytes,
  device: number,
  content: Bytes,
): Bytes {
  return concat(bytesOf(`courier/${label}\0`), orgId, encodeNumber(device, DEVICE_LEN), content);
}

/** Whether the signature of this content by this device verifies. */
export function verify(
  label: SignedLabel,
  orgId: Bytes,
  signer: DevicePublic,
  content: Bytes,
  signature: Bytes,
): boolean {
  return ed25519Verify(signer.key, signature, signedText(label, orgId, signer.device, content));
}
