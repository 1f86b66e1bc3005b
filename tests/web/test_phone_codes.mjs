// test_phone_codes.mjs: what stands on goods, read by the phone's camera off a picture: labels of the
// shop's scales, GS1 with a lot and a date; what the shop refuses, with what to do then; and how long
// it takes from the code to the shop's word.
import assert from 'node:assert/strict'
import { filmCode, filmGtin, filmGtins } from './camera.mjs'
import { busyness, openHouse, tests, until, WIFI } from './house.mjs'
import { bought, EGGS, member, MILK, row, tab } from './phone_steps.mjs'

const LINE_MS = 150 // from the code to the shop's word
const CHEESE = '2300010100003' // a kilogram of it; its label holds the weight
const BUN = '2000010200009' // its label holds the price
const HAM = '7310865004703'
const WINE = '7312040017034'
const GRILL = '7310240060072'
const COLA = '7311100069006' // 15,00 kr, and 2,00 kr for the bottle
const LIMIT = 40000 // öre
const house = await openHouse({ office: 'enrol', set: ['shopd:stock:past_best_before=50 %'] })
for (const [gtin, name, price_minor, more] of [[CHEESE, 'Prästost, bit', 12900],
  [BUN, 'Kanelbulle', 1200], [HAM, 'Rökt skinka', 4500, { state: 'recalled' }],
  [WINE, 'Rödvin', 9900, { class: 'alcohol' }], [GRILL, 'Kolgrill', LIMIT + 100],
  [COLA, 'Läsk', 1500, { deposit_minor: 200 }]])
  await house.operator('PUT', `/v1/products/${gtin}`, { name, vat: 'food', price_minor, ...more })
await until(async () => (await fetch(`${house.run.api}/v1/products/${GRILL}`)).ok,
  'the shop to have the articles', 30000)
const anna = await member(house, { name: 'anna' })
const { page } = anna

/** YYMMDD, so many days from now. */
const day = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(2, 10)
  .replaceAll('-', '')
const camera = (word) => page.getByRole('button', { name: word })

/** Holds the phone over a code until the page has said something of it. */
async function hold(format, text, seen) {
  await (format === 'EAN13' ? filmGtin(anna.film, text) : filmCode(anna.film, format, text))
  await camera('Skanna med kameran').click()
  await seen.waitFor()
  await camera('Stäng kameran').click()
}

/** … and the shop refuses what it reads: what the row says. */
async function refusal(format, text) {
  const refused = page.locator('.basket-row.refused')
  await hold(format, text, refused)
  const said = await refused.innerText()
  await refused.getByRole('button', { name: 'Jag förstår' }).click()
  await refused.waitFor({ state: 'detached' })
  return said
}

async function test_labels_of_the_scales() {
  const { members } = await house.operator('GET', '/v1/members?state=live')
  const me = members.find((m) => m.role === 'member')
  await house.operator('PUT', `/v1/members/${me.member}`, { credit_limit_minor: LIMIT })
  await until(() => house.shopctl('member', 'list').some((m) => m.credit_limit_minor === LIMIT),
    'the shop to know her limit', 30000)
  await tab(anna, 'Handla')
  await hold('EAN13', '2300010104124', row(anna, 'Prästost'))
  await bought(anna, 'Prästost')
  const cheese = (await row(anna, 'Prästost').innerText()).replace(/\s+/g, ' ')
  assert.match(cheese, /53,15 kr .*0,412 kg, 129,00 kr\/kg/)
  await hold('EAN13', '2000010214501', row(anna, 'Kanelbulle'))
  await bought(anna, 'Kanelbulle')
  assert.match(await row(anna, 'Kanelbulle').innerText(), /14,50/)
}

async function test_a_deposit() {
  await hold('EAN13', COLA, row(anna, 'Läsk'))
  await bought(anna, 'Läsk')
  assert.match((await row(anna, 'Läsk').innerText()).replace(/\s+/g, ' '),
    /17,00 kr .*15,00 kr styck, pant 2,00 kr/)
}

async function test_a_lot_and_its_dates() {
  await hold('DataMatrix', `(01)0${EGGS}(10)A1(17)${day(30)}`, row(anna, 'Ägg'))
  await bought(anna, 'Ägg')
  await hold('Code128', `(01)0${MILK}(15)${day(-2)}(10)B2`, row(anna, 'Coop Mjölk'))
  await bought(anna, 'Coop Mjölk')
  await row(anna, 'Coop Mjölk').getByText('säljs med rabatt').waitFor()
  await hold('DataBar', `0${EGGS}`, page.locator('.basket-row', { hasText: 'Ägg' }).nth(1))
  await hold('QRCode', `https://id.gs1.org/01/0${EGGS}/10/D4?17=${day(30)}`,
    page.locator('.basket-row', { hasText: 'Ägg' }).nth(2))
  await until(async () => await page.getByText('köpt', { exact: true }).count() === 7, 'all of it')
}

async function test_what_is_refused_says_what_to_do() {
  // 400 less 53,15 + 14,50 + 17,00 + three times 32,90 + half of the milk
  await page.getByText(/207,70\skr kvar att handla för/).waitFor()
  const sum = await page.locator('.foot-sum strong').innerText()
  assert.match(await refusal('EAN13', HAM),
    /Rökt skinka[^]*Inte köpt[^]*återkallad[^]*Lämna den i butiken/)
  assert.match(await refusal('DataBarExp', `(01)0${EGGS}(17)${day(-1)}(10)C3`),
    /Ägg[^]*Inte köpt[^]*har gått ut[^]*Ta en annan/)
  assert.match(await refusal('EAN13', WINE),
    /Inte köpt[^]*får inte säljas obemannat\. Lämna den på hyllan/)
  assert.match(await refusal('EAN13', '4006381333931'),
    /känner inte till varan\. Lämna den på hyllan/)
  assert.match(await refusal('EAN13', GRILL),
    /Kolgrill[^]*Inte köpt[^]*går över din köpgräns\. Lägg tillbaka varan/)
  assert.equal(await page.locator('.foot-sum strong').innerText(), sum)
  await hold('EAN13', GRILL, page.locator('.basket-row.refused'))
  await anna.shots('phone-shop-credit', ['phone'])
  await page.getByRole('button', { name: 'Jag förstår' }).click()
}

async function test_what_is_recalled_is_known_without_a_net_too() {
  await tab(anna, 'Jag')
  await page.getByText(/\d varor/).waitFor() // the price list, on the phone
  await tab(anna, 'Handla')
  anna.road.go(null)
  await hold('EAN13', HAM, row(anna, 'Rökt skinka'))
  await row(anna, 'Rökt skinka').getByText('väntar på butiken').waitFor()
  await row(anna, 'Rökt skinka').getByText('Lämna den i butiken och ät den inte.').waitFor()
  await page.locator('.said').getByText('Varan är återkallad').waitFor()
  await anna.shots('phone-shop-recalled', ['small'])
  await row(anna, 'Rökt skinka').getByRole('button', { name: /^En mindre/ }).click()
  await row(anna, 'Rökt skinka').waitFor({ state: 'detached' })
}

/**
 * The moment of reading is seen without asking the page: the frame above the picture flashes with each
 * code that was taken, drawn in the same turn in which the reader gave it, and before the line is
 * written down. From then until no row waits any more and there is a piece more.
 */
async function times(n) {
  return page.evaluate((wanted) => new Promise((done) => {
    const pieces = () => [...document.querySelectorAll('.number')].reduce((sum, e) =>
      sum + Number(e.textContent), 0)
    const [had, read, all] = [pieces(), [], []]
    let aim = document.querySelector('.aim')
    const watch = new MutationObserver(() => {
      const now = document.querySelector('.aim')
      if (now !== aim && now?.dataset.taken)
        read.push(performance.now())
      aim = now
      if (all.length < read.length && pieces() === had + read.length &&
        !document.querySelector('.state.waits'))
        all.push(Math.round(performance.now() - read.at(-1)))
      if (all.length === wanted) {
        watch.disconnect()
        done(all)
      }
    })
    watch.observe(document.body, { subtree: true, childList: true, characterData: true,
      attributes: true })
  }), n)
}

async function test_a_line_read_by_the_camera_is_confirmed_within_150_ms() {
  filmGtins(anna.film, [EGGS, MILK], 1500)
  await anna.slow(true, WIFI)
  await camera('Skanna med kameran').click()
  const took = await times(6)
  await camera('Stäng kameran').click()
  await anna.slow(false)
  const busy = busyness()
  console.log(`        a line is confirmed ${took.join(', ')} ms after the camera read it (CPU at a ` +
    `quarter, Wi-Fi with 20 ms; this machine is wanted ${busy.toFixed(1)} times over)`)
  assert.ok(took.sort((a, b) => a - b)[3] <= LINE_MS * busy, took.join())
}

await tests({
  test_labels_of_the_scales,
  test_a_deposit,
  test_a_lot_and_its_dates,
  test_what_is_refused_says_what_to_do,
  test_a_line_read_by_the_camera_is_confirmed_within_150_ms,
  test_what_is_recalled_is_known_without_a_net_too,
  async test_nothing_went_wrong_on_the_way() {
    assert.deepEqual(anna.wrong, [])
    await house.close()
  },
})
