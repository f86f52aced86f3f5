// The frame every payload stands in: length, JSON, zeros. Spec §4.2.

import { concat, decodeNumber, encodeNumber, type Bytes } from "./bytes.ts";
import { PayloadTooLongError, type ProtocolError } from "./errors.ts";
import { LENGTH_PREFIX_LEN } from "./sizes.ts";

/** 4-byte length, `payload`, zeros: `length` bytes in all. */
export function frame(payload: Bytes, length: number): Bytes {
  const zeros = length - LENGTH_PREFIX_LEN - payload.length;
  if (zeros < 0) throw new PayloadTooLongError();
  return concat(encodeNumber(payload.length, LENGTH_PREFIX_LEN), payload, new Uint8Array(zeros));
}

/** The payload of a frame; throws `malformed` unless all the rest is zeros. */
export function unframe(data: Bytes, malformed: new () => ProtocolError): Bytes {
  const end = LENGTH_PREFIX_LEN + decodeNumber(data.subarray(0, LENGTH_PREFIX_LEN));
  if (data.length < LENGTH_PREFIX_LEN || end > data.length) throw new malformed();
  if (data.subarray(end).some((byte) => byte !== 0)) throw new malformed();
  return data.slice(LENGTH_PREFIX_LEN, end);
}
