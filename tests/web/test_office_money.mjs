// test_office_money.mjs: a month that a shop closed, as an accountant sees it at head office: the seller
// is filled in, the invoice is there to the öre and as a document, a payment without a reference is
// assigned, what is left is nothing. The shop's wall clock is moved to the first of the next month.
import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT, openHouse, tests, until } from './house.mjs'
import { clerk, named, place, press, row, shot, tab } from './office_house.mjs'

const EGGS = '7300156480903'
const clock = join(tmpdir(), `office-clock-${process.pid}`)
clockAhead(0)
// a mail server that is not there: what did not leave is shown
const house = await openHouse({ set: ['officed:mail:server=smtp://127.0.0.1:9',
  'officed:mail:from=faktura@exempel.example'],
    args: ['--preload', `shopd:${join(ROOT, 'build/gcc/otherday.so')}`,
  '--env', `shopd:OTHERDAY=${clock}`] })
const eva = await clerk(house, 'eva')
let invoice

/** The shop's wall clock is so far ahead. */
function clockAhead(ms) {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(BigInt(ms))
  writeFileSync(clock, bytes)
}

/** Somebody buys eggs with a phone that is a program. */
async function buyEggs(name) {
  const ask = async (method, path, type, body, bearer) => {
    const answer = await fetch(house.run.api + path, { method, body, headers: { 'Content-Type': type,
      ...(bearer && { Authorization: `Bearer ${bearer}` }) } })
    return answer.ok ? answer.json() : null
  }
  const visit = await until(async () => {
    const token = await house.desk.ask({ do: 'token', name, aud: 'viken/till' })
    return ask('POST', '/v1/visits', 'application/cose', Buffer.from(token.hex, 'hex'))
  }, 'the till lets in', 20000)
  const path = `/v1/visits/${visit.visit}`
  // enough for an invoice: smaller sums wait for the next month
  for (const [key, quantity] of [['aaaaaaaaaaaaaaaaaaaaaa', 5000], ['bbbbbbbbbbbbbbbbbbbbbb', 4000]])
    if (!await ask('PUT', `${path}/lines/${key}`, 'application/json',
      JSON.stringify({ gtin: EGGS, quantity }), visit.bearer))
      throw new Error('a line was not taken')
  await ask('POST', `${path}/close`, 'application/json', '{}', visit.bearer)
}

/** A file of Bankgiro Inbetalningar with one payment. */
function bgmax(giro, reference, minor) {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '')
  const z = (n, width) => String(n).padStart(width, '0')
  return Buffer.from([`01BGMAX               01${day}173035010331T`, `05${z(giro, 10)}          SEK`,
    `20${z('', 10)}${reference.padStart(25)}${z(minor, 18)}21${z(70010, 12)}0`,
    `15${z('', 26)}123456789${day}00056${z(minor, 18)}SEK${z(1, 8)} `,
    `70${z(1, 8)}${z(0, 8)}${z(0, 8)}${z(1, 8)}`].map((l) => `${l.padEnd(80)}\r\n`).join(''), 'latin1')
}

await tests({
  async 'the seller is filled in'() {
    const { seller } = JSON.parse(readFileSync(join(ROOT, 'tests/data/parties/consumer.json'), 'utf8'))
    await named(eva, 'viken').getByRole('link').click()
    await eva.page.getByText('saknas: fakturor kan inte ritas').waitFor()
    await tab(eva, 'Uppgifter')
    const form = eva.page.locator('section').filter({ hasText: 'Säljaren på fakturan' })
    for (const [label, value] of [['Namn', seller.name], ['Gata', seller.street],
      ['Postnummer', seller.postcode],
      ['Ort', seller.city], ['Land', seller.country], ['Momsnummer', seller.vat_number],
      ['Styrelsens säte', seller.registered_office]])
      await form.getByLabel(label, { exact: true }).fill(value)
    await form.getByLabel('Godkänd för F-skatt').check()
    await form.getByLabel('Bankgiro').fill('123')
    await press({ page: form }, 'Spara')
    await form.getByRole('alert').waitFor() // that is no bankgiro
    await form.getByLabel('Bankgiro').fill(seller.bankgiro)
    await press({ page: form }, 'Spara')
    await eva.page.getByText('Uppgifterna är sparade.').waitFor()
    await shot(eva, 'shop-seller')
  },

  async 'a month is closed and its invoice is here'() {
    const { hex } = await house.desk.ask({ do: 'phone', name: 'anna' })
    await house.operator('POST', '/v1/members', { shop: 'viken', key: hex, party: { name: 'Anna Testsdotter',
      street: 'Fantasivägen 7 B', postcode: '000 02', city: 'Sagby', country: 'SE',
      email: 'anna@exempel.example' }, mail_invoices: true })
    await buyEggs('anna')
    const now = new Date()
    // half past three in the night is when the shop closes
    clockAhead(Date.UTC(now.getFullYear(), now.getMonth() + 1, 1, 3, 30) - now)
    process.kill(house.pid('shopd'), 'SIGTERM')
    await until(() => / is closed, 1 invoice/.test(house.console('shopd')), 'the month to be closed', 40000)
    await place(eva, 'Fakturor')
    await until(async () => {
      await eva.page.reload()
      await eva.page.getByRole('heading', { level: 1 }).waitFor()
      return eva.page.locator('tbody tr').first().waitFor({ timeout: 2000 }).then(() => true, () => false)
    }, 'the mailing', 60000)
    await row(eva, 'inte skickat').waitFor()
    await shot(eva, 'bundles')
    await tab(eva, 'Alla fakturor')
    await eva.page.locator('tbody tr').first().waitFor()
    invoice = (await eva.page.locator('th.main').first().innerText()).trim()
    if (!/^VIKEN-\d{4}-\d{6}$/.test(invoice))
      throw new Error(`the invoice is called ${invoice}`)
    const sum = await eva.page.locator('.sums').innerText()
    if (!/296,00/.test(sum) || !/16,76/.test(sum)) // 9 · 32,90 = 296,10, rounded to 296; VAT 6 %
      throw new Error(`the sums are ${sum}`)
    await shot(eva, 'invoices')
  },

  async 'its document is a PDF'() {
    const [file] = await Promise.all([eva.page.waitForEvent('download'),
      eva.page.getByRole('button', { name: `PDF ${invoice}` }).click()])
    const bytes = readFileSync(await file.path())
    if (!bytes.subarray(0, 5).equals(Buffer.from('%PDF-')) || file.suggestedFilename() !== `${invoice}.pdf`)
      throw new Error('that is no PDF')
    const [csv] = await Promise.all([eva.page.waitForEvent('download'), press(eva, 'Spara som CSV')])
    const text = readFileSync(await csv.path(), 'utf8')
    if (!text.includes(`${invoice},invoice,viken`) || !text.includes(',296.00,'))
      throw new Error(`the file says ${text}`)
  },

  async 'a payment without a reference is assigned'() {
    await place(eva, 'Betalningar')
    await tab(eva, 'Läs in bankfil')
    await eva.page.getByLabel('Bankens fil').setInputFiles({ name: 'bgmax.txt', mimeType: 'text/plain',
      buffer: bgmax('9912346', 'tack', 29600) })
    await press(eva, 'Läs in')
    await eva.page.getByRole('heading', { name: 'Vad som stod i filen' }).waitFor()
    await tab(eva, 'Utan faktura')
    await row(eva, 'tack').getByRole('button', { name: /^Koppla/ }).click()
    await eva.page.getByLabel('Nummer').fill(invoice.toLowerCase())
    await eva.page.getByRole('dialog').getByRole('button', { name: 'Koppla' }).click()
    await eva.page.getByText(`är kopplat till ${invoice}`).waitFor()
    await until(() => house.shopctl('invoice', 'list', invoicePeriod())[0]?.left_minor === 0,
      'the shop to have it in its books', 30000)
    await tab(eva, 'Per butik')
    await eva.page.getByLabel('Butik').selectOption('viken')
    await row(eva, invoice).waitFor()
    await shot(eva, 'payments-shop')
    await eva.page.goto(`${eva.desk}#/member/none`) // away, so that the list is asked anew
    await eva.page.goto(`${eva.desk}#/money/invoices`)
    await until(async () => /Kvar\s*0,00/.test(await eva.page.locator('.sums').innerText().catch(() => '')),
      'nothing left', 20000)
  },

  async 'the member\'s purchases and payment, to the öre'() {
    await place(eva, 'Medlemmar')
    await eva.page.getByRole('link', { name: 'Anna Testsdotter' }).click()
    await eva.page.getByRole('heading', { level: 2, name: 'Köp' }).waitFor()
    if (await row(eva, EGGS).count() !== 2 || await row(eva, invoice).count() < 2)
      throw new Error('her purchases are not all here')
    await shot(eva, 'member-view')
    await tab(eva, 'Vem har tittat')
    await row(eva, 'eva').first().waitFor() // this look too
    await shot(eva, 'member-looked')
  },

  async 'nothing went wrong behind anybody\'s back'() {
    await house.close()
    if (eva.wrong.length)
      throw new Error(eva.wrong.join('\n'))
  },
})

/** "2026-11" of "VIKEN-2026-000001": this month, which was closed. */
function invoicePeriod() {
  return new Intl.DateTimeFormat('sv-SE', { year: 'numeric', month: '2-digit' }).format(new Date())
}
