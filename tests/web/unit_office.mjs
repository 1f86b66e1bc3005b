// unit_office.mjs: what head office's page says of the office's own notes: each form that officed writes
// has its words in both languages, and what has none is shown as it came.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { details } from '../../src/web/office/words_details.js'

const say = { at: (iso) => `<${iso}>`, sum: (ore) => `${ore / 100} kr`,
  what: (c) => ({ held_open: 'Dörren står öppen', rehearsal: 'Larmövning' })[c] ?? '' }
const both = (text) => ['sv', 'en'].map((l) => details(text, l, say))

test('sentences follow upon each other', () => {
  const [sv, en] = both('No heartbeat since 2026-11-22T10:00:00.000Z. Heard again; it was silent for 3 min.')
  assert.deepEqual(sv, { words: 'Inget hört sedan <2026-11-22T10:00:00.000Z>. Hördes igen efter 3 min.',
    foreign: '' })
  assert.equal(en.words, 'Nothing heard since <2026-11-22T10:00:00.000Z>. Heard again after 3 min.')
})

test('an alarm is said by its condition and its place', () => {
  assert.equal(both('held_open front')[0].words, 'Dörren står öppen, front.')
  assert.equal(both('held_open front A graver one came.')[0].words,
    'Dörren står öppen, front. Ett allvarligare kom.')
  assert.equal(both('rehearsal  Answered.')[0].words, 'Larmövning. Besvarad.')
})

test('sums are money, and the sorts of them have names', () => {
  const [sv, en] = both("2026-11: the shop's lines not billed grew by 12345 öre since the month before, " +
    'ours by -200')
  assert.equal(sv.words,
    '2026-11: butikens summa för ofakturerade varor ökade med 123.45 kr, kontorets med -2 kr.')
  assert.match(en.words, /goods not billed grew by 123.45 kr, the office’s by -2 kr/)
})

test('every form that the office writes has Swedish words', () => {
  for (const text of [
    'A box with version 0.9 enrolled; epoch 2.',
    'A box with version 0.9 enrolled in place of another; epoch 3.',
    'Epoch 3 was granted: the box has entries up to 7 of those that the office has up to 9.',
    'Revoked by eva: stolen.', 'Revoked by eva.', 'Its box was revoked.',
    'entry 7 came with another hash than before: two boxes write for this shop, ' +
      'or one was put back to an older state',
    'a box still writes in epoch 1, and 2 was granted',
    'its box knows of epoch 4, which is not on record here (3 is): was the office restored from a backup?',
    'entries 7 to 9 do not follow from entry 6 as it is here', 'entry 6 is missing here',
    'an entry of 7 and on: its time is none', 'an entry of 7 and on: its epoch is none that it can have',
    'an entry of 7 and on: its number does not follow from the one before it',
    '1 entry cannot be read here (entry 7, kind 99): kept; a newer officed may read them',
    '3 entries cannot be read here (entry 7, kind 99): kept; a newer officed may read them',
    'A text to contact eva did not leave: the gateway refused it. Texts leave again.',
    'A text to contact eva did not leave: it was tried for a day.',
    'A text to contact eva did not leave: it is being tried again.',
    "No road takes the shop's texts. Texts leave again.",
    'bundle 7: the member: there is no mail address', 'bundle 7: viken: the shop has no seller',
    'bundle 7: viken: the member has no name and address', 'bundle 7: viken: buyer: city is missing',
    'bundle 7: RCPT failed: 550', 'Failed to connect to 127.0.0.1 port 9 after 0 ms: Connection refused',
    'Could not resolve host: mail.example', 'Operation timed out after 30001 milliseconds',
    'sent', 'no mail wanted',
    'the document could not be drawn', 'SSL certificate problem: certificate has expired',
    'webhook hook_00: its receiver says that it is gone (410)',
    'webhook hook_00: given up after three days without an answer', 'answered 500',
    'its name leads to an address that is not of the public internet',
  ]) {
    const [sv, en] = both(text)
    assert.equal(sv.foreign, '', text)
    assert.equal(en.foreign, '', text)
    assert.notEqual(sv.words, text)
    assert.doesNotMatch(sv.words + en.words, /\$|undefined|<\d/, text)
  }
})

test('what has no form is shown as it came', () => {
  assert.deepEqual(both('A comet hit it.')[0], { words: '', foreign: 'A comet hit it.' })
  assert.deepEqual(both('bundle 7: a comet hit it')[0], { words: 'Utskick 7:', foreign: 'a comet hit it' })
})
