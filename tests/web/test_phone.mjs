// test_phone.mjs: a whole visit with the phone, from the invitation to the receipt: the door by its
// code and by the net, the camera, the basket, two phones together, a line that was wrong.
import assert from 'node:assert/strict'
import { filmGtin, filmPicture } from './camera.mjs'
import { openHouse, tests, until } from './house.mjs'
import { bought, EGGS, known, member, MILK, PASTA, receiptOf, register, row, tab, type }
  from './phone_steps.mjs'

const house = await openHouse({ office: 'enrol' })

async function test_registers_waits_and_is_let_in() {
  const anna = await house.browser({ name: 'anna' })
  const { page } = anna
  await page.goto(anna.home)
  await page.getByLabel('Inbjudans kod').fill('7Q2M-0D8N')
  await page.getByRole('button', { name: 'Fortsätt', exact: true }).first().click()
  await page.getByText('Koden har tolv tecken.').waitFor()
  await page.getByLabel('Inbjudans kod').fill('0000-0000-0000')
  await page.getByRole('button', { name: 'Fortsätt', exact: true }).first().click()
  await page.getByText('Koden gäller inte').waitFor()
  await register(anna, await house.invite('member', { approved: false }))
  await page.getByRole('heading', { name: 'Väntar på butikens ägare' }).waitFor()
  const { members } = await house.operator('GET', '/v1/members?state=asks')
  await house.operator('POST', `/v1/members/${members[0].member}/approve`)
  await page.getByRole('button', { name: 'Se efter nu' }).click()
  await page.locator('.qr').waitFor()
  await known(house, anna)
  assert.deepEqual(anna.wrong, [])
}

async function test_the_code_on_the_screen_opens_the_door() {
  const bo = await member(house, { name: 'bo', full: 'Bo Ask' })
  await tab(bo, 'Dörren')
  house.sim('open')
  house.sim('close')
  await until(() => house.shopctl('door')[0].strike === 'off', 'the strike to rest')
  const text = await bo.seen(bo.page.locator('.qr'))
  assert.match(text, /^SK1:/)
  assert.ok(text.length <= 400)
  house.scan('front', text)
  await until(() => house.shopctl('door')[0].strike === 'on', 'the strike to release')
}

async function test_a_visit_by_camera() {
  const anna = house.people[0]
  filmGtin(anna.film, EGGS)
  const { page } = anna
  await tab(anna, 'Handla')
  await page.getByRole('button', { name: 'Skanna med kameran' }).click()
  await bought(anna, 'Ägg')
  await until(async () => (await row(anna, 'Ägg').locator('.number').textContent()) === '1',
    'one piece of what is held still')
  await page.getByRole('button', { name: 'Stäng kameran' }).click()
  await type(anna, PASTA)
  await bought(anna, 'pasta med Lax')
  await row(anna, 'Ägg').getByRole('button', { name: 'En till av Ägg' }).click()
  await until(async () => (await row(anna, 'Ägg').locator('.number').textContent()) === '2', 'two')
  await bought(anna, 'Ägg')
  await row(anna, 'pasta').getByRole('button', { name: /^En mindre/ }).click()
  await row(anna, 'pasta').waitFor({ state: 'detached' })
  await type(anna, MILK)
  await bought(anna, 'Coop Mjölk')
  await page.locator('.said').getByRole('button', { name: 'Ångra' }).click()
  await row(anna, 'Coop Mjölk').waitFor({ state: 'detached' })
  const paper = await receiptOf(anna)
  assert.equal((await paper.textContent()).match(/Ägg/g).length, 2)
  assert.match(await paper.textContent(), /varav moms/)
  assert.deepEqual(anna.wrong, [])
}

async function test_wrong_digits_are_helped_and_unknown_goods_refused() {
  const anna = house.people[0]
  const { page } = anna
  await tab(anna, 'Handla')
  await page.getByRole('button', { name: 'Skriv kod' }).click()
  await page.getByLabel('Siffrorna under streckkoden').fill('7300156480904')
  await page.getByRole('button', { name: 'Lägg i korgen' }).click()
  await page.getByText('Den sista är 4 men skulle vara 3').waitFor()
  await page.getByLabel('Siffrorna under streckkoden').fill('4006381333931')
  await page.getByRole('button', { name: 'Lägg i korgen' }).click()
  await page.getByText('Butiken känner inte till varan').waitFor()
  await page.getByRole('button', { name: 'Jag förstår' }).click()
  await page.getByText('Korgen är tom').waitFor()
}

async function test_two_phones_in_one_visit() {
  const [anna, bo] = house.people
  await tab(anna, 'Handla')
  await anna.page.getByRole('link', { name: 'Handla ihop' }).click()
  await anna.page.getByRole('button', { name: 'Bjud in en till telefon' }).click()
  const link = await anna.seen(anna.page.locator('.qr'))
  assert.match(link, /#\/with\/[A-Z2-9]{8}$/)
  await bo.page.goto(`${bo.home}#/with/${link.slice(-8)}`)
  await bo.page.getByRole('button', { name: 'Gå med' }).click()
  await bo.page.getByText('Korgen är tom').waitFor()
  await type(bo, MILK)
  await bought(bo, 'Coop Mjölk')
  await tab(anna, 'Handla')
  await anna.page.getByRole('heading', { name: 'Handlat av andra i besöket' }).waitFor()
  await type(anna, EGGS)
  await bought(anna, 'Ägg')
  await receiptOf(anna)
}

async function test_a_line_is_reported_and_the_bill_is_seen() {
  const anna = house.people[0]
  const { page } = anna
  await page.getByRole('button', { name: 'Något är fel med Ägg' }).click()
  await page.getByText('Varan var trasig eller dålig').click()
  await page.getByLabel('Med egna ord').fill('två var knäckta')
  await page.getByRole('button', { name: 'Skicka till butikens ägare' }).click()
  await page.getByText('anmäld', { exact: true }).waitFor()
  await tab(anna, 'Kvitton')
  await page.getByRole('heading', { name: 'Räkningen hittills' }).waitFor()
  await until(async () => /\d/.test(await page.locator('.bill').textContent()), 'a sum')
  await page.getByRole('link', { name: /Ägg/ }).first().click()
  await page.getByRole('heading', { name: 'Kvitto', exact: true }).waitFor()
}

async function test_an_invitation_read_by_the_camera_makes_another_phone_of_hers() {
  const anna = house.people[0]
  const { page } = anna
  await tab(anna, 'Jag')
  await page.getByText('anna@example.com').waitFor()
  await page.getByRole('button', { name: 'Lägg till en telefon' }).click()
  await page.locator('.big-code').waitFor()
  const second = await house.browser({ name: 'second' })
  filmPicture(second.film, await picture(page.locator('.code-card svg')))
  await second.page.goto(second.home)
  await second.page.getByRole('button', { name: 'Läs av en QR-kod' }).first().click()
  await second.page.locator('.qr').waitFor({ timeout: 30000 })
  await known(house, second)
  await tab(second, 'Jag')
  await second.page.getByText('den här', { exact: true }).waitFor()
  const remove = second.page.getByRole('button', { name: /^Ta bort Telefon/ })
  assert.equal(await remove.count(), 2)
  await remove.last().click()
  await second.page.getByText('Det är telefonen du håller i').waitFor()
  await second.page.getByRole('dialog').getByRole('button', { name: 'Ta bort', exact: true }).click()
  await second.page.getByLabel('Inbjudans kod').waitFor()
}

/** Tab by Tab to what is called so; a finger is not used. */
async function keyTo(page, name) {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab')
    const here = await page.evaluate(() => document.activeElement.getAttribute('aria-label') ??
      document.activeElement.innerText ?? '')
    if (here.trim() === name)
      return
  }
  throw new Error(`${name} is not reached by Tab`)
}

async function test_a_visit_by_keys_alone() {
  const bo = house.people[1]
  const { page } = bo
  await page.goto('about:blank')
  await page.goto(bo.home)
  await page.locator('.qr').waitFor()
  await keyTo(page, 'Till innehållet')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1')
  await keyTo(page, 'Handla')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Handla', exact: true }).waitFor()
  await keyTo(page, 'Skriv kod')
  await page.keyboard.press('Enter')
  await until(() => page.evaluate(() => document.activeElement.tagName === 'INPUT'),
    'the field to be where keys go')
  await page.keyboard.type(EGGS)
  await page.keyboard.press('Enter')
  await bought(bo, 'Ägg')
  await keyTo(page, 'En till av Ägg')
  await page.keyboard.press('Enter')
  await until(async () => (await row(bo, 'Ägg').locator('.number').textContent()) === '2', 'two')
  await keyTo(page, 'Klar')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await keyTo(page, 'Klar')
  await page.keyboard.press('Enter')
  await keyTo(page, 'Avsluta')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Kvitto', exact: true }).waitFor()
}

/** A part of a screen as another camera sees it. */
async function picture(locator) {
  const d = await locator.locator('path').getAttribute('d')
  const size = Number((await locator.getAttribute('viewBox')).split(' ')[2])
  const dark = new Set(d.match(/M\d+ \d+/g))
  return { width: size, height: size, gray: (x, y) => (dark.has(`M${x} ${y}`) ? 0 : 255) }
}

await tests({
  test_registers_waits_and_is_let_in,
  test_the_code_on_the_screen_opens_the_door,
  test_a_visit_by_camera,
  test_wrong_digits_are_helped_and_unknown_goods_refused,
  test_two_phones_in_one_visit,
  test_a_visit_by_keys_alone,
  test_a_line_is_reported_and_the_bill_is_seen,
  test_an_invitation_read_by_the_camera_makes_another_phone_of_hers,
  async test_nothing_went_wrong_on_the_way() {
    for (const p of house.people)
      assert.deepEqual(p.wrong, [], p.name)
    await house.close()
  },
})
