// test_phone_english.mjs: the phone's page as a guest from abroad sees it, every view, from the
// invitation to the receipt: nothing is left in Swedish but the names of goods, and the box answers in
// English too. The pictures lie in build/screens/.
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filmGtin } from './camera.mjs'
import { openHouse, ROOT, tests, until } from './house.mjs'
import { EGGS, MILK } from './phone_steps.mjs'

const SCREENS = join(ROOT, 'build/screens')
mkdirSync(SCREENS, { recursive: true })
const WINE = '7312040017034'
const house = await openHouse({ office: 'enrol' })
await house.operator('PUT', `/v1/products/${WINE}`, { name: 'Rödvin', vat: 'food', price_minor: 9900,
  class: 'alcohol' })
const eve = await house.browser({ name: 'eve', language: 'en-GB' })
const { page } = eve
const press = (name) => page.getByRole('button', { name, exact: true }).click()
const go = (name) => page.getByRole('navigation').getByRole('link', { name }).click()

/** What the page says in Swedish alone, in pieces long enough to be nobody's name. */
const swedish = ['phone', 'base'].flatMap((folder) => {
  const at = join(ROOT, 'src/web', folder)
  return readdirSync(at).filter((f) => f.startsWith('words')).flatMap((f) => {
    const said = []
    for (const [table] of readFileSync(join(at, f), 'utf8').matchAll(/^words\(\{[\s\S]*?\n\}\)/gm))
      new Function('words', table)((t) => said.push(...Object.values(t)))
    return said.filter(([sv, en]) => sv !== en).flatMap(([sv]) => sv.split(/\{[^}]*\}/)
      .map((s) => s.trim()).filter((s) => s.length > 5 && s !== 'Svenska'))
  })
})

/** This view is whole, in English, and well; its picture. */
async function look(view) {
  await eve.well(`${view} in English`)
  const text = await page.locator('body').innerText()
  for (const s of swedish)
    assert.ok(!text.includes(s), `${view}: „${s}“`)
  await page.screenshot({ path: join(SCREENS, `phone-${view}-english-phone.png`), fullPage: true,
    scale: 'css' })
}

async function type(code) {
  await press('Type code')
  await page.getByLabel('The digits under the bar code').fill(code)
  await press('Put in the basket')
}

async function test_an_invitation() {
  await page.goto(eve.home)
  await page.getByLabel('The invitation’s code').fill('7Q2M')
  await page.getByText('I was a member before').click()
  await page.getByRole('button', { name: 'Continue' }).first().click()
  await page.getByText('The code has twelve characters. See').waitFor()
  await look('join')
  await page.getByLabel('The invitation’s code').fill(await house.invite('member',
    { approved: false }))
  await page.getByRole('button', { name: 'Continue' }).first().click()
  await page.getByLabel('Street').waitFor()
  await press('Become a member')
  await page.getByText('Please fill this in.').first().waitFor()
  await look('join-details')
  for (const [label, value] of [['Name', 'Eve Smith'], ['Street', 'Storgatan 1'],
    ['Postcode', '26362'], ['Town', 'Viken']])
    await page.getByLabel(label).fill(value)
  await page.getByLabel('E-mail', { exact: true }).fill('eve@example.com')
  await press('Become a member')
  await page.getByRole('heading', { name: 'Waiting for the shop’s owner' }).waitFor()
  await look('waiting')
  const { members } = await house.operator('GET', '/v1/members?state=asks')
  await house.operator('POST', `/v1/members/${members[0].member}/approve`)
  await press('Look now')
}

async function test_the_door() {
  await page.locator('.qr').waitFor()
  await page.getByText('Does the code not work?').click()
  await look('door-help')
  await page.getByText('Does the code not work?').click()
  await until(async () => {
    await page.getByRole('button', { name: /^Open (the door|once more)/ }).click()
    await page.locator('.press .notice').waitFor()
    if (!await page.getByText('Welcome!').isVisible())
      await look('door-refused') // the feed has not brought her yet
    return page.getByText('Welcome!').isVisible()
  }, 'the shop to know her', 30000)
  await look('door-welcome')
}

async function test_shopping() {
  await go('Shop')
  await page.getByText('The basket is empty.').waitFor()
  await look('shop-0')
  await press('Choose')
  await page.getByText(/\d,\d{3} articles/).waitFor()
  await look('list')
  await page.getByLabel('Search').fill('turk yog')
  await page.getByRole('button', { name: /^Turkisk yogurt/ }).click()
  await page.getByText('Turkisk yogurt is in the basket').waitFor()
  await page.getByRole('link', { name: 'Back' }).click()
  await page.locator('.basket-row', { hasText: 'Turkisk yogurt' }).getByText('bought').waitFor()
  await type(EGGS)
  await page.locator('.basket-row', { hasText: 'Ägg' }).getByText('bought').waitFor()
  await type(WINE)
  await page.getByText('This article may not be sold unstaffed. Please leave it').waitFor()
  filmGtin(eve.film, MILK)
  await press('Scan with the camera')
  await page.locator('.basket-row', { hasText: 'Coop Mjölk' }).getByText('bought').waitFor()
  await look('shop')
  await press('Close the camera')
  await press('Type code')
  await page.getByLabel('The digits under the bar code').fill('7300156480904')
  await press('Put in the basket')
  await page.getByText('The last is 4 but would be 3').waitFor()
  await look('shop-type')
  await press('Close')
  await page.getByRole('link', { name: 'Shop together' }).click()
  await press('Invite another phone')
  await page.locator('.big-code').waitFor()
  await look('with')
}

async function test_without_a_net() {
  await go('Shop')
  eve.road.go(null)
  await type(EGGS)
  await page.getByText('1 line waits', { exact: true }).waitFor()
  await look('shop-waiting')
  await press('Show till')
  await press('The till beeped: next')
  await page.getByText('Code 2 of 2').waitFor()
  await look('till')
  await go('Door')
  await page.getByText('No net').waitFor()
  await look('door-none')
  eve.road.go('shop')
  await go('Shop')
  await until(async () => await page.locator('.state.waits').count() === 0, 'the line to be bought')
}

async function test_the_receipt() {
  await press('I see')
  await press('Done')
  await page.getByText('End the visit?').waitFor()
  await look('shop-done')
  await press('End it')
  await page.getByRole('heading', { name: 'Receipt', exact: true }).waitFor()
  await look('receipt')
  await page.getByRole('button', { name: 'Something is wrong with Ägg' }).first().click()
  await look('receipt-report')
  await press('Close')
  await go('Receipts')
  await page.locator('.visit').first().waitFor()
  await page.getByRole('heading', { name: 'The bill so far' }).waitFor()
  await look('receipts')
}

async function test_me() {
  await go('Me')
  await page.getByText('eve@example.com').waitFor()
  await press('Add another phone')
  await page.locator('.big-code').waitFor()
  await look('me')
  await page.getByRole('button', { name: /^Remove Phone/ }).click()
  await page.getByText('It is the only key').waitFor()
  await look('me-remove')
  await press('Cancel')
  await press('Forget me')
  await press('Erase')
  await page.getByText('There are purchases that are not invoiced yet.').waitFor()
  await look('me-forget')
}

await tests({
  test_an_invitation,
  test_the_door,
  test_shopping,
  test_without_a_net,
  test_the_receipt,
  test_me,
  async test_nothing_went_wrong_on_the_way() {
    assert.deepEqual(eve.wrong, [])
    await house.close()
  },
})
