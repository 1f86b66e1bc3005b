// test_owner_month.mjs: the owner's page of a shop that has a month behind it: five hundred visits and
// articles, sales over days, invoices, and one that is credited.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tests, until } from './house.mjs'
import { days, goTo, letIn, looks, openOwnerHouse } from './owner_house.mjs'

const BACK_S = 40 * 86400 // far enough for a month's end to lie between then and now
const folder = mkdtempSync(join(tmpdir(), 'day-'))
const clock = join(folder, 'clock')
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
let house, anna

/** The shop's wall clock stands so many seconds back. */
function shopsClock(back) {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(BigInt(-back * 1000))
  writeFileSync(clock, bytes, { flag: existsSync(clock) ? 'r+' : 'w' })
}

const period = () => new Date(Date.now() - BACK_S * 1000).toISOString().slice(0, 7)
const rowsNow = () => anna.page.locator('tbody tr').count()

await tests({
  async test_five_hundred() {
    shopsClock(BACK_S)
    house = await openOwnerHouse({ office: 'none', args: ['--preload',
      'shopd:build/gcc/otherday.so', '--env', `shopd:OTHERDAY=${clock}`] })
    days(house, BACK_S, 500, 500, 8)
    shopsClock(0)
    await until(() => {
      try {
        return house.shopctl('invoice', 'close', period())
      } catch {
        return null // the clock was put right a moment ago
      }
    }, 'the month to be closed')
    anna = await house.browser({ name: 'anna', glass: 'phone' })
    const { page } = anna
    await letIn(house, anna)
    await looks(anna, '500', ['small'])
    await goTo(anna, 'Händelser')
    await page.locator('.event').first().waitFor()
    const events = () => page.locator('.event').count()
    const first = await events()
    while (await page.getByRole('button', { name: 'Hämta äldre' }).count() && await events() < 500) {
      const before = await events()
      await page.getByRole('button', { name: 'Hämta äldre' }).click()
      await until(async () => await events() > before, 'older visits')
    }
    assert.ok(first <= 60 && await events() >= 500, `${first}, then ${await events()}`)
    await goTo(anna, 'Lager')
    await page.getByRole('button', { name: 'Nästa' }).click()
    assert.ok(await rowsNow() <= 50)
    await page.getByLabel('Sök vara eller streckkod').fill('ägg')
    await page.getByRole('link', { name: 'Ägg', exact: true }).waitFor()
    for (const [tab, view] of [['Att beställa', 'order'], ['Går ut snart', 'expires'],
      ['Svinn', 'missing']]) {
      await page.getByRole('button', { name: tab }).click()
      await until(async () => await page.locator('main .wait').count() === 0, tab)
      await anna.shots(`owner-stock-${view}`, ['small'])
    }
    await page.goto(`${anna.home}owner#/questions`)
    await page.getByText('Förpackningen läckte').first().waitFor()
    await anna.shots('owner-questions-500', ['phone'])
  },

  async test_the_sales_of_a_quarter() {
    const { page } = anna
    await goTo(anna, 'Försäljning')
    await page.getByRole('button', { name: '3 månader' }).click()
    await page.locator('.curve canvas').waitFor()
    const day = new Date(Date.now() - BACK_S * 1000).toISOString().slice(0, 10)
    await page.getByLabel('Från och med').fill(day)
    await page.getByLabel('Till och med').fill(day)
    await page.getByText(/^Mest: /).waitFor()
    await page.getByText('Visa som tabell').last().click()
    await anna.shots('owner-sales-day', ['phone', 'small', 'desktop'])
  },

  async test_an_invoice_is_credited() {
    const { page } = anna
    await page.goto(`${anna.home}owner#/invoices/${period()}`)
    await page.getByRole('link', { name: /VIKEN-/ }).first().click()
    await page.getByRole('heading', { level: 1, name: /^Faktura/ }).waitFor()
    await anna.shots('owner-invoice', ['phone', 'small', 'desktop'])
    await page.getByRole('button', { name: /^Kreditera [^h]/ }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Varför').selectOption('broken')
    await anna.shots('owner-credit', ['phone', 'small'], false)
    await dialog.getByRole('button', { name: 'Kreditera', exact: true }).click()
    await page.getByText(/Krediterat med VIKEN-/).waitFor()
    await page.getByRole('button', { name: 'Kreditera hela fakturan' }).click()
    await dialog.getByLabel(/Med egna ord/).fill('Fel hushåll')
    await dialog.getByRole('button', { name: 'Kreditera', exact: true }).click()
    await until(() => house.shopctl('invoice', 'list', period()).length > 0, 'the list')
  },
})
