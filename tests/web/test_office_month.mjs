// test_office_month.mjs: five hundred of everything that one looks through: members and passes on the
// owner's page, then a month of five hundred invoices at head office, and the payments for them out of
// a bank's file. All of it came by the programs' own ways.
import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT, openHouse, tests, until } from './house.mjs'
import { clerk, place, press, row, shot, tab } from './office_house.mjs'
import { goTo, owner } from './owner_house.mjs'

const MANY = 500
const LOST = 260 // of the bank's payments name nobody's invoice: more than a page of the office's
const PYTHON = process.env.PYTHON ?? '/usr/bin/python3'
const { seller } = JSON.parse(readFileSync(join(ROOT, 'tests/data/parties/consumer.json'), 'utf8'))
const clock = join(tmpdir(), `many-clock-${process.pid}`)
process.on('exit', () => rmSync(clock, { force: true }))
clockAhead(0)
const house = await openHouse({ args: ['--preload', `shopd:${join(ROOT, 'build/gcc/otherday.so')}`,
  '--env', `shopd:OTHERDAY=${clock}`] })
let eva, ulla, invoices

/** The shop's wall clock is so far ahead. */
function clockAhead(ms) {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(BigInt(ms))
  writeFileSync(clock, bytes)
}

async function inTens(n, work) {
  for (let i = 0; i < n; i += 10)
    await Promise.all(Array.from({ length: Math.min(10, n - i) }, (_, k) => work(i + k)))
}

/** Every page of a list of the office's. */
async function all(path, name) {
  const rows = []
  for (let after = ''; ;) {
    const page = await house.operator('GET', `${path}limit=200${after && `&after=${after}`}`)
    rows.push(...page[name])
    if (page.up_to_date || !page.next)
      return rows
    after = page.next
  }
}

/** A file of Bankgiro Inbetalningar: [[reference, minor], …]. */
function bgmax(payments) {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '')
  const z = (n, width) => String(n).padStart(width, '0')
  const total = payments.reduce((sum, [, minor]) => sum + minor, 0)
  return Buffer.from([`01BGMAX               01${day}173035010331T`,
    `05${z(seller.bankgiro.replace(/\D/g, ''), 10)}          SEK`,
    ...payments.map(([reference, minor], i) =>
      `20${z('', 10)}${reference.padStart(25)}${z(minor, 18)}2${reference ? 2 : 1}${z(70010 + i, 12)}0`),
    `15${z('', 26)}123456789${day}00056${z(total, 18)}SEK${z(payments.length, 8)} `,
    `70${z(payments.length, 8)}${z(0, 8)}${z(0, 8)}${z(1, 8)}`]
    .map((l) => `${l.padEnd(80)}\r\n`).join(''), 'latin1')
}

/** Turns pages until this many rows are said to be there. */
async function paged(p, first, second) {
  await p.page.getByText(first).first().waitFor()
  assert.equal(await p.page.locator('tbody tr').count(), 50)
  await press(p, 'Nästa')
  await p.page.getByText(second).first().waitFor()
}

await tests({
  async 'five hundred shop, and are on the owner\'s page'() {
    await house.operator('PATCH', '/v1/shops/viken', { seller })
    await promisify(execFile)(PYTHON, [join(ROOT, 'tests/web/office_many.py'),
      join(house.state, 'run.json'), '--members', String(MANY)])
    const until_ = new Date(Date.now() + 30 * 86400e3).toISOString()
    const { member } = await house.operator('POST', '/v1/members', { shop: 'viken', role: 'delivery' })
    await inTens(MANY, (i) => house.operator('POST', '/v1/passes', { shop: 'viken', member,
      label: i % 5 ? `Gäst ${i}` : `Vaktmästarens nyckelbricka ${i}`, expires_at: until_ }))
    ulla = await owner(house, { glass: 'phone' })
    await goTo(ulla, 'Medlemmar')
    await ulla.page.getByText(/^1–50 av 50\d/).waitFor()
    await ulla.shots('owner-members-500', ['small', 'desktop'])
    await ulla.page.getByLabel('Sök').first().fill('Bo Ek 377')
    await ulla.page.getByRole('button', { name: 'Sök', exact: true }).click()
    await until(async () => await ulla.page.locator('tbody tr').count() === 1, 'the one member')
    await goTo(ulla, 'Pass')
    await ulla.page.getByText('Gäst 499').first().waitFor()
    await ulla.shots('owner-passes-500', ['small'])
    await ulla.page.getByLabel('Sök pass').fill('gäst 377')
    await until(async () => await ulla.page.locator('.rows > li').count() === 1, 'the one pass')
    await ulla.page.getByLabel('Sök pass').fill('kamel')
    await ulla.page.getByText('Inget pass passar').waitFor()
  },

  async 'a month of five hundred invoices'() {
    const now = new Date()
    clockAhead(Date.UTC(now.getFullYear(), now.getMonth() + 1, 1, 3, 30) - now)
    process.kill(house.pid('shopd'), 'SIGTERM')
    await until(() => / is closed, \d+ invoice/.test(house.console('shopd')), 'the month to be closed', 60000)
    invoices = await until(async () => {
      const found = await all('/v1/invoices?', 'invoices')
      return found.length === MANY && found
    }, 'the office to have them', 60000)
    eva = await clerk(house, 'eva')
    await place(eva, 'Fakturor')
    await until(async () => {
      await eva.page.reload()
      return eva.page.getByText(/^1–50 av \d{3}/).waitFor({ timeout: 4000 }).then(() => true, () => false)
    }, 'the mailings', 60000)
    await row(eva, 'medlemmen vill inte ha brev').first().waitFor()
    await tab(eva, 'Alla fakturor')
    await eva.page.getByText(`Summa av ${MANY} fakturor`).waitFor()
    await shot(eva, 'invoices-500')
    await paged(eva, `1–50 av ${MANY}`, `51–100 av ${MANY}`)
    const [, one] = invoices
    const search = eva.page.getByLabel('Sök nummer eller OCR')
    for (const text of [one.number.toLowerCase(), one.ocr]) {
      await Promise.all([eva.page.waitForResponse(/\/v1\/bills/), search.fill(text)])
      await until(async () => await eva.page.locator('tbody tr').count() === 1, `the invoice ${text}`)
      await row(eva, one.number).waitFor()
    }
    await shot(eva, 'invoice-found')
    await search.fill('VIKEN-2026')
    await eva.page.getByText('Skriv hela numret').waitFor()
    await search.fill('VIKEN-2019-000001')
    await eva.page.getByText('Ingen faktura har det numret').waitFor()
    await search.fill('')
    await eva.page.getByLabel('Läge').selectOption('open')
    await paged(eva, /^1–50 av 100\+/, /^51–100 av 100\+/)
  },

  async 'the owner, far from the shop, has an invoice as its document'() {
    ulla.road.go('office')
    await ulla.page.goto(`${ulla.home}owner#/invoice/${invoices[377].number}`)
    await ulla.page.reload()
    await ulla.page.getByRole('heading', { level: 1, name: invoices[377].number }).waitFor()
    const [file] = await Promise.all([ulla.page.waitForEvent('download'),
      ulla.page.getByRole('button', { name: 'Hämta som PDF' }).click()])
    assert.equal(file.suggestedFilename(), `${invoices[377].number}.pdf`)
    const pdf = await file.path()
    const words = execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' })
    for (const part of [invoices[377].number, invoices[377].ocr, seller.name, 'Bo Ek', 'Ägg'])
      assert.ok(words.includes(part), part)
    execFileSync('pdftoppm', ['-r', '100', '-png', '-singlefile', pdf,
      join(ROOT, 'build/screens/owner-document-a4')])
    await ulla.shots('owner-away-invoice', ['phone'])
    assert.deepEqual(ulla.wrong, [])
    await ulla.close()
  },

  async 'five hundred payments in one file, and as many that name nobody'() {
    await place(eva, 'Betalningar')
    await tab(eva, 'Läs in bankfil')
    const pay = async (name, payments) => {
      await eva.page.getByLabel('Bankens fil').setInputFiles({ name, mimeType: 'text/plain',
        buffer: bgmax(payments) })
      await press(eva, 'Läs in')
      await row(eva, name).waitFor({ timeout: 60000 })
    }
    await pay('november.txt', invoices.map((i) => [i.ocr, i.payable_minor]))
    await eva.page.getByText(`1–50 av ${MANY}`).waitFor()
    await shot(eva, 'bank-500')
    await pay('okända.txt', Array.from({ length: LOST }, (_, i) => [`tack ${i}`, 10000 + i]))
    await tab(eva, 'Utan faktura')
    await paged(eva, /^1–50 av 200\+/, /^51–100 av 200\+/)
    await shot(eva, 'payments-500')
    await tab(eva, 'Per butik')
    await eva.page.getByLabel('Butik').selectOption('viken')
    await paged(eva, /^1–50 av 200\+/, /^51–100 av 200\+/)
    await until(async () => (await all('/v1/bills?state=open&', 'bills')).length === 0,
      'the shop to have booked them all', 60000)
    await place(eva, 'Fakturor')
    await tab(eva, 'Alla fakturor')
    await eva.page.getByLabel('Läge').selectOption('paid')
    await eva.page.getByText(/^1–50 av 100\+/).waitFor()
  },

  async 'nothing went wrong behind anybody\'s back'() {
    await house.close()
    assert.deepEqual(eva.wrong, [])
  },
})
