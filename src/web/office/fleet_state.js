// fleet_state.js: what is to be said of one shop, from what was heard of it. Pure. The rule: nothing
// is called well that was not heard just now; an old value is shown as old, with its age.

/** Three heartbeats of 15 s. */
export const SILENT_MS = 45000
/** Entries that a shop may have in its outbox before it is behind. */
const UNSENT_MAX = 50
/** What is new for a shop reaches it within seconds: after this it is behind. */
const LAG_MS = 60000

/** The states, the gravest first. */
export const STATES = ['alarm', 'silent', 'unread', 'trouble', 'behind', 'revoked', 'waiting', 'ok']
export const KINDS = { alarm: 'alarm', silent: 'alarm', unread: 'warn', trouble: 'warn', behind: 'warn',
  revoked: 'warn', waiting: 'info', ok: 'ok' }

/** Whether what it said is of now. `round_ms`: how often the fleet is read. */
export function isFresh(s, now, round_ms) {
  return !s.seen.stale && s.seen_at !== null && now - s.read_at < round_ms + SILENT_MS
}

/** Entries that the office does not have yet, as the shop says. */
export const unsent = (s) => (s.seen.said ? Math.max(0, s.seen.said.head_seq - s.head.seq) : null)

/** What is wrong at a shop that is heard: words of words_fleet.js. */
export function troubles(s) {
  const said = s.seen.said
  if (!said)
    return []
  const doors = said.doors.flatMap((d) => [
    ...(d.alarm && d.alarm !== 'normal' ? [`door_${d.alarm}`] : []),
    ...(d.tamper ? ['door_tamper'] : []),
    ...(d.physical === 'fault' ? ['door_fault_'] : []),
    ...(d.mode === 'lockdown' ? ['door_lockdown'] : []),
    ...(d.mode === 'released_by_fire' ? ['door_fire'] : [])])
  return [...new Set([...doors, ...(said.ledger_ok ? [] : ['ledger_bad']),
    ...(said.clock_trusted ? [] : ['clock_bad']), ...(said.sms_ok ? [] : ['sms_bad'])])]
}

const isBehind = (s, now) => unsent(s) > UNSENT_MAX || (s.lag_since && now - s.lag_since > LAG_MS)

/** One of STATES: what to look at first. */
export function stateOf(s, now, round_ms) {
  if (s.state === 'revoked')
    return 'revoked'
  if (s.state === 'waiting')
    return 'waiting'
  if (!isFresh(s, now, round_ms))
    return s.seen.stale || s.seen_at === null ? 'silent' : 'unread'
  if (s.seen.said?.alarms_open > 0)
    return 'alarm'
  if (troubles(s).length)
    return 'trouble'
  return isBehind(s, now) ? 'behind' : 'ok'
}

/** {alarm: 3, silent: 1, …}: how many of each, `alarm` also of those that are silent too. */
export function countStates(shops, now, round_ms) {
  const counts = Object.fromEntries(STATES.map((k) => [k, 0]))
  for (const s of shops)
    counts[stateOf(s, now, round_ms)]++
  return counts
}
