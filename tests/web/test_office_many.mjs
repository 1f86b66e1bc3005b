// test_office_many.mjs: head office with five hundred shops and members, with the longest names.
import { openHouse, tests, until } from './house.mjs'
import { clerk, named, place, press, shot, tab } from './office_house.mjs'

const MANY = 500
const TITLE = 'Övre Ålidhems Bygdehandelsförening' // 40 bytes at most
const NAME = 'Anna-Karin Östergötlandsson Gyllenstierna-Wachtmeister af Björneborg'
const QUICK_MS = 400 // from a key to what it shows, on a busy machine
const house = await openHouse({ set: ['officed:shops_max=600'] })
let eva

async function inTens(n, work) {
  for (let i = 0; i < n; i += 10)
    await Promise.all(Array.from({ length: Math.min(10, n - i) }, (_, k) => work(i + k)))
}

await tests({
  async 'five hundred shops are made'() {
    await house.operator('PUT', '/v1/groups/skane')
    await inTens(MANY, (i) => house.operator('POST', '/v1/shops',
      { shop: `butik-${String(i).padStart(4, '0')}`,
      title: i % 7 ? `Butik ${i}` : TITLE, group: i % 3 ? 'skane' : '' }))
    await inTens(MANY, (i) => house.operator('POST', '/v1/members', { shop: 'viken', party: {
      name: i % 5 ? `Bo Ek ${i}` : `${NAME} ${i}`, street: 'Storgatan 1', postcode: '26362', city: 'Viken',
      country: 'SE' } }))
  },

  async 'the fleet is quick to search, sort and page'() {
    eva = await clerk(house, 'eva')
    await eva.page.getByRole('button', { name: '501 butiker' }).waitFor()
    await eva.page.getByText('1–50 av 501').waitFor()
    await shot(eva, 'fleet-many')
    const began = performance.now()
    await eva.page.getByLabel('Sök namn eller grupp').fill('butik-0377')
    await until(async () => await eva.page.locator('tbody tr').count() === 1, 'the one shop')
    const took = performance.now() - began
    console.log(`        one of 501 shops found after ${Math.round(took)} ms, 300 of them for the typing`)
    if (took > 300 + QUICK_MS * 3)
      throw new Error(`it took ${took} ms`)
    await eva.page.getByLabel('Sök namn eller grupp').fill('')
    await eva.page.getByText('1–50 av 501').waitFor()
    await eva.page.getByRole('columnheader', { name: 'Butik' }).getByRole('button').click()
    await until(async () => (await eva.page.locator('th.main').first().innerText()).startsWith('Butik 1'),
      'the shops by name')
    await press(eva, 'Nästa')
    await eva.page.getByText('51–100 av 501').waitFor()
  },

  async 'members by the hundred, found by name'() {
    await place(eva, 'Medlemmar')
    await eva.page.getByText(/^1–50 av/).waitFor()
    await shot(eva, 'members-many')
    await eva.page.getByLabel('Sök namn, adress').fill('Bo Ek 377')
    await until(async () => await eva.page.locator('tbody tr').count() === 1, 'the one member')
    await eva.page.getByRole('link', { name: 'Bo Ek 377' }).click()
    for (const [t, view] of [['Köp', 'member'], ['Uppgifter', 'member-details'], ['Nycklar', 'member-keys'],
      ['Passerkoder', 'member-passes'], ['Vem har tittat', 'member-looks'],
      ['Lämna ut och glöm', 'member-forget']]) {
      await tab(eva, t)
      await shot(eva, view)
    }
  },

  async 'a member is blocked, let in again, has a pass and is forgotten'() {
    await press(eva, 'Spärra')
    await eva.page.getByRole('dialog').getByRole('button', { name: 'Spärra' }).click()
    await press(eva, 'Häv spärren')
    await eva.page.getByText('aktiv', { exact: true }).waitFor()
    await tab(eva, 'Passerkoder')
    await press(eva, 'Ny passerkod')
    await eva.page.getByRole('dialog').getByLabel('Märkt').fill('Farmors kort')
    await eva.page.getByRole('dialog').getByRole('button', { name: 'Spara' }).click()
    await eva.page.getByText('Det här visas bara nu').waitFor()
    const code = await eva.seen(eva.page.locator('.qr'))
    if (!code.startsWith('SK1:'))
      throw new Error(`the pass reads ${code}`)
    await shot(eva, 'pass-code')
    await press(eva, 'Klart')
    await named(eva, 'Farmors kort').getByText('gäller', { exact: true }).waitFor()
    await tab(eva, 'Lämna ut och glöm')
    const [file] = await Promise.all([eva.page.waitForEvent('download'), press(eva, 'Spara filen')])
    if (!/^[0-9a-f]{16}\.json$/.test(file.suggestedFilename()))
      throw new Error(`the file is called ${file.suggestedFilename()}`)
    await press(eva, 'Glöm för alltid')
    await eva.page.getByRole('dialog').getByRole('button', { name: 'Glöm för alltid' }).click()
    await eva.page.getByText('Glömd. Inget behövde sparas.').waitFor()
    await shot(eva, 'member-forgotten')
  },

  async 'every place in English, and well'() {
    await press(eva, 'English')
    for (const name of ['Shops', 'Alarms', 'Members', 'Goods and prices', 'Invoices', 'Payments',
      'Rules and groups', 'Programs and staff']) {
      await eva.page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click()
      await eva.page.getByRole('heading', { level: 1 }).waitFor()
      await eva.page.locator('.wait').first().waitFor({ state: 'detached' })
      await eva.well(`${name} in English`)
      const plain = await eva.page.locator('main').innerText()
      const keys = plain.match(/\b[a-z]+_[a-z_]+\b/g)?.filter((w) => !/^(valid_from|vat_bp)$/.test(w))
      if (keys?.length)
        throw new Error(`${name} shows ${keys}`)
    }
    await press(eva, 'Svenska')
  },

  async 'nothing went wrong behind anybody\'s back'() {
    await house.close()
    if (eva?.wrong.length !== 0)
      throw new Error(eva?.wrong.join('\n'))
  },
})
