// queue.js: what becomes of a line between the camera and the shop's books. Pure: no clock, no net,
// no storage, so that every turn of it can be tried. A line is written down before it is sent, under
// a key that this phone made; it is sent with that key until the shop has answered, and never under
// another. In the shop a key is known within its visit: so a line that may have arrived somewhere is
// never sent anywhere else. Where nobody can know any more, the person is asked.
//
//   kept     on this phone; not sent, or sent without an answer
//   bought   the shop has it: `answer` is its word
//   refused  the shop said no: `problem` says why; it is not bought
//   voided   taken back, and the shop knows
//   doubt    it was sent once, the visit is out of reach, and nobody can say whether it arrived
//   till     shown at the till as a code in a visit that is over since: the till's beep is believed
//
// Beside the state: `visit` it is bound to; `flying` a request is under way; `unsure` one went out and
// no answer came; `undo` the shopper took it back; `shown_at` it was first shown at a till, `beeped`
// and the till took it, says the shopper.

/** Days that a visit's lines are still taken after it (contracts 3). */
export const LATE_DAYS = 7
/** Without a scan for so long the shop ends a visit (contracts 3). */
export const SILENCE_MS = 2 * 3600 * 1000

/** lineMade({key, code, quantity, at}): a line as it is first written down. */
export function lineMade({ key, code, quantity = 1000, at }) {
  return { key, code, quantity, at, state: 'kept', visit: null, flying: false, unsure: false,
    undo: false, shown_at: null, beeped: false, answer: null, problem: null }
}

/** After a start: what was under way then may have arrived. */
export const lineAwoken = (l) =>
  (l.flying ? { ...l, flying: false, unsure: true } : l)

/** Whether nothing more can come of it by itself. */
export const settled = (l) =>
  l.state === 'refused' || l.state === 'voided' || l.state === 'doubt' || l.state === 'till' ||
  (l.state === 'bought' && !l.undo)

/** Whether a code that a till reads would say the same as this line's own text. */
export const showable = (l) => l.state === 'kept' && !l.undo && !l.beeped &&
  /^(\d{8}|\d{12,14})$/.test(l.code)

/**
 * What is to be done next: {do: 'put' | 'void', line, visit}, {do: 'open'} (a visit is wanted, or its
 * bearer was lost), or null. `visits`: [{visit, bearer, state}], the newest last.
 */
export function nextStep(lines, visits) {
  const of = new Map(visits.map((v) => [v.visit, v]))
  const current = visitCurrent(visits)
  for (const line of [...lines].sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1))) {
    if (settled(line) || line.flying)
      continue
    const visit = line.visit ? of.get(line.visit) : current
    if (!visit?.bearer)
      return { do: 'open' }
    return { do: line.state === 'bought' ? 'void' : 'put', line, visit }
  }
  return null
}

/** The visit that new lines go to, or undefined. */
export const visitCurrent = (visits) => visits.filter((v) => v.state === 'open').at(-1)

/** Before the request: bound to this visit from now on. */
export const lineSent = (l, visit) => ({ ...l, visit, flying: true })

/** No answer: whether it arrived is not known; the same is sent again. */
export const lineLost = (l) => ({ ...l, flying: false, unsure: true })

/** The shop's answer to a PUT. */
export const lineBought = (l, answer) => ({ ...l, state: answer.voided ? 'voided' : 'bought', answer,
  problem: null, flying: false, unsure: false })

/** The shop's answer to a DELETE. */
export const lineVoided = (l, answer) =>
  ({ ...l, state: 'voided', answer: answer ?? l.answer, flying: false, unsure: false })

const REFUSALS = new Set(['unknown_article', 'barred_class', 'recalled', 'expired',
  'credit_exhausted', 'malformed', 'too_large', 'visit_full', 'key_reused'])

/**
 * What a refusal means: {line, then}. then: 'on' (to the next line), 'wait' (ask the same again
 * later), 'bearer' (this visit does not know us any more), 'over' (it takes no lines any more).
 */
export function lineAnswered(line, problem) {
  const l = { ...line, flying: false }
  const { code } = problem
  const why = { code, message: problem.message }
  if (code === 'unauthorized' || code === 'unknown_visit')
    return { line: l, then: 'bearer' }
  if (l.state === 'bought') { // it was a DELETE
    if (code === 'unknown_line' || code === 'voided')
      return { line: lineVoided(l), then: 'on' }
    if (code === 'visit_over')
      return { line: { ...l, undo: false, problem: why }, then: 'on' }
    return { line: l, then: 'wait' }
  }
  if (code === 'voided')
    return { line: lineVoided(l), then: 'on' }
  if (code === 'visit_over')
    return { line: lineLeft(l), then: 'over' }
  // whoever was answered so has not bought it: what was bought before is answered with the line
  if (REFUSALS.has(code))
    return { line: l.undo ? lineVoided(l)
      : { ...l, state: 'refused', problem: why, unsure: false, visit: null }, then: 'on' }
  return { line: { ...l, unsure: l.unsure || problem.status === 0 || problem.status >= 500 },
    then: 'wait' }
}

/** Its visit is out of reach for good: where it may have arrived, only a person can tell. */
function lineLeft(l) {
  if (l.beeped)
    return { ...l, state: 'till', visit: null }
  return l.unsure || l.shown_at ? { ...l, state: 'doubt' } : { ...l, visit: null }
}

/**
 * The shop opened or joined `visit` for us. Lines of a visit whose bearer we have no more and which
 * is not this one are left behind; a line shown at the till belongs to it only if it was open then.
 */
export function linesJoined(lines, visits, visit, openedAt) {
  const bears = new Map(visits.map((v) => [v.visit, Boolean(v.bearer)]))
  return lines.map((l) => {
    if (settled(l))
      return l
    if (l.visit && l.visit !== visit && !bears.get(l.visit))
      return l.state === 'bought' ? { ...l, undo: false } : lineLeft(l)
    if (!l.visit && l.shown_at)
      return openedAt <= l.shown_at ? { ...l, visit } : lineLeft(l)
    return l
  })
}

/** The shopper takes it back: null where nobody but this phone knew of it. */
export function lineUndone(l) {
  if (l.state === 'refused' || l.state === 'voided' || l.state === 'till')
    return null
  if (l.state === 'kept' && !l.flying && !l.unsure && !l.shown_at)
    return null
  return { ...l, undo: true }
}

/** Once more, after a refusal or a doubt that the person has settled: it was not bought. */
export const lineAgain = (l) =>
  ({ ...l, state: 'kept', visit: null, problem: null, unsure: false, shown_at: null, beeped: false })

/** It stands in a code that is held to the till; `beeped`: and the till has taken it. */
export const lineShown = (l, at, beeped) =>
  ({ ...l, shown_at: l.shown_at ?? at, beeped: l.beeped || beeped })

/**
 * What is to change so that `wanted` thousandths of this article are in the basket: {add, undo: keys}.
 * A bought line's quantity stands: it is taken back, and what is left is added anew.
 */
export function quantityChange(lines, wanted) {
  const have = lines.reduce((n, l) => n + l.quantity, 0)
  if (wanted >= have)
    return { add: wanted - have, undo: [] }
  const undo = []
  let left = have
  for (const l of [...lines].sort((a, b) => b.at - a.at)) {
    if (left <= wanted)
      break
    undo.push(l.key)
    left -= l.quantity
  }
  return { add: wanted - left, undo }
}

/** The basket as rows: what is of the same code and price stands together, the newest first. */
export function basketRows(lines) {
  const rows = new Map()
  for (const l of lines) {
    if (l.undo || l.state === 'voided')
      continue
    const apart = l.state === 'refused' || l.state === 'doubt' || l.problem ? l.key : ''
    const id = `${l.code}|${l.answer?.unit_price_minor ?? ''}|${apart}`
    const row = rows.get(id) ?? { id, code: l.code, lines: [], at: 0 }
    row.lines.push(l)
    row.at = Math.max(row.at, l.at)
    rows.set(id, row)
  }
  return merged([...rows.values()]).sort((a, b) => b.at - a.at)
}

/** A line that waits for its price stands with those that have one. */
function merged(rows) {
  const out = []
  for (const row of rows) {
    const waits = row.id.endsWith('||')
    const home = waits && rows.find((r) => r !== row && r.code === row.code &&
      r.id.endsWith('|') && !r.id.endsWith('||'))
    if (home) {
      home.lines.push(...row.lines)
      home.at = Math.max(home.at, row.at)
    } else {
      out.push(row)
    }
  }
  return out
}
