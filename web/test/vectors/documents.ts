// Constructions that everybody may see, and what is found in it: signatures, board, charter, statements, keyring, tickets.

import { readMailbox } from "../../src/portal/worker/mailbox.ts";
import { findFragments } from "../../src/protocol/board.ts";
import { parseBoard } from "../../src/protocol/board_format.ts";
import { fromHex, toHex } from "../../src/protocol/bytes.ts";
import {
  checkDates,
  checkPortal,
  currentDevices,
  currentHandlers,
  verifyChain,
  type Charter,
} from "../../src/protocol/charter.ts";
import { chooseDayStatements, verifyKeyring } from "../../src/protocol/keyring.ts";
import { ed25519Verify, sha256 } from "../../src/protocol/primitives.ts";
import { joinAll } from "../../src/protocol/reply.ts";
import { everything, parseStatements, verifyStatement } from "../../src/protocol/statements.ts";
import type { ThreadKey } from "../../src/protocol/thread.ts";
import { provesWork } from "../../src/protocol/ticket.ts";
import { parseChain } from "../desk/chain.ts";
import { canonical, outputs, readCase, type Case, type Outputs } from "./case.ts";
import type { Construction } from "./sealed_things.ts";

function threadKey(line: string): ThreadKey {
  const [generation, week, key] = line.split(" ") as [string, string, string];
  return { key: fromHex(key), generation: Number(generation), week: Number(week) };
}

async function findOnBoard(c: Case): Promise<Outputs> {
  const keys = c.texts("thread-key").map(threadKey);
  const devices = c.texts("device").map(Number);
  const [orgId, deviceKeys] = [c.hex("org-id"), c.keys("device-key")];
  const { found, damaged } = await findFragments(parseBoard(c.body), keys, devices);
  const joined = joinAll(found, orgId, deviceKeys);
  const payload = joined.replies.map((reply) => canonical(reply.payload));
  return outputs({ payload, partial: joined.partial, damaged: damaged + joined.damaged });
}

async function read(c: Case): Promise<Outputs> {
  const [charter, entropy, today] = [charterOf(c), c.hex("entropy"), c.number("today")];
  const mailbox = await readMailbox(parseBoard(c.body), charter, entropy, today);
  const { found, partial, damaged } = mailbox;
  const shown = found.map(({ kind, day, label, left, text }) =>
    canonical({ kind, day, label, left, text }),
  );
  return outputs({ found: shown.toSorted(), partial, damaged });
}

async function order(c: Case): Promise<Outputs> {
  const [charter, entropy, today] = [charterOf(c), c.hex("entropy"), c.number("today")];
  const { found } = await readMailbox(parseBoard(c.body), charter, entropy, today);
  const answers = found.filter(({ kind }) => kind === "answer");
  return outputs({ text: answers.map(({ text }) => text) });
}

/** The charter of the case that this one names. */
function charterOf(c: Case): Charter {
  return verifyChain(parseChain(readCase(c.text("charter")).body), c.hex("org-id"));
}

function verifyCharter(c: Case): Outputs {
  const orgId = c.hex("org-id");
  const charter = verifyChain(parseChain(c.body), orgId);
  return outputs({
    "charter-hash": charter.hash,
    serial: charter.body.serial,
    generation: charter.body.generation_days.length,
    name: charter.body.name,
    handler: currentHandlers(charter).map(({ handler, label }) => `${handler} ${label}`),
    device: [...currentDevices(charter)].map(([slot, key]) => `${slot} ${toHex(key)}`),
  });
}

function verifyStatements(c: Case): Outputs {
  const charter = charterOf(c);
  const statements = parseStatements(c.body);
  for (const statement of everything(statements)) verifyStatement(statement, charter);
  const { dayStatements, signsOfLife, closures } = statements;
  return outputs({
    "day-key": dayStatements.map((s) => `${s.device} ${s.day} ${toHex(sha256(s.recipient))}`),
    alive: signsOfLife.map(({ device, day }) => `${device} ${day}`),
    closed: closures.map(({ device, day, until }) => `${device} ${day} ${until}`),
  });
}

function verifyWholeKeyring(c: Case): Outputs {
  const keyring = verifyKeyring(c.body, c.hex("org-id"), c.number("today"));
  const signs = [...keyring.lastSignOfLife].toSorted(([left], [right]) => left - right);
  return outputs({
    "charter-hash": keyring.charter.hash,
    day: keyring.day,
    "sealed-to": chooseDayStatements(keyring).map(({ device }) => device),
    missing: keyring.missing.map(({ label }) => label),
    emptied: signs.map(([handler, day]) => `${handler} ${day}`),
    closed: keyring.closures.map(({ device, day, until }) => `${device} ${day} ${until}`),
  });
}

export const CONSTRUCTIONS: Record<string, Construction> = {
  "ed25519.verify": (c) => {
    const valid = ed25519Verify(c.hex("public-key"), c.hex("signature"), c.body);
    return outputs({ valid: valid ? "yes" : "no" });
  },
  "board.parse": (c) => {
    const { epoch, cells } = parseBoard(c.body);
    return outputs({ epoch, cells: cells.size });
  },
  "board.find": findOnBoard,
  "mailbox.order": order,
  "mailbox.read": read,
  "charter.verify": verifyCharter,
  "charter.check-dates": (c) => {
    checkDates(verifyChain(parseChain(c.body), c.hex("org-id")), c.number("day"));
    return {};
  },
  "charter.check-portal": (c) => {
    checkPortal(verifyChain(parseChain(c.body), c.hex("org-id")), c.text("host"));
    return {};
  },
  "statements.verify": verifyStatements,
  "keyring.verify": verifyWholeKeyring,
  "ticket.proof": (c) => {
    const [challenge, nonce] = [c.body.slice(0, 16), c.body.slice(16)];
    return outputs({ valid: provesWork(challenge, nonce, c.number("bits")) ? "yes" : "no" });
  },
};
