// Seals and opens with age-encryption, untouched: requests as JSON on stdin, answers on stdout.
// It knows nothing of Silent Courier; bytes travel as base64.

import { Decrypter, Encrypter, generateHybridIdentity, identityToRecipient } from "age-encryption";

const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
const text = (data) => Buffer.from(data).toString("base64");

const answers = {
  async seal({ plaintext, recipients }) {
    const encrypter = new Encrypter();
    for (const recipient of recipients) encrypter.addRecipient(recipient);
    return text(await encrypter.encrypt(bytes(plaintext)));
  },
  async open({ file, identity }) {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    return text(await decrypter.decrypt(bytes(file)));
  },
  async refuses(request) {
    return answers.open(request).then(
      () => false,
      () => true,
    );
  },
  recipient: ({ identity }) => identityToRecipient(identity),
  generate: () => generateHybridIdentity(),
};

let input = "";
for await (const part of process.stdin) input += part;
const results = [];
for (const request of JSON.parse(input)) results.push(await answers[request.do](request));
process.stdout.write(JSON.stringify(results));
