// test_phone_views.mjs: every view of the phone's page in both themes, on a phone and on the smallest
// one, looked at by axe; with the longest Swedish names. test_phone_rows.mjs: with many rows.
import assert from 'node:assert/strict'
import { openHouse, ROOT, tests, until } from './house.mjs'
import { bought, EGGS, MILK, PASTA, register, row, tab, type } from './phone_steps.mjs'

const GLASS = ['phone', 'small']
// 96 bytes, which is as long as a name may be
const LONG = 'Ekologiska fullkornsknäckebrödssmörgåsar med västerbottensost och gräslöksfärskost'
const LONG_GTIN = '7310865004703'
const house = await openHouse({ office: 'enrol' })
await house.operator('PUT', `/v1/products/${LONG_GTIN}`, { name: LONG, vat: 'food',
  price_minor: 1234500, deposit_minor: 200 })
let anna

const shots = (view, glasses = GLASS) => anna.shots(`phone-${view}`, glasses)

async function test_registering() {
  anna = await house.browser({ name: 'anna' })
  const { page } = anna
  await page.goto(anna.home)
  await page.getByLabel('Inbjudans kod').waitFor()
  await shots('join')
  await page.getByRole('button', { name: 'Fortsätt', exact: true }).first().click()
  await page.getByText('Koden har tolv tecken.').waitFor()
  await page.getByText('Jag har varit medlem').click()
  await shots('join-wrong')
  await page.getByLabel('Inbjudans kod').fill(await house.invite('member', { approved: false }))
  await page.getByRole('button', { name: 'Fortsätt', exact: true }).first().click()
  await page.getByRole('button', { name: 'Bli medlem' }).click()
  await page.getByText('Fyll i det här.').first().waitFor()
  await shots('join-details')
  await register(anna, await house.invite('member', { approved: false }),
    'Anna-Karin Lindqvist-Wachtmeister af Björnö-Söderström')
  await page.getByRole('heading', { name: 'Väntar på butikens ägare' }).waitFor()
  await shots('waiting')
  const { members } = await house.operator('GET', '/v1/members?state=asks')
  await house.operator('POST', `/v1/members/${members[0].member}/approve`)
  await page.getByRole('button', { name: 'Se efter nu' }).click()
  await page.locator('.qr').waitFor()
}

async function test_the_door() {
  const { page } = anna
  await page.getByText('Telefonen öppnar nu dörren').waitFor({ state: 'hidden' })
  await shots('door', ['phone', 'small', 'desktop'])
  await page.getByText('Fungerar koden inte?').click()
  await shots('door-help')
  await page.getByText('Fungerar koden inte?').click()
  await until(async () => {
    await page.getByRole('button', { name: /^Öppna/ }).click()
    await page.locator('.press .notice').waitFor()
    return page.getByText('Välkommen in!').isVisible()
  }, 'the shop to know her', 30000)
  await shots('door-welcome')
  const { members } = await house.operator('GET', '/v1/members?state=live')
  const me = members.find((m) => m.role === 'member')
  await house.operator('POST', `/v1/members/${me.member}/block`)
  await until(async () => {
    await page.getByRole('button', { name: /^Öppna/ }).click()
    await page.locator('.press .notice').waitFor()
    return page.getByText('Ditt medlemskap är spärrat').isVisible()
  }, 'the shop to refuse her', 30000)
  await shots('door-refused')
  await house.operator('POST', `/v1/members/${me.member}/unblock`)
}

async function test_the_basket_with_nothing_one_and_many() {
  const { page } = anna
  await tab(anna, 'Handla')
  await page.getByText('Korgen är tom').waitFor()
  await shots('shop-0')
  await page.getByRole('button', { name: 'Skriv kod' }).click()
  await page.getByLabel('Siffrorna under streckkoden').fill('7300156480904')
  await page.getByRole('button', { name: 'Lägg i korgen' }).click()
  await page.getByText('skulle vara').waitFor()
  await shots('shop-type')
  await page.getByRole('button', { name: 'Stäng', exact: true }).click()
  await until(async () => {
    await type(anna, LONG_GTIN)
    await page.locator('.basket-row').first().waitFor()
    const waits = page.locator('main').getByText('väntar på butiken').first()
    await until(async () => !await waits.isVisible(), 'an answer')
    const refused = page.getByRole('button', { name: 'Jag förstår' })
    if (!await refused.isVisible())
      return true
    await refused.click()
    return false
  }, 'the shop to know the article', 30000)
  await bought(anna, 'Ekologiska')
  await shots('shop-1')
  for (const code of [EGGS, PASTA, MILK, '4006381333931'])
    await type(anna, code)
  await page.getByText('Butiken känner inte till varan').waitFor()
  await bought(anna, 'Coop Mjölk')
  await shots('shop-refused')
  await row(anna, 'Coop Mjölk').getByRole('button', { name: /Hur många/ }).click()
  await shots('shop-number')
  await page.getByLabel('Antal').fill('144')
  await page.getByRole('button', { name: 'Ändra', exact: true }).click()
  await until(async () => (await row(anna, 'Coop Mjölk').locator('.number').textContent()) === '144',
    'a hundred and forty-four')
  await bought(anna, 'Coop Mjölk')
  await page.getByRole('button', { name: 'Skanna med kameran' }).click()
  await page.getByText('Rikta kameran mot streckkoden').waitFor()
  await shots('shop-camera')
  await page.getByRole('button', { name: 'Stäng kameran' }).click()
}

async function test_the_list() {
  const { page } = anna
  await page.getByRole('button', { name: 'Välj i lista' }).click()
  await page.getByText(/\d\s\d{3} varor/).waitFor()
  assert.equal(await page.locator('.article').count(), 50)
  await shots('list')
  await page.getByLabel('Sök').fill('mjölk ekologisk')
  await until(async () => await page.locator('.article').count() < 50, 'fewer')
  await page.getByLabel('Sök').fill('finns inte alls')
  await page.getByText('Ingen vara heter så.').waitFor()
  await shots('list-0')
}

async function test_together() {
  const { page } = anna
  await page.goto(`${anna.home}#/with`)
  await page.getByRole('button', { name: 'Bjud in en till telefon' }).click()
  await page.locator('.big-code').waitFor()
  await shots('with')
}

async function test_out_of_reach() {
  const { page } = anna
  anna.road.go(null)
  await tab(anna, 'Handla')
  await type(anna, EGGS)
  await type(anna, MILK)
  await page.locator('main').getByText('2 rader väntar').waitFor()
  await shots('shop-waiting')
  await page.getByRole('button', { name: 'Visa kassan' }).click()
  await page.locator('.qr').waitFor()
  await shots('till-1')
  await page.getByRole('button', { name: 'Kassan har pipit: nästa' }).click()
  await page.getByText('Kod 2 av 2').waitFor()
  await shots('till-2')
  await tab(anna, 'Dörren')
  await page.getByText('Inget nät').waitFor()
  await shots('door-none')
  anna.road.go('shop')
  await tab(anna, 'Handla')
  await bought(anna, 'Ägg')
}

/** A page at 200 % on a phone held upright: half the width and height that there are. */
async function test_at_twice_the_size() {
  const { page } = anna
  await page.setViewportSize({ width: 320, height: 420 })
  for (const [name, view] of [['Dörren', 'door'], ['Handla', 'shop'], ['Kvitton', 'receipts'],
    ['Jag', 'me']]) {
    await tab(anna, name)
    await page.locator('h1').waitFor()
    await anna.well(`${view} at 200 %`)
    await page.screenshot({ path: `${ROOT}/build/screens/phone-${view}-light-zoomed.png`,
      fullPage: true })
  }
}

await tests({
  test_registering,
  test_the_door,
  test_the_basket_with_nothing_one_and_many,
  test_the_list,
  test_together,
  test_out_of_reach,
  test_at_twice_the_size,
  async test_nothing_went_wrong_on_the_way() {
    assert.deepEqual(anna.wrong, [])
    await house.close()
  },
})
