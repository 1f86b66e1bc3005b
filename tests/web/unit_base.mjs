// unit_base.mjs: the logic under the pages that needs no browser: CBOR and base45 by the examples of
// their RFCs, check digits, and the words: both languages, none used that is not there.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import * as cbor from '../../src/web/base/cbor.js'

const web = join(dirname(fileURLToPath(import.meta.url)), '../../src/web')

test('integers have their shortest form (RFC 8949, appendix A)', () => {
  for (const [n, form] of [[0, '00'], [23, '17'], [24, '1818'], [100, '1864'], [1000, '1903e8'],
    [1000000, '1a000f4240'], [1000000000000, '1b000000e8d4a51000']])
    assert.equal(cbor.hex(cbor.uint(n)), form)
  assert.equal(cbor.hex(cbor.negative(-1)), '20')
  assert.equal(cbor.hex(cbor.negative(-100)), '3863')
  assert.equal(cbor.hex(cbor.text('ü')), '62c3bc')
  assert.equal(cbor.hex(cbor.array(cbor.uint(1), cbor.array(cbor.uint(2)))), '82018102')
})

test('base45 (RFC 9285, 4.3 and 4.4)', () => {
  const bytes = (s) => new TextEncoder().encode(s)
  for (const [plain, coded] of [['AB', 'BB8'], ['Hello!!', '%69 VD92EX0'],
    ['base-45', 'UJCLQE7W581'], ['ietf!', 'QED8WEX0']]) {
    assert.equal(cbor.base45(bytes(plain)), coded)
    assert.deepEqual(cbor.base45Decode(coded), bytes(plain))
  }
  for (const wrong of ['GGW', ':::', 'A', 'ab', 'É00'])
    assert.equal(cbor.base45Decode(wrong), null)
})

test('check digits (GS1 General Specifications 7.9)', async () => {
  const { gtinRight } = await import('../../src/web/base/ean.js')
  for (const right of ['7300156480903', '96385074', '036000291452', '10614141543219'])
    assert.ok(gtinRight(right), right)
  for (const wrong of ['7300156480904', '9638507', '', '73001564809O3', '730015648090312'])
    assert.ok(!gtinRight(wrong), wrong)
})

function* sources() {
  for (const folder of ['base', 'phone', 'kiosk', 'owner', 'office'])
    for (const file of readdirSync(join(web, folder)))
      if (file.endsWith('.js'))
        yield { folder, file, text: readFileSync(join(web, folder, file), 'utf8')
          .replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '') }
}

const ENTRY = /(?:^ {2}|\], )'?([a-z][a-z0-9_]*)'?: \[/gm

test('every word stands in Swedish and in English, and says something', () => {
  let entries = 0
  for (const { folder, file, text } of sources()) {
    if (!text.includes('words({'))
      continue
    const tables = text.match(/^words\(\{[\s\S]*?\n\}\)/gm) ?? []
    for (const table of tables) {
      const said = []
      // the table is a literal: it is read as the page itself reads it
      new Function('words', table)((t) => said.push(...Object.entries(t)))
      for (const [key, value] of said) {
        entries++
        assert.equal(value.length, 2, `${folder}/${file} ${key}`)
        const [sv, en] = value
        assert.ok(sv && en, `${folder}/${file} ${key}`)
        const holes = (s) => [...s.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort().join()
        assert.deepEqual(new Set(holes(sv).split(',')), new Set(holes(en).split(',')),
          `${folder}/${file} ${key}: the same values in both`)
      }
    }
  }
  assert.ok(entries > 20)
})

test('no page asks for a word that is not there', () => {
  const has = { base: new Set() }
  const all = [...sources()]
  for (const { folder, text } of all) {
    has[folder] ??= new Set()
    for (const m of text.matchAll(ENTRY))
      has[folder].add(m[1])
  }
  for (const { folder, file, text } of all)
    for (const m of text.matchAll(/[^\w.]t\('([a-z0-9_]+)'/g))
      assert.ok(has[folder].has(m[1]) || has.base.has(m[1]), `${folder}/${file}: ${m[1]}`)
})
