// unit_phone.mjs: the phone's own logic that needs no browser: what a camera or a person gives as goods,
// the basket as codes for the till, months and searching.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { base45Decode, base64url } from '../../src/web/base/cbor.js'
import { basketCodes } from '../../src/web/phone/basket_code.js'
import { articleOf, codeRead, codeTyped, labelOf } from '../../src/web/phone/codes.js'
import { visitsMerged } from '../../src/web/phone/visits.js'

test('what a camera reads off goods is sent as it stands', () => {
  for (const [text, format, goods] of [
    ['7300156480903', 'EAN13', '7300156480903'], ['96385074', 'EAN8', '96385074'],
    ['036000291452', 'UPCA', '036000291452'],
    ['0107300156480903', 'DataBar', '0107300156480903'],
    ['010730015648090310A1\u001d15261224', 'DataMatrix', '010730015648090310A1\u001d15261224'],
    ['https://id.gs1.org/01/07300156480903/10/A1?15=261224', 'QRCode',
      'https://id.gs1.org/01/07300156480903/10/A1?15=261224'],
    ['2312345012341', 'EAN13', undefined], // a wrong check digit
  ])
    assert.equal(codeRead({ text, format }).goods, goods, text)
})

test('UPC-E is told in full (GS1 General Specifications 5.2.2.4)', () => {
  for (const [e, a] of [['01234505', '012000003455'], ['04252614', '042100005264'],
    ['01234531', '012300000451'], ['01234543', '012340000053'], ['01234565', '012345000065']])
    assert.equal(codeRead({ text: e, format: 'UPCE' }).goods, a, e)
})

test('codes of ours, and codes of nobody, are no goods', () => {
  assert.deepEqual(codeRead({ text: 'https://viken.example/#/with/ABCD2345', format: 'QRCode' }),
    { with: 'ABCD2345' })
  assert.deepEqual(codeRead({ text: 'https://viken.example/#/join/7Q2M-0D8N-C5TG', format: 'QRCode' }),
    { join: '7Q2M-0D8N-C5TG' })
  assert.ok(codeRead({ text: 'SKN1:NN8', format: 'QRCode' }).door)
  for (const text of ['https://example.com/', 'WIFI:S:viken;;', '12345', 'HELLO', ''])
    assert.deepEqual(codeRead({ text, format: 'QRCode' }), {}, text)
})

test('typing is helped', () => {
  assert.deepEqual(codeTyped(' 7300156-480903 '), { code: '7300156480903' })
  assert.deepEqual(codeTyped('7300156480904'), { hint: 'type_check', digit: '3', last: '4' })
  assert.equal(codeTyped('730015648090').hint, 'type_check')
  assert.deepEqual(codeTyped('73001'), { hint: 'type_short', n: 5 })
  assert.deepEqual(codeTyped('730015648090312'), { hint: 'type_long', n: 15 })
  assert.equal(codeTyped('73x').hint, 'type_digits')
})

test('the same article by every form of its number', () => {
  for (const code of ['7300156480903', '07300156480903', '0107300156480903', ']C10107300156480903',
    'https://id.gs1.org/01/07300156480903/10/A1'])
    assert.equal(articleOf(code), '07300156480903', code)
  assert.equal(articleOf('10A1'), '')
})

test('Swedish labels of the shop’s scales (GS1 Sweden)', () => {
  assert.deepEqual(labelOf('2312345612342', 'SEK'),
    { article: '02312345600004', kind: 'weight', value: 1234 })
  assert.deepEqual(labelOf('2012345612341', 'SEK'),
    { article: '02012345600003', kind: 'price', value: 1234 })
  assert.deepEqual(labelOf('2112345612348', 'SEK').value, 12340)
  assert.deepEqual(labelOf('2512345612346', 'SEK').value, 123400)
  assert.equal(labelOf('2312345612342', 'NOK'), null)
  assert.equal(labelOf('7300156480903', 'SEK'), null)
  assert.equal(labelOf('2312345600004', 'SEK'), null, 'nothing on the scale')
})

/** The basket's CBOR, read back by the few forms that it may have. */
function opened(text) {
  assert.ok(text.startsWith('SKB1:'))
  const b = base45Decode(text.slice(5))
  let at = 0
  const item = () => {
    const [major, info] = [b[at] >> 5, b[at++] & 31]
    const width = info < 24 ? 0 : 2 ** (info - 24)
    let n = info < 24 ? info : 0
    for (let i = 0; i < width; i++)
      n = n * 256 + b[at++]
    assert.ok(width === 0 || n >= (width === 1 ? 24 : 2 ** (8 * width / 2)), 'the shortest form')
    if (major === 0)
      return n
    if (major === 2) {
      at += n
      return b.slice(at - n, at)
    }
    assert.equal(major, 4)
    return Array.from({ length: n }, item)
  }
  const all = item()
  assert.equal(at, b.length, 'nothing after it')
  return all
}

test('a basket as codes: every line once, in bounds, under its own key', () => {
  const lines = Array.from({ length: 30 }, (_, i) => ({ code: i % 2 ? '7300156480903' : '96385074',
    key: base64url(Uint8Array.from({ length: 8 }, (_b, j) => i * 8 + j)),
    quantity: i === 3 ? 999000 : 1000, at: (1790000000 + i) * 1000 + 345 }))
  const codes = basketCodes([...lines].reverse())
  const all = codes.flatMap((c) => {
    assert.ok(c.text.length <= 512, String(c.text.length))
    const read = opened(c.text)
    assert.ok(read.length <= 12)
    assert.equal(read.length, c.keys.length)
    return read
  })
  assert.equal(codes.length, 3)
  all.forEach(([key, gtin, quantity, at], i) => {
    assert.equal(base64url(key), lines[i].key)
    assert.equal(gtin, Number(lines[i].code))
    assert.equal(quantity, lines[i].quantity)
    assert.equal(at, 1790000000 + i)
  })
  assert.deepEqual(basketCodes([]), [])
})

test('a month lists what was bought: each visit once, the newest first, none without a line', () => {
  const visit = (name, opened_at, lines = [{ name: 'Milk' }]) => ({ visit: name, opened_at, lines })
  const theirs = [visit('b', '2026-11-02T10:00:00Z'), visit('entered', '2026-11-04T10:00:00Z', [])]
  const here = [visit('b', '2026-11-02T10:00:00Z'), visit('c', '2026-11-03T10:00:00Z'),
    visit('looked', '2026-11-05T10:00:00Z', [])]
  const all = visitsMerged(theirs, here)
  assert.deepEqual(all.map((v) => [v.visit, v.here]), [['c', undefined], ['b', true]])
})
