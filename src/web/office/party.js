// party.js: a person's or a company's name and address, as invoices need them.
import { Field, Tick, html } from '../base/ui.js'
import { words, t } from '../base/words.js'

words({
  party_name: ['Namn', 'Name'],
  party_street: ['Gata', 'Street'],
  party_street2: ['Adressrad 2', 'Second line'],
  party_postcode: ['Postnummer', 'Postcode'],
  party_city: ['Ort', 'Town'],
  party_country: ['Land', 'Country'],
  party_email: ['E-post', 'E-mail'],
  party_phone: ['Telefon', 'Phone'],
  party_organisation_number: ['Organisationsnummer', 'Organisation number'],
  party_vat_number: ['Momsnummer', 'VAT number'],
  party_bankgiro: ['Bankgiro', 'Bankgiro'],
  party_plusgiro: ['Plusgiro', 'Plusgiro'],
  party_iban: ['IBAN', 'IBAN'],
  party_bic: ['BIC', 'BIC'],
  party_registered_office: ['Styrelsens säte', 'Registered office'],
  party_reference: ['Er referens', 'Your reference'],
  party_f_tax: ['Godkänd för F-skatt', 'Approved for F-tax'],
  party_business: ['Företag', 'A business'],
  party_country_hint: ['Två bokstäver: SE', 'Two letters: SE'],
})

const ADDRESS = ['name', 'street', 'street2', 'postcode', 'city', 'country', 'email', 'phone']
export const BUYER = [...ADDRESS, 'organisation_number', 'vat_number', 'reference']
export const SELLER = [...ADDRESS, 'organisation_number', 'vat_number', 'registered_office', 'bankgiro',
  'plusgiro', 'iban', 'bic']
const TICKS = { business: BUYER, f_tax: SELLER }
const KIND = { email: 'email', phone: 'tel' }

/** PartyFields({party, words: BUYER | SELLER, onChange(party)}) */
export function PartyFields({ party, words: fields, onChange }) {
  const set = (name) => (value) => onChange({ ...party, [name]: value })
  return html`<div class="pair">${fields.map((name) => html`<${Field} key=${name} label=${t(`party_${name}`)}
      type=${KIND[name] ?? 'text'} value=${party[name] ?? ''} maxlength=${name === 'country' ? 2 : 100}
      hint=${name === 'country' ? t('party_country_hint') : undefined} autocomplete="off"
      onInput=${set(name)} />`)}</div>
    ${Object.keys(TICKS).filter((k) => TICKS[k] === fields).map((k) => html`<${Tick} key=${k}
      label=${t(`party_${k}`)} checked=${Boolean(party[k])} onChange=${set(k)} />`)}`
}

/** What is sent: without the empty words; null where nothing is said. What we do not know stays. */
export function partyOf(party) {
  const said = Object.entries(party).filter(([, v]) => v !== '' && v !== null && v !== false)
    .map(([k, v]) => [k, typeof v === 'string' ? v.trim() : v])
  return said.length ? Object.fromEntries(said) : null
}

/** An address on one line. */
export const partyLine = (p) => [p.street, p.street2, [p.postcode, p.city].filter(Boolean).join(' '),
  p.country !== 'SE' && p.country].filter(Boolean).join(', ')

/** What a member is called here; not everybody has said. */
export const nameOf = (m) => m.name || m.party?.name || t('no_name')
