// api.js: asking a server, and what can come of it: an answer, or a Problem that says what to do.
// Nothing waits for ever, and nothing is repeated here: who asks knows whether it may be.
import { authorization } from './key.js'
import { language, t } from './words.js'

/** Milliseconds until a question counts as lost. The box answers within 5 s or not at all. */
export const ANSWER_MS = 10000

/** A refusal (problem+json), or `unreachable`: nobody answered. `detail` is for the person. */
export class Problem extends Error {
  constructor(status, body, retryAfter) {
    super(body.detail || body.title || t('problem_unknown'))
    this.status = status
    this.code = body.code ?? 'unknown'
    this.retry_s = retryAfter
    this.nonce = body.nonce // of a 401 `stale`: sign with it, and ask again once
  }
  /** Whether asking again, unchanged, may help. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}

const unreachable = () => new Problem(0, { code: 'unreachable', detail: t('problem_unreachable') })

/**
 * ask('/v1/visits', {method, json, token, bearer, signed, at, accept, ms})
 *   json    a value, sent as application/json
 *   token   a token's bytes as the body (application/cose)
 *   signed  a token's bytes, as Authorization: SK1
 *   bearer  of a visit
 *   at      another origin than our own
 *   accept  what is wanted other than JSON: then the Response itself is returned
 * @returns the answer's JSON; null where it has none. Throws Problem.
 */
export async function ask(path, o = {}) {
  const headers = { 'Accept-Language': language() }
  let body
  if (o.json !== undefined) {
    headers['Content-Type'] = 'application/json'
    body = JSON.stringify(o.json)
  } else if (o.token) {
    headers['Content-Type'] = 'application/cose'
    body = o.token
  } else if (o.csv !== undefined) {
    headers['Content-Type'] = o.type ?? 'text/csv'
    body = o.csv
  }
  if (o.signed)
    headers.Authorization = authorization(o.signed)
  if (o.bearer)
    headers.Authorization = `Bearer ${o.bearer}`
  if (o.accept)
    headers.Accept = o.accept
  let response
  try {
    response = await fetch((o.at ?? '') + path, {
      method: o.method ?? (body === undefined ? 'GET' : 'POST'), headers, body,
      credentials: o.at ? 'omit' : 'same-origin', cache: 'no-store', redirect: 'error',
      signal: AbortSignal.timeout(o.ms ?? ANSWER_MS),
    })
  } catch {
    throw unreachable()
  }
  if (response.ok)
    return o.accept ? response : answered(response)
  throw await problemOf(response)
}

async function answered(response) {
  if (response.status === 204 || !response.headers.get('Content-Type'))
    return null
  try {
    return await response.json()
  } catch {
    throw unreachable() // cut off on the way
  }
}

async function problemOf(response) {
  const retry = Number(response.headers.get('Retry-After')) || undefined
  try {
    return new Problem(response.status, await response.json(), retry)
  } catch {
    // no word of ours: a proxy's own page, or a network that wants somebody to sign in
    return new Problem(response.status, { code: 'unknown' }, retry)
  }
}

/**
 * listen('/v1/events', {door: (data) => …}, onRoad): server-sent events until the function that it
 * returns is called. `onRoad(true | false)` says whether the road is well; the browser comes back by
 * itself, and we do where it gives up.
 */
export function listen(path, handlers, onRoad = () => {}) {
  const AGAIN_MS = 3000
  let source, timer, over = false
  const open = () => {
    source = new EventSource(path)
    source.onopen = () => onRoad(true)
    source.onerror = () => {
      onRoad(false)
      if (source.readyState === EventSource.CLOSED && !over)
        timer = setTimeout(open, AGAIN_MS)
    }
    for (const [name, f] of Object.entries(handlers))
      source.addEventListener(name, (e) => f(parsed(e.data), e))
  }
  open()
  return () => {
    over = true
    clearTimeout(timer)
    source.close()
  }
}

function parsed(data) {
  try {
    return JSON.parse(data)
  } catch {
    return data
  }
}
