// test_phone_money.mjs: what a member gets in her hands: an invoice as a PDF, all that is known of her as
// a file; and the end: forgotten by office and shop, and by her phone. The shop's wall clock is moved
// to the first of the next month, when the month's invoices are made. In English, to the letter.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openHouse, ROOT, tests, until } from './house.mjs'
import { bought, EGGS, member, receiptOf, row, tab, type } from './phone_steps.mjs'

const clock = join(tmpdir(), `phone-clock-${process.pid}`)
clockAhead(0)
process.on('exit', () => rmSync(clock, { force: true }))
const house = await openHouse({ args: ['--preload', `shopd:${join(ROOT, 'build/gcc/otherday.so')}`,
  '--env', `shopd:OTHERDAY=${clock}`] })
const { seller } = JSON.parse(readFileSync(join(ROOT, 'tests/data/parties/consumer.json'), 'utf8'))
await house.operator('PATCH', '/v1/shops/viken', { seller })
const anna = await member(house, { name: 'anna', full: 'Anna Räkning' })
const { page } = anna

/** The shop's wall clock is so far ahead. */
function clockAhead(ms) {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(BigInt(ms))
  writeFileSync(clock, bytes)
}

/** A file that the page gives, as it lies in the phone's downloads. */
async function downloaded(press) {
  const [download] = await Promise.all([page.waitForEvent('download'), press()])
  return { name: download.suggestedFilename(), path: await download.path() }
}

async function test_an_invoice_as_a_pdf() {
  await tab(anna, 'Handla')
  await type(anna, EGGS)
  await bought(anna, 'Ägg')
  await row(anna, 'Ägg').getByRole('button', { name: 'Hur många Ägg?' }).click()
  await page.getByLabel('Antal').fill('9')
  await page.getByRole('button', { name: 'Ändra', exact: true }).click()
  await until(async () => await row(anna, 'Ägg').locator('.number').textContent() === '9', 'nine')
  await bought(anna, 'Ägg')
  await receiptOf(anna)
  const now = new Date()
  clockAhead(Date.UTC(now.getFullYear(), now.getMonth() + 1, 1, 3, 30) - now)
  process.kill(house.pid('shopd'), 'SIGTERM')
  await until(() => / is closed, 1 invoice/.test(house.console('shopd')), 'the month to be closed',
    40000)
  const invoice = page.locator('.invoice')
  await until(async () => {
    await tab(anna, 'Jag')
    await tab(anna, 'Kvitton')
    await page.locator('.visit').first().waitFor()
    return invoice.isVisible()
  }, 'the invoice to have come to the office', 30000)
  assert.match(await invoice.innerText(), /VIKEN-[^]*ska betalas[^]*296,00\skr[^]*kvar att betala/)
  await anna.shots('phone-receipts-invoice', ['small'])
  const number = await invoice.locator('strong').innerText()
  const { name, path } = await downloaded(() =>
    page.getByRole('button', { name: `Hämta PDF av faktura ${number}` }).click())
  await page.getByText('Fakturan är hämtad.').waitFor()
  assert.equal(name, `${number}.pdf`)
  assert.equal(readFileSync(path).subarray(0, 5).toString(), '%PDF-')
  const text = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' })
  for (const said of [number, 'Anna Räkning', 'Ägg', '296,00', seller.name])
    assert.ok(text.includes(said), `${said} in the invoice`)
}

/** What the page says of one thing at this place, in one line. */
const said = async (locator) => (await locator.innerText()).replace(/\s+/g, ' ').trim()

async function test_numbers_and_dates_in_both_languages() {
  const today = (locale, o) => new Intl.DateTimeFormat(locale, { ...o, timeZone: 'Europe/Stockholm' })
    .format(new Date())
  const short = { weekday: 'short', day: 'numeric', month: 'short' }
  const visit = page.locator('.visit').first()
  const total = 9 * 3290
  assert.match(await said(visit), /\d\d:\d\d/)
  assert.ok((await said(visit)).startsWith(today('sv-SE', short)), await said(visit))
  assert.match(await said(page.locator('.invoice')), /29\d,\d\d kr/)
  await page.getByRole('link', { name: /Ägg/ }).first().click()
  const sum = page.locator('.sums')
  assert.match(await said(sum), new RegExp(`Summa ${(total / 100).toFixed(2).replace('.', ',')} kr`))
  assert.match(await said(sum), /varav moms 6 % \d\d,\d\d kr/)
  await tab(anna, 'Jag')
  await page.getByText('English', { exact: true }).click()
  await page.getByRole('link', { name: 'Receipts' }).click()
  await visit.waitFor()
  assert.ok((await said(visit)).startsWith(today('en-GB', short)), await said(visit))
  assert.match(await said(page.locator('.invoice')), /due \d+ \w+ \d{4}[^]*kr\s?29\d\.\d\d/)
  await page.getByRole('link', { name: /Ägg/ }).first().click()
  assert.match(await said(sum), new RegExp(`Total kr ?${(total / 100).toFixed(2)}`))
  assert.match(await said(sum), /of which VAT 6% kr ?\d\d\.\d\d/)
  await page.getByRole('link', { name: 'Me', exact: true }).click()
  await page.getByText('Svenska', { exact: true }).click()
}

async function test_all_that_is_known_as_a_file() {
  const { name, path } = await downloaded(() =>
    page.getByRole('button', { name: 'Hämta allt som en fil' }).click())
  await page.getByText('Filen är hämtad.').waitFor()
  assert.equal(name, 'shopkeeper.json')
  const all = readFileSync(path, 'utf8')
  assert.ok(JSON.parse(all))
  for (const known of ['Anna Räkning', 'Storgatan 1', 'anna@example.com', 'Ägg', 'VIKEN-'])
    assert.ok(all.includes(known), `${known} in the file`)
}

async function test_forgotten_to_the_end() {
  await page.getByRole('button', { name: 'Glöm mig' }).click()
  await page.getByRole('button', { name: 'Radera', exact: true }).click()
  await page.getByText('Du har fakturor som inte är betalda.').waitFor()
  await page.getByText('Det ska betalas ändå.').waitFor()
  const old = await signedCode()
  await page.getByRole('button', { name: 'Radera ändå' }).click()
  await page.getByText('Du är raderad.').waitFor()
  await page.getByLabel('Inbjudans kod').waitFor()
  await anna.shots('phone-forgotten', ['small'], false)
  await page.reload()
  await page.getByLabel('Inbjudans kod').waitFor()
  assert.equal(await page.getByRole('navigation').count(), 0)
  const { members } = await house.operator('GET', '/v1/members')
  assert.ok(!JSON.stringify(members).includes('Räkning'))
  await until(() => house.shopctl('member', 'list').every((m) => m.role !== 'member' ||
    m.state !== 'live'), 'the shop to have forgotten her', 30000)
  const before = refused()
  house.scan('front', old)
  await until(() => refused() > before, 'the door to refuse her')
}

const refused = () => house.shopctl('log').filter((e) => e.kind === 'refused').length

/** The code that her phone shows at the door. */
async function signedCode() {
  const other = await anna.context.newPage()
  await other.goto(anna.home)
  const text = await anna.seen(other.locator('.qr'))
  await other.close()
  return text
}

await tests({
  test_an_invoice_as_a_pdf,
  test_numbers_and_dates_in_both_languages,
  test_all_that_is_known_as_a_file,
  test_forgotten_to_the_end,
  async test_nothing_went_wrong_on_the_way() {
    assert.deepEqual(anna.wrong, [])
    await house.close()
  },
})
