// test_phone_back.mjs: who has lost her phone is back in a minute by a code to her mail; who is without
// a net while she registers is not made to write it all again; and a shop without an office lets in by
// the key on the screen.
import assert from 'node:assert/strict'
import { openHouse, tests, until } from './house.mjs'
import { bought, EGGS, known, member, receiptOf, tab, type } from './phone_steps.mjs'
import { Post } from './post.mjs'

const post = await new Post().listen()
const house = await openHouse({ office: 'enrol', set: [`officed:mail:server=${post.url}`,
  'officed:mail:from=kontoret@example.com'] })

async function test_a_wiped_phone_is_back_by_mail() {
  const anna = await member(house, { name: 'anna' })
  const { page } = anna
  await tab(anna, 'Jag')
  await page.getByText('anna@example.com').waitFor()
  await page.getByRole('button', { name: 'Töm den här telefonen' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Töm den här telefonen' }).click()
  const began = performance.now()
  await page.getByText('Jag har varit medlem').click()
  await page.getByLabel('E-post', { exact: true }).fill('anna@example.com')
  await page.getByRole('button', { name: 'Skicka koden' }).click()
  await page.getByText('finns nu en kod i inkorgen').waitFor()
  const mail = await until(() => post.to('anna@example.com'), 'a letter')
  const [code] = /\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b/.exec(mail.text)
  await page.getByLabel('Koden ur brevet').fill(code)
  await page.locator('details').getByRole('button', { name: 'Fortsätt' }).click()
  await page.locator('.qr').waitFor()
  await known(house, anna)
  console.log(`        back after ${((performance.now() - began) / 1000).toFixed(1)} s`)
  await tab(anna, 'Jag')
  await until(async () => await page.getByRole('button', { name: /^Ta bort Telefon/ }).count() === 2,
    'the lost phone and this one')
  await page.getByRole('button', { name: /^Ta bort Telefon/ }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: 'Ta bort', exact: true }).click()
  await until(async () => await page.getByRole('button', { name: /^Ta bort Telefon/ }).count() === 1,
    'this one alone')
  assert.deepEqual(anna.wrong, [])
}

async function test_what_was_written_without_a_net_is_sent_when_there_is_one() {
  const bo = await house.browser({ name: 'bo' })
  const { page } = bo
  const code = await house.invite()
  await page.goto(bo.home)
  await page.getByLabel('Inbjudans kod').fill(code)
  await page.getByRole('button', { name: 'Fortsätt', exact: true }).first().click()
  await page.getByLabel('Namn').waitFor()
  house.officeRoad.go(null)
  await register_details(page)
  await page.getByText('Det du skrivit är sparat i telefonen').waitFor()
  await bo.reopen()
  await bo.page.goto(bo.home)
  await bo.page.getByText('Det du skrivit är sparat i telefonen').waitFor()
  house.officeRoad.go('office')
  await bo.page.locator('.qr').waitFor()
}

async function register_details(page) {
  await page.getByLabel('Namn').fill('Bo Ask')
  await page.getByLabel('Gatuadress').fill('Backen 2')
  await page.getByLabel('Postnummer').fill('263 62')
  await page.getByLabel('Ort').fill('Viken')
  await page.getByLabel('E-post', { exact: true }).fill('bo@example.com')
  await page.getByRole('button', { name: 'Bli medlem' }).click()
}

async function test_a_member_of_another_link_is_told_so() {
  const bo = house.people.at(-1)
  await bo.page.goto(`${bo.home}#/join/AAAA-AAAA-AAAA`)
  await bo.page.getByText('Den här telefonen är redan medlem.').waitFor()
  await bo.page.locator('.qr').waitFor()
}

async function test_a_shop_without_an_office_lets_in_by_the_key_on_the_screen() {
  const alone = await openHouse({ office: 'none' })
  try {
    const eva = await alone.browser({ name: 'eva' })
    const { page } = eva
    await page.goto(eva.home)
    await page.getByRole('button', { name: 'Gör en nyckel i telefonen' }).click()
    const hex = await eva.seen(page.locator('.qr'))
    assert.equal(hex, (await page.locator('.key-text').textContent()).trim())
    await eva.shots('phone-owner-key', ['phone', 'small'])
    await page.getByRole('button', { name: 'Kopiera' }).click()
    await page.getByText('Kopierad.').waitFor()
    alone.shopctl('member', 'add', '--key', hex)
    await page.getByRole('button', { name: 'Se efter nu' }).click()
    await page.getByText('Telefonen öppnar nu dörren').waitFor()
    await known(alone, eva)
    await tab(eva, 'Handla')
    await type(eva, EGGS)
    await bought(eva, 'Ägg')
    await receiptOf(eva)
    await tab(eva, 'Jag')
    await page.getByText('Butiken har inget kontor').waitFor()
    await tab(eva, 'Kvitton')
    await page.getByText('Butiken har inget kontor').waitFor()
    await page.locator('.visit').waitFor()
    await eva.shots('phone-alone-receipts', ['phone'])
  } finally {
    await alone.close()
  }
}

await tests({
  test_a_wiped_phone_is_back_by_mail,
  test_what_was_written_without_a_net_is_sent_when_there_is_one,
  test_a_member_of_another_link_is_told_so,
  test_a_shop_without_an_office_lets_in_by_the_key_on_the_screen,
  async test_nothing_went_wrong_on_the_way() {
    for (const p of house.people)
      assert.deepEqual(p.wrong, [], p.name)
    await house.close()
    post.close()
  },
})
