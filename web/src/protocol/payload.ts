// What stands inside letters and replies: the fixed schemas. Spec §5.2-§5.5.
//
// Fields have the names that they have in JSON; bytes are lower-case hex there.

import { bytesOf, type Bytes } from "./bytes.ts";
import { MalformedPayloadError, PayloadTooLongError } from "./errors.ts";
import {
  hex,
  integer,
  listOf,
  matching,
  object,
  oneOf,
  optional,
  such,
  text,
  type Check,
  type Checked,
} from "./schema.ts";
import {
  ATTACHMENT_LEN_MAX,
  ATTACHMENTS_MAX,
  CHUNKS_MAX,
  GENERATIONS,
  chunkCount,
} from "./sizes.ts";
import { parseDocument } from "./strict_json.ts";

const RESEALED_LETTERS_MAX = 96;
const HISTORY_PART_LEN = 6 * 1024;
const MARKED_LETTERS_MAX = 96;
const PREFIX_HEX_LEN = 16;
const PREFIXES_MAX = 900;
const FORM_ANSWERS_MAX = 5;
const CHANGE_ITEM_MAX = 200;
const CHANGE_REMOVES_MAX = 96;
const CLOCK_A_DAY = 86_400 * 2 ** 16;

export const day = integer(0, 2 ** 31);
export const generation = integer(1, GENERATIONS);
const language = matching(/^[a-z]{2,3}(-[a-z0-9]{2,8})?$/);

/** What every payload but `cover` begins with. Spec §5.2. */
function head<const K extends string>(kind: K) {
  return {
    kind: oneOf(kind),
    version: oneOf(1),
    id: hex(16),
    org_id: hex(32),
    charter: hex(32),
    day,
    generation,
  };
}

const attachment = such(
  object({
    id: hex(16),
    name: text(1, 255),
    size: integer(0, ATTACHMENT_LEN_MAX),
    sha256: hex(32),
    key: hex(32),
    chunks: integer(1, CHUNKS_MAX),
  }),
  ({ size, chunks }) => chunks === chunkCount(size),
);
const formAnswer = object({
  question: oneOf("what", "how", "others", "when", "danger"),
  answer: text(),
});
const letter = object({
  ...head("letter"),
  auth: hex(32),
  thread_key: hex(32),
  week: integer(0, 2 ** 31),
  language,
  text: text(),
  attachments: optional(listOf(attachment, ATTACHMENTS_MAX), []),
  form: optional(listOf(formAnswer, FORM_ANSWERS_MAX), []),
});
const cover = object({ kind: oneOf("cover"), version: oneOf(1) });
const replyCopy = object({
  ...head("reply-copy"),
  source_id: hex(32),
  reply_id: hex(16),
  language,
  text: text(),
});
const note = object({ ...head("note"), source_id: hex(32), text: text() });
const resealed = object({ letter: hex(32), file_key: hex(16) });
const reseal = object({ ...head("reseal"), letters: listOf(resealed, RESEALED_LETTERS_MAX, 1) });
const history = such(
  object({
    ...head("history"),
    letter: hex(32),
    part: integer(0, 3),
    parts: integer(1, 4),
    data: matching(/^([0-9a-f]{2})+$/, 2 * HISTORY_PART_LEN),
  }),
  ({ part, parts }) => part < parts,
);
const mark = object({
  ...head("mark"),
  source_id: hex(32),
  letters: listOf(hex(16), MARKED_LETTERS_MAX, 1),
  opened: day,
  acknowledged: oneOf(true, false),
});
const digest = such(
  object({
    ...head("digest"),
    listed: day,
    count: integer(0, 2 ** 31),
    digest: hex(32),
    prefixes: matching(/^([0-9a-f]{16})*$/, PREFIX_HEX_LEN * PREFIXES_MAX),
  }),
  ({ count, prefixes }) => prefixes === "" || prefixes.length === PREFIX_HEX_LEN * count,
);
const change = such(
  object({
    ...head("change"),
    source_id: hex(32),
    field: matching(/^[a-z][a-z-]{0,31}$/),
    item: text(0, CHANGE_ITEM_MAX),
    value: text(),
    clock: integer(0, Number.MAX_SAFE_INTEGER),
    removes: optional(listOf(hex(16), CHANGE_REMOVES_MAX), []),
  }),
  ({ clock, day }) => clock < (day + 2) * CLOCK_A_DAY,
);
const reply = object({ ...head("reply"), to: hex(32), language, text: text() });
const opened = object({ ...head("opened"), to: hex(32), opened: day });

export type Attachment = Checked<typeof attachment>;
export type FormAnswer = Checked<typeof formAnswer>;
export type LetterPayload = Checked<typeof letter>;
export type CoverPayload = Checked<typeof cover>;
export type SourcePayload = LetterPayload | CoverPayload;
export type ColleaguePayload =
  | Checked<typeof replyCopy>
  | Checked<typeof note>
  | Checked<typeof reseal>
  | Checked<typeof history>
  | Checked<typeof mark>
  | Checked<typeof digest>
  | Checked<typeof change>;
export type InLetter = SourcePayload | ColleaguePayload;
export type ReplyPayload = Checked<typeof reply>;
export type OpenedPayload = Checked<typeof opened>;
export type InReply = ReplyPayload | OpenedPayload;

type Kinds<T> = ReadonlyMap<string, Check<T>>;
const IN_LETTER: Kinds<InLetter> = new Map<string, Check<InLetter>>([
  ["letter", letter],
  ["cover", cover],
  ["reply-copy", replyCopy],
  ["note", note],
  ["reseal", reseal],
  ["history", history],
  ["mark", mark],
  ["digest", digest],
  ["change", change],
]);
const IN_REPLY: Kinds<InReply> = new Map<string, Check<InReply>>([
  ["reply", reply],
  ["opened", opened],
]);

/** The payload of a letter from its JSON; MalformedPayloadError if a rule is broken. Spec §5. */
export function parseLetterPayload(data: Bytes): InLetter {
  return parse(data, IN_LETTER);
}

/** The payload of a reply from its JSON; MalformedPayloadError if a rule is broken. Spec §5.5. */
export function parseReplyPayload(data: Bytes): InReply {
  return parse(data, IN_REPLY);
}

/** The payload as compact JSON of at most `limit` bytes, checked as a reader would. */
export function encodePayload(payload: InLetter | InReply, limit: number): Bytes {
  const data = bytesOf(JSON.stringify(payload));
  if (data.length > limit) throw new PayloadTooLongError();
  if (IN_REPLY.has(payload.kind)) parseReplyPayload(data);
  else parseLetterPayload(data);
  return data;
}

function parse<T>(data: Bytes, kinds: Kinds<T>): T {
  const value = parseDocument(data);
  const kind = value.get("kind");
  const check = typeof kind === "string" ? kinds.get(kind) : undefined;
  if (check === undefined) throw new MalformedPayloadError();
  return check(value);
}
