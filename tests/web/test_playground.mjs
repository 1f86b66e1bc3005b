// test_playground.mjs: what a newcomer does first after `make run`: lets a phone in, opens the door
// with its code, breaks in, and answers the owner's text. The shop belongs to no office here.
import assert from 'node:assert/strict'
import { openHouse, tests, until } from './house.mjs'

const house = await openHouse({ office: 'beside', args: ['--playground'] })
const play = await house.browser({ name: 'newcomer', glass: 'desktop' })
const { page } = play

async function test_a_phone_is_let_in_by_its_key() {
  const phone = await house.browser({ name: 'phone', at: 'box' })
  await phone.page.goto(phone.home)
  await phone.page.getByRole('button', { name: 'Gör en nyckel i telefonen' }).click()
  const shown = phone.page.getByRole('group', { name: 'Nyckeln som text' })
  const key = (await shown.textContent()).replace(/\s/g, '')
  assert.match(key, /^a4010220[0-9a-f]+$/)
  await page.goto(house.run.playground)
  await page.getByLabel('Nyckelns text').fill(key)
  await page.getByRole('button', { name: 'Släpp in som medlem' }).click()
  await page.getByText('Släppt in.').waitFor()
  const code = phone.page.getByRole('img', { name: /dörren/i })
  await code.waitFor()
  const text = await phone.seen(code)
  assert.match(text, /^SK1:/)
  await page.getByLabel('Dörrens skanner läser').fill(text)
  await page.locator('#scan-door').getByRole('button', { name: 'Skanna' }).click()
  await page.getByText('låset är upplåst').waitFor()
  await page.getByRole('button', { name: 'Öppna', exact: true }).click()
  await page.getByText('dörren är öppen').waitFor()
  await page.getByRole('button', { name: 'Stäng', exact: true }).click()
  await page.getByText('dörren är stängd').waitFor()
}

async function test_a_burglar_and_the_owners_answer() {
  await page.getByRole('button', { name: 'Bryt upp' }).click()
  const text = await until(() => house.texts().find((t) => t.to === house.run.owner_phone &&
    /\b\d{6}\b/.test(t.text)), 'a text with a code')
  await page.locator('#texts').getByText(text.text.slice(0, 30)).first().waitFor()
  await page.getByLabel('Ägaren svarar').fill(text.text.match(/\b\d{6}\b/)[0])
  await page.locator('#answer').getByRole('button', { name: 'Svara' }).click()
  await until(() => house.shopctl('alarm', 'list').every((a) => a.acknowledged_by), 'the answer')
}

async function test_it_is_well_to_look_at() {
  await play.shots('playground', ['desktop', 'phone', 'small'])
}

await tests({ test_a_phone_is_let_in_by_its_key, test_a_burglar_and_the_owners_answer,
  test_it_is_well_to_look_at })
