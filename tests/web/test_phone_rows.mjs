// test_phone_rows.mjs: what the phone's page lists, with nothing, one row and five hundred: receipts,
// what others bought in the same visit; and the member's own page. In both themes, looked at by axe.
import assert from 'node:assert/strict'
import { openHouse, tests, until } from './house.mjs'
import { bought, EGGS, member, MILK, PASTA, tab, type } from './phone_steps.mjs'

const GLASS = ['phone', 'small']
// 90 of the 96 bytes that a name may have
const LONG = 'Ekologiska fullkornsknäckebrödssmörgåsar med västerbottensost och gräslöksfärskost'
const LONG_GTIN = '7310865004703'
const MANY = 500
const house = await openHouse({ office: 'enrol' })
await house.operator('PUT', `/v1/products/${LONG_GTIN}`, { name: LONG, vat: 'food',
  price_minor: 123450, deposit_minor: 200 })
const anna = await member(house, { name: 'anna' })
const shots = (view, glasses = GLASS) => anna.shots(`phone-${view}`, glasses)

async function test_receipts_with_none_one_and_many() {
  const { page } = anna
  await tab(anna, 'Kvitton')
  await page.getByText('Inga köp den här månaden.').waitFor()
  await shots('receipts-0')
  await tab(anna, 'Handla')
  for (const [code, name] of [[EGGS, 'Ägg'], [PASTA, 'pasta med Lax'], [MILK, 'Coop Mjölk'],
    [LONG_GTIN, 'Ekologiska']]) {
    await type(anna, code)
    await bought(anna, name)
  }
  await page.getByRole('button', { name: 'Klar', exact: true }).click()
  await shots('shop-done', ['phone'])
  await page.getByRole('button', { name: 'Avsluta', exact: true }).click()
  await page.getByRole('heading', { name: 'Kvitto', exact: true }).waitFor()
  await shots('receipt')
  await page.getByRole('button', { name: 'Något är fel med Ägg' }).first().click()
  await shots('receipt-report')
  await page.getByRole('button', { name: 'Stäng', exact: true }).click()
  await tab(anna, 'Kvitton')
  await page.locator('.visit').first().waitFor()
  await until(async () => await page.locator('.bill').isVisible(), 'the bill')
  await shots('receipts-1')
  await manyVisits(60)
  await manyLines(MANY)
  await tab(anna, 'Jag')
  await tab(anna, 'Kvitton')
  await until(async () => await page.locator('.visit').count() === 50, 'a page of visits', 60000)
  await page.getByRole('button', { name: /Visa fler/ }).waitFor()
  await shots('receipts-many', ['phone'])
  await page.getByLabel('Sök bland köpen').fill('lax dill pasta')
  await until(async () => await page.locator('.visit').count() === 1, 'the one with that in it')
  await page.getByLabel('Sök bland köpen').fill('')
  await page.getByLabel('Månad').selectOption({ index: 3 })
  await page.getByText('Inga köp den här månaden.').waitFor()
}

/** Another key of hers, in a program's hands, shops without a page. */
async function program() {
  const { hex } = await house.desk.ask({ do: 'phone', name: 'robot' })
  const { members } = await house.operator('GET', '/v1/members?state=live')
  const me = members.find((m) => m.role === 'member')
  await house.operator('POST', `/v1/members/${me.member}/keys`, { key: hex }).catch(() => {})
}

async function visit() {
  let answer
  await until(async () => {
    const { hex } = await house.desk.ask({ do: 'token', name: 'robot', aud: 'viken/till' })
    answer = await fetch(`${house.run.api}/v1/visits`, { method: 'POST', body: Buffer.from(hex, 'hex'),
      headers: { 'Content-Type': 'application/cose' } })
    return answer.ok
  }, 'the robot to be let in', 30000)
  return answer.json()
}

async function put({ visit: id, bearer }, n) {
  const headers = { Authorization: `Bearer ${bearer}`, 'Content-Type': 'application/json' }
  for (let i = 0; i < n; i++) {
    const answer = await fetch(`${house.run.api}/v1/visits/${id}/lines/robot-${i}`, { method: 'PUT',
      headers, body: JSON.stringify({ gtin: i % 2 ? EGGS : LONG_GTIN }) })
    assert.ok(answer.ok, `line ${i}: ${answer.status}`)
  }
}

const close = ({ visit: id, bearer }) => fetch(`${house.run.api}/v1/visits/${id}/close`,
  { method: 'POST', headers: { Authorization: `Bearer ${bearer}` } })

async function manyVisits(n) {
  await program()
  for (let i = 0; i < n; i++) {
    const at = await visit()
    await put(at, 1)
    await close(at)
  }
}

/** A visit of hers with so many lines, which her phone joins and sees. */
async function manyLines(n) {
  await put(await visit(), n)
}

async function test_a_visit_of_five_hundred_lines_by_another_phone() {
  const { page } = anna
  await tab(anna, 'Handla')
  await type(anna, PASTA)
  await bought(anna, 'pasta med Lax')
  await tab(anna, 'Dörren')
  await tab(anna, 'Handla')
  await page.getByRole('heading', { name: 'Handlat av andra i besöket' }).waitFor()
  await page.getByRole('button', { name: `Visa fler (${MANY - 50} kvar)` }).waitFor()
  await shots('shop-500', ['phone'])
  await page.getByRole('button', { name: 'Klar', exact: true }).click()
  await page.getByRole('button', { name: 'Avsluta', exact: true }).click()
  await page.getByRole('heading', { name: 'Kvitto', exact: true }).waitFor()
  await shots('receipt-500', ['phone'])
}

async function test_me() {
  const { page } = anna
  await tab(anna, 'Jag')
  await page.getByText('anna@example.com').waitFor()
  await page.getByText('den här', { exact: true }).waitFor()
  await shots('me')
  await page.getByRole('button', { name: 'Lägg till en telefon' }).click()
  await page.locator('.big-code').waitFor()
  await shots('me-another', ['phone'])
  await page.getByRole('button', { name: /^Ta bort/ }).first().click()
  await shots('me-remove')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Glöm mig' }).click()
  await page.getByRole('button', { name: 'Radera', exact: true }).click()
  await page.getByText('Du har köp som inte är fakturerade än.').waitFor()
  await shots('me-forget')
  await page.keyboard.press('Escape')
  await page.getByText('English').click()
  await page.getByRole('heading', { name: 'My phones and cards' }).waitFor()
  assert.equal(await page.locator('html').getAttribute('lang'), 'en')
  await shots('me-english', ['phone'])
}

await tests({
  test_receipts_with_none_one_and_many,
  test_a_visit_of_five_hundred_lines_by_another_phone,
  test_me,
  async test_nothing_went_wrong_on_the_way() {
    assert.deepEqual(anna.wrong, [])
    await house.close()
  },
})
