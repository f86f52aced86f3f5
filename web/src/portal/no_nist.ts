// In place of the NIST curves that the age library brings along for recipients of other kinds.
//
// Letters are sealed to X-Wing alone, so a page need not carry them: 7 kB less. Loads as they do, and
// refuses every use.

function refuse(): never {
  throw new Error("this curve is not here");
}

const curve = {
  lengths: { seed: 48, secretKey: 32, publicKey: 33, publicKeyUncompressed: 65 },
  Point: { Fn: {}, fromBytes: refuse },
  keygen: refuse,
  getPublicKey: refuse,
  getSharedSecret: refuse,
  utils: { randomSecretKey: refuse },
};

export const p256 = curve;
export const p384 = curve;
