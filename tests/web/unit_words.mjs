// unit_words.mjs: numbers, money, days and hours as they are written in Sweden and in English, and words
// that bend by number. The shop's own time holds, wherever the browser is.
import assert from 'node:assert/strict'
import { test } from 'node:test'

// what a browser has and node has not
globalThis.document = { documentElement: {} }
Object.defineProperty(globalThis, 'navigator', { value: { languages: ['de-DE', 'en-US', 'sv'] },
  configurable: true })
const w = await import('../../src/web/base/words.js')
w.setTimeZone('Europe/Stockholm')
const AT = '2026-11-02T23:05:09Z' // the third, by then, in Stockholm

/** Both languages; spaces that do not break count as spaces. */
function says(f, sv, en) {
  for (const [language, said] of [['sv', sv], ['en', en]]) {
    w.setLanguage(language)
    assert.equal(f().replace(/[\u00a0\u202f]/g, ' ').replace(/\u2212/g, '-'), said, language)
    assert.equal(document.documentElement.lang, language)
  }
}

test('the browser’s first language of ours, until somebody chooses', () => {
  assert.equal(w.language(), 'en')
})

test('money', () => {
  says(() => w.money(1234567), '12 345,67 kr', 'kr 12,345.67')
  says(() => w.money(5), '0,05 kr', 'kr 0.05')
  says(() => w.money(-2990), '-29,90 kr', '-kr 29.90')
  says(() => w.money(100, 'EUR'), '1,00 €', '€1.00')
  says(() => w.money(9007199254740991), '90 071 992 547 409,91 kr', 'kr 90,071,992,547,409.91')
})

test('numbers, weights and per cent', () => {
  says(() => w.number(12345), '12 345', '12,345')
  says(() => w.quantity(412), '0,412', '0.412')
  says(() => w.quantity(2000), '2', '2')
  says(() => w.percent(1250), '12,5 %', '12.5%')
})

test('days and hours', () => {
  says(() => w.time(AT), '00:05', '00:05')
  says(() => w.timeExact(AT), '00:05:09', '00:05:09')
  says(() => w.day(AT), '3 november 2026', '3 November 2026')
  says(() => w.dayShort(AT).replace(',', ''), 'tis 3 nov.', 'Tue 3 Nov')
  says(() => w.moment(AT).replace(',', ''), '3 nov. 00:05', '3 Nov 00:05')
  says(() => w.month('2026-11'), 'november 2026', 'November 2026')
})

test('how long ago', () => {
  const now = Date.parse(AT)
  says(() => w.ago(now - 3 * 60000, now), 'för 3 minuter sedan', '3 minutes ago')
  says(() => w.ago(now, now), 'nu', 'now')
  says(() => w.ago(now - 86400000, now), 'i går', 'yesterday')
  says(() => w.ago(now - 40 * 86400000, now), 'för 40 dagar sedan', '40 days ago')
})

test('words bend by number', () => {
  w.words({ things: ['{n} {n|vara|varor} av {all}', '{n} {n|thing|things} of {all}'] })
  says(() => w.t('things', { n: 1, all: 3 }), '1 vara av 3', '1 thing of 3')
  says(() => w.t('things', { n: 0, all: 3 }), '0 varor av 3', '0 things of 3')
})
