// test_office_owner.mjs: the owner of one shop at head office: in by a code for another key of hers, over
// her own shop and no other; what is not hers is not offered, and nothing that is offered is refused.
import { openHouse, tests, until } from './house.mjs'
import { named, press, row, shot, stranger, tab } from './office_house.mjs'

const house = await openHouse()
await house.operator('POST', '/v1/shops', { shop: 'sagby', title: 'Sagby' })
const { member } = await house.operator('POST', '/v1/members', { shop: 'viken', role: 'owner', party: {
  name: 'Ägarinnan Öberg', street: 'Storgatan 1', postcode: '26362', city: 'Viken', country: 'SE' } })
const { code } = await house.operator('POST', '/v1/invitations', { shop: 'viken', role: 'owner', member })
const ida = await stranger(house, 'ida')

/** Nothing on this view says that it may not be seen. */
async function unrefused(what) {
  await ida.page.locator('.wait').first().waitFor({ state: 'detached' })
  const said = await ida.page.locator('main [role=alert]').allInnerTexts()
  if (said.length)
    throw new Error(`${what} says ${said}`)
  await ida.well(what)
}

await tests({
  async 'in by the code for another key of hers'() {
    await ida.page.getByRole('radio', { name: 'Min telefon: jag äger en butik' }).check()
    await ida.page.getByLabel('Kod', { exact: true }).fill(code.toLowerCase())
    await press(ida, 'Logga in')
    await ida.page.getByText('ägare', { exact: true }).waitFor()
    await named(ida, 'viken').waitFor()
    if (await row(ida, 'sagby').count())
      throw new Error('she sees a shop that is not hers')
    await shot(ida, 'owner-fleet')
  },

  async 'every place and tab that she is offered is hers'() {
    const places = await ida.page.getByRole('navigation', { name: 'Sidor' }).getByRole('link').allInnerTexts()
    for (const name of places) {
      await ida.page.getByRole('navigation', { name: 'Sidor' }).getByRole('link', { name }).click()
      await ida.page.getByRole('heading', { level: 1, name }).waitFor()
      await unrefused(name)
      for (const t of await ida.page.locator('.tabs a').allInnerTexts()) {
        await tab(ida, t)
        await unrefused(`${name}, ${t}`)
      }
    }
    await ida.page.goto(`${ida.desk}#/shop/viken`)
    await ida.page.getByRole('heading', { level: 1, name: 'viken' }).waitFor()
    for (const t of await ida.page.locator('.tabs a').allInnerTexts()) {
      await tab(ida, t)
      await unrefused(`viken, ${t}`)
    }
  },

  async 'her own price, for her own shop alone'() {
    await ida.page.goto(`${ida.desk}#/product/7300156480903`)
    await press(ida, 'Nytt pris')
    if (await ida.page.getByRole('radio', { name: 'Alla butiker' }).count())
      throw new Error('she may price for all')
    await ida.page.getByRole('dialog').getByLabel('Butik', { exact: true }).selectOption('viken')
    await ida.page.getByLabel('Pris med moms').fill('31')
    await press(ida, 'Spara')
    await until(async () => (await (await fetch(`${house.run.api}/v1/products/7300156480903`)).json())
      .unit_price_minor === 3100, 'her price in her shop', 8000)
  },

  async 'a view that is not hers says so'() {
    await ida.page.goto(`${ida.desk}#/shop/sagby`)
    await ida.page.getByRole('alert').first().waitFor()
    await ida.well('not her shop')
  },

  async 'nothing went wrong behind anybody\'s back'() {
    await house.close()
    if (ida.wrong.length)
      throw new Error(ida.wrong.join('\n'))
  },
})
