// phone_steps.mjs: what people do with the phone's page, for its tests: by the words on the screen, in
// Swedish, as they read them.
import { until } from './house.mjs'

export const EGGS = '7300156480903'
export const PASTA = '7300156485472'
export const MILK = '7300156486325'

/** Types an invitation's code and, when asked, who she is. */
export async function register(person, code, name = 'Anna Ek', email = 'anna@example.com') {
  const { page } = person
  await page.goto(`${person.home}#/join/${code}`)
  await page.getByRole('button', { name: 'Fortsätt', exact: true }).first().click()
  await page.getByLabel('Namn').fill(name)
  await page.getByLabel('Gatuadress').fill('Storgatan 1')
  await page.getByLabel('Postnummer').fill('26362')
  await page.getByLabel('Ort').fill('Viken')
  await page.getByLabel('E-post', { exact: true }).fill(email)
  await page.getByRole('button', { name: 'Bli medlem' }).click()
}

/** A member whose phone shows the door's code; the shop knows her. */
export async function member(house, how = {}, more = {}) {
  const person = await house.browser(how)
  await register(person, await house.invite('member', more), how.full ?? 'Anna Ek',
    `${how.name ?? 'anna'}@example.com`)
  await person.page.locator('.qr').waitFor()
  await known(house, person)
  return person
}

/** Until the feed has brought her to the shop: the door opens for her. */
export async function known(house, person) {
  const press = person.page.getByRole('button', { name: /^Öppna (dörren|en gång till)$/ })
  await until(async () => {
    await press.click()
    await person.page.locator('.press .notice').waitFor()
    return await person.page.getByText('Välkommen in!').isVisible()
  }, 'the shop to know her', 30000)
}

export const tab = (person, name) =>
  person.page.getByRole('navigation', { name: 'Sidor' }).getByRole('link', { name }).click()

/** A code typed by hand. */
export async function type(person, code) {
  const { page } = person
  await page.getByRole('button', { name: 'Skriv kod' }).click()
  await page.getByLabel('Siffrorna under streckkoden').fill(code)
  await page.getByRole('button', { name: 'Lägg i korgen' }).click()
}

/** A row of the basket, by its name. */
export const row = (person, name) => person.page.locator('.basket-row', { hasText: name })

export const bought = (person, name) => row(person, name).getByText('köpt').waitFor()

/** What the shop's own books say of open visits and their lines. */
export async function receiptOf(person) {
  const { page } = person
  await page.getByRole('button', { name: 'Klar', exact: true }).click()
  await page.getByRole('button', { name: 'Avsluta' }).click()
  await page.getByRole('heading', { name: 'Kvitto', exact: true }).waitFor()
  return page.locator('.paper')
}
