// unit_queue.mjs: the queue of lines between phone and shop: nothing lost, nothing twice, nothing
// under another key; by hand for each turn, and by a shop that loses answers at every place.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { basketRows, lineAgain, lineAnswered, lineAwoken, lineBought, lineLost, lineMade, lineSent,
  lineShown, lineUndone, lineVoided, linesJoined, nextStep, quantityChange, settled, showable }
  from '../../src/web/phone/queue.js'

const line = (key, more = {}) =>
  ({ ...lineMade({ key, code: '7300156480903', at: 1000 + Number(key) || 1000 }), ...more })
const visit = (id, more = {}) => ({ visit: id, bearer: `b-${id}`, state: 'open', ...more })
const no = (code, status = 409) => ({ code, status, message: code })

test('a line waits for a visit, then goes to it, then is settled', () => {
  const l = line('1')
  assert.deepEqual(nextStep([l], []), { do: 'open' })
  const step = nextStep([l], [visit('v')])
  assert.equal(step.do, 'put')
  assert.equal(step.visit.visit, 'v')
  const sent = lineSent(l, 'v')
  assert.equal(nextStep([sent], [visit('v')]), null)
  const bought = lineBought(sent, { total_minor: 5, voided: false })
  assert.ok(settled(bought))
  assert.equal(nextStep([bought], [visit('v')]), null)
})

test('the oldest goes first, and one that was refused holds nobody up', () => {
  const [a, b] = [line('2'), line('1')]
  assert.equal(nextStep([a, b], [visit('v')]).line.key, '1')
  const { line: refused, then } = lineAnswered(lineSent(b, 'v'), no('unknown_article', 404))
  assert.equal(then, 'on')
  assert.equal(refused.state, 'refused')
  assert.equal(nextStep([a, refused], [visit('v')]).line.key, '2')
})

test('without an answer the same goes to the same visit, also when another is open', () => {
  const l = lineLost(lineSent(line('1'), 'v'))
  assert.ok(l.unsure)
  const step = nextStep([l], [visit('v', { state: 'closed' }), visit('w')])
  assert.equal(step.visit.visit, 'v')
  assert.equal(step.line.key, '1')
})

test('a crash under way counts as no answer', () => {
  const l = lineAwoken(lineSent(line('1'), 'v'))
  assert.equal(l.flying, false)
  assert.ok(l.unsure)
})

test('a passing fault changes nothing but that it is not sure', () => {
  for (const [status, code, unsure] of [[503, 'unavailable', true], [429, 'too_many', false],
    [503, 'ledger_unavailable', true], [0, 'unreachable', true], [403, 'not_here', false]]) {
    const { line: l, then } = lineAnswered(lineSent(line('1'), 'v'), no(code, status))
    assert.equal(then, 'wait', code)
    assert.equal(l.state, 'kept')
    assert.equal(l.visit, 'v')
    assert.equal(l.unsure, unsure, code)
  }
})

test('a lost bearer: rejoined, the same visit goes on; another takes only what never left', () => {
  const { line: l, then } = lineAnswered(lineSent(line('1'), 'v'), no('unauthorized', 401))
  assert.equal(then, 'bearer')
  const lost = [visit('v', { bearer: null })]
  assert.deepEqual(nextStep([l], lost), { do: 'open' })
  const again = linesJoined([l], [visit('v')], 'v', 0)
  assert.equal(nextStep(again, [visit('v')]).visit.visit, 'v')
  const [never] = linesJoined([l], [...lost, visit('w')], 'w', 0)
  assert.equal(never.visit, null)
  assert.equal(nextStep([never], [...lost, visit('w')]).visit.visit, 'w')
  const [maybe] = linesJoined([lineLost(lineSent(l, 'v'))], [...lost, visit('w')], 'w', 0)
  assert.equal(maybe.state, 'doubt')
  assert.equal(nextStep([maybe], [...lost, visit('w')]), null)
  assert.equal(lineAgain(maybe).key, '1')
})

test('a visit over for more than seven days: what never left goes on, what may have is asked about',
  () => {
    const fresh = lineAnswered(lineSent(line('1'), 'v'), no('visit_over'))
    assert.equal(fresh.line.state, 'kept')
    assert.equal(fresh.line.visit, null)
    const maybe = lineAnswered(lineSent(lineLost(lineSent(line('1'), 'v')), 'v'), no('visit_over'))
    assert.equal(maybe.line.state, 'doubt')
  })

test('taken back: forgotten where nobody knew, else bought first and then voided', () => {
  assert.equal(lineUndone(line('1')), null)
  const maybe = lineUndone(lineLost(lineSent(line('1'), 'v')))
  assert.equal(nextStep([maybe], [visit('v')]).do, 'put')
  const bought = lineBought(maybe, { total_minor: 5, voided: false })
  assert.equal(nextStep([bought], [visit('v')]).do, 'void')
  assert.equal(lineVoided(bought, { voided: true }).state, 'voided')
  assert.equal(lineAnswered(lineSent(bought, 'v'), no('unknown_line', 404)).line.state, 'voided')
  const kept = lineAnswered(lineSent(bought, 'v'), no('visit_over')).line
  assert.equal(kept.state, 'bought')
  assert.equal(kept.problem.code, 'visit_over')
  assert.ok(settled(kept))
  assert.equal(lineAnswered(lineSent(maybe, 'v'), no('credit_exhausted', 403)).line.state, 'voided')
})

test('shown at the till: the same line in a visit of that time, never in a later one', () => {
  const shown = lineShown(lineShown(line('1'), 5000, false), 5100, true)
  assert.equal(shown.shown_at, 5000)
  const [same] = linesJoined([shown], [visit('v')], 'v', 4000)
  assert.equal(same.visit, 'v')
  const [later] = linesJoined([shown], [visit('w')], 'w', 6000)
  assert.equal(later.state, 'till')
  const [asked] = linesJoined([lineShown(line('1'), 5000, false)], [visit('w')], 'w', 6000)
  assert.equal(asked.state, 'doubt', 'the till may have read it, or not')
  assert.ok(lineUndone(shown), 'the till may have it: it is not simply forgotten')
})

test('a till reads plain numbers only', () => {
  assert.ok(showable(line('1')))
  assert.ok(!showable({ ...line('1'), code: '0107300156480903' + '10A1' }))
  assert.ok(!showable({ ...line('1'), code: 'https://id.gs1.org/01/07300156480903' }))
})

test('quantities', () => {
  const two = [line('1'), line('2', { quantity: 3000 })]
  assert.deepEqual(quantityChange(two, 5000), { add: 1000, undo: [] })
  assert.deepEqual(quantityChange(two, 4000), { add: 0, undo: [] })
  assert.deepEqual(quantityChange(two, 3000), { add: 2000, undo: ['2'] })
  assert.deepEqual(quantityChange(two, 1000), { add: 0, undo: ['2'] })
  assert.deepEqual(quantityChange(two, 0), { add: 0, undo: ['2', '1'] })
})

test('rows: the same together, the refused apart, the voided gone', () => {
  const bought = (key) => lineBought(line(key), { unit_price_minor: 1490, voided: false })
  const rows = basketRows([bought('1'), bought('2'), line('3'),
    lineAnswered(line('4'), no('unknown_article', 404)).line, lineVoided(bought('5'))])
  assert.deepEqual(rows.map((r) => r.lines.map((l) => l.key).sort()), [['4'], ['1', '2', '3']])
})

// --- a shop that loses whatever can be lost -------------------------------------------------------

function random(seed) {
  let s = seed
  return () => {
    s = (s * 1103515245 + 12345) % 2147483648
    return s / 2147483648
  }
}

/** As the box does it: a key is known within its visit. */
class Shop {
  constructor(draw) {
    this.draw = draw
    this.visits = new Map()
    this.open = null
    this.n = 0
  }
  join() {
    if (!this.open || this.draw() < 0.2) {
      this.open = `v${++this.n}`
      this.visits.set(this.open, { bearers: new Set(), lines: new Map() })
    }
    const bearer = `${this.open}-${this.draw()}`
    this.visits.get(this.open).bearers.add(bearer)
    return { visit: this.open, bearer }
  }
  call(kind, { visit, bearer }, key) {
    const v = this.visits.get(visit)
    if (!v?.bearers.has(bearer))
      return no('unauthorized', 401)
    const l = v.lines.get(key)
    if (kind === 'put') {
      if (l?.voided)
        return no('voided')
      v.lines.set(key, l ?? { voided: false })
      return { total_minor: 1, voided: false }
    }
    if (!l)
      return no('unknown_line', 404)
    l.voided = true
    return { total_minor: 1, voided: true }
  }
}

test('a thousand days with lost answers, crashes, lost bearers: each line once, or asked about', () => {
  for (let seed = 1; seed <= 1000; seed++) {
    const draw = random(seed)
    const shop = new Shop(draw)
    let visits = []
    let lines = []
    const undone = new Set()
    let made = 0
    const put = (l) => { lines = lines.map((x) => (x.key === l.key ? l : x)) }
    for (let turn = 0; turn < 120; turn++) {
      const calm = turn > 80
      if (lines.length < 6 && draw() < 0.3)
        lines.push({ ...line(String(made++)), at: turn })
      if (!calm && draw() < 0.1 && lines.length) {
        const l = lines[Math.floor(draw() * lines.length)]
        const u = lineUndone(l)
        undone.add(l.key)
        if (u)
          put(u)
        else
          lines = lines.filter((x) => x !== l)
      }
      if (!calm && draw() < 0.1)
        lines = lines.map(lineAwoken)
      if (!calm && draw() < 0.05)
        visits = visits.map((v) => ({ ...v, bearer: draw() < 0.5 ? null : v.bearer }))
      const step = nextStep(lines, visits)
      if (!step)
        continue
      if (step.do === 'open') {
        const { visit: id, bearer } = shop.join()
        if (!calm && draw() < 0.2)
          continue // the answer is lost: a new token joins again
        visits = [...visits.filter((v) => v.visit !== id), { visit: id, bearer, state: 'open' }]
        lines = linesJoined(lines, visits, id, turn)
        continue
      }
      put(lineSent(step.line, step.visit.visit))
      const flying = lines.find((l) => l.key === step.line.key)
      const lost = calm ? 1 : draw()
      const answer = lost < 0.15 ? null : shop.call(step.do, step.visit, step.line.key)
      if (lost < 0.3) {
        if (draw() < 0.5)
          put(lineLost(flying))
        else
          lines = lines.map(lineAwoken) // it crashed
      } else if (answer.code) {
        const { line: l, then } = lineAnswered(flying, answer)
        put(l)
        if (then === 'bearer')
          visits = visits.map((v) => (v.visit === step.visit.visit ? { ...v, bearer: null } : v))
      } else {
        put(step.do === 'put' ? lineBought(flying, answer) : lineVoided(flying, answer))
      }
    }
    for (const l of lines) {
      const places = [...shop.visits.values()].map((v) => v.lines.get(l.key)).filter(Boolean)
      const live = places.filter((p) => !p.voided).length
      assert.ok(places.length <= 1, `seed ${seed}: ${l.key} is in ${places.length} visits`)
      if (l.state === 'bought' && !l.undo && !undone.has(l.key))
        assert.equal(live, 1, `seed ${seed}: ${l.key} is lost`)
      if (l.state === 'voided')
        assert.equal(live, 0, `seed ${seed}: ${l.key} is still bought`)
      assert.ok(settled(l), `seed ${seed}: ${l.key} hangs: ${JSON.stringify(l)}`)
    }
  }
})
