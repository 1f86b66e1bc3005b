// words_problems.js: what the office says in English, in Swedish: refusals by their code, which never
// changes, and rows of a list by what is said of them. What has no words here is shown as it came.
import { language } from '../base/words.js'

const CODES = {
  forbidden: 'Du har inte rätt att göra det här. Fråga den som bjöd in dig.',
  unauthorized: 'Huvudkontoret känner inte den här nyckeln. Logga in med en kod.',
  used: 'Frågan kom fram två gånger. Försök igen.',
  too_long_lived: 'Datorns klocka går fel. Ställ den och försök igen.',
  stale: 'Datorns klocka går fel. Ställ den och försök igen.',
  busy: 'Huvudkontoret har för mycket att göra. Försök igen om en stund.',
  unavailable: 'Huvudkontorets databas svarar inte. Försök igen om en stund.',
  full: 'Huvudkontorets disk är full: inget sparades. Säg till den som sköter servern.',
  internal: 'Något gick fel på huvudkontoret; det står i loggen. Försök igen.',
  too_large: 'Det är för stort för att tas emot. Dela upp det.',
  too_many: 'Det är för många. Ta bort någon, eller vänta en stund.',
  code_unknown: 'Koden är okänd, använd, eller för gammal. Be om en ny.',
  invitation_unknown: 'Inbjudan är okänd, använd, eller för gammal. Be om en ny.',
  key_taken: 'Nyckeln hör redan till någon annan.',
  name_taken: 'Det finns redan någon med det namnet. Välj ett annat, eller ta bort den först.',
  in_file: 'Den här personen står i officed.conf och tas bort där.',
  bad_rights: 'Välj minst en rätt.',
  bad_shops: 'Skriv butikernas kortnamn med mellanslag, eller välj alla.',
  unknown_operator: 'Den personen finns inte längre.',
  waits_for_approval: 'Butiken har inte svarat än.',
  shop_exists: 'Det finns redan en butik med det kortnamnet.',
  unknown_shop: 'Den butiken finns inte.',
  too_many_shops: 'Det är för många butiker: släpp in i alla i stället.',
  shop_not_live: 'Butiken har ingen box som kan göra det.',
  needs_restore: 'Butiken har redan en box eller en historia: kryssa för Återställ.',
  epoch_too_soon: 'Boxen fick en epok för mindre än ett dygn sedan.',
  revoked: 'Boxen är spärrad.',
  seller: 'Uppgifterna om säljaren går inte att använda',
  unknown_contact: 'Den kontakten finns inte längre.',
  unknown_notice: 'Den notisen finns inte längre.',
  unknown_command: 'Butiken har inte fått något sådant.',
  bad_door: 'En dörrs namn är 1–16 tecken: a–z, 0–9 och -.',
  bad_hold: 'Skriv hur många minuter dörren får stå öppen, 1 till 720.',
  bad_setting: 'Värdet går inte att använda',
  bad_alarm: 'Det larmet går inte att kvittera härifrån.',
  key_reused: 'Det här har redan skickats. Läs om sidan.',
  group_in_use: 'Det finns butiker i gruppen: flytta dem först.',
  unknown_group: 'Den gruppen finns inte. Lägg upp den först.',
  unknown_member: 'Den medlemmen finns inte, eller är inte din att ändra.',
  erased: 'Den medlemmen är glömd.',
  wrong_state: 'Det går inte i det läge som medlemmen har nu. Läs om sidan.',
  shared_member: 'Medlemmen får gå in i butiker som inte är dina: bara den som har rätt över alla kan göra det här.',
  bad_party: 'Namn och adress går inte att använda',
  bad_email: 'E-postadressen går inte att använda. Den ser ut så: anna@exempel.se.',
  bad_expiry: 'Välj en tid som ligger framåt, högst ett år.',
  bad_uses: 'En inbjudan till en ny telefon gäller en gång.',
  bad_key: 'Nyckelns text går inte att läsa. Kopiera hela, utan mellanslag.',
  too_many_keys: 'Medlemmen har för många nycklar: ta bort en som inte används.',
  unknown_key: 'Den nyckeln finns inte längre.',
  invoices_unpaid: 'Det finns fakturor som inte är betalda. Vänta tills de är det, eller kryssa för att glömma ändå.',
  purchases_unbilled: 'Det finns köp som ingen faktura bär än. Vänta på månadens faktura, eller kryssa för att glömma ändå.',
  not_let_in: 'Medlemmen får inte gå in i den butiken: släpp in henne först.',
  unknown_pass: 'Den passerkoden finns inte längre.',
  too_many_passes: 'Butiken har för många passerkoder: låt några gå ut.',
  bad_pin: 'En PIN har 4 till 8 siffror.',
  bad_time: 'Tiden går inte att läsa.',
  unknown_article: 'Den varan finns inte.',
  incomplete: 'En ny vara behöver namn och moms.',
  bad_name: 'Namnet går inte att använda.',
  bad_vat: 'Momsen går inte att använda.',
  bad_header: 'Första raden går inte att läsa',
  too_many_prices: 'Det finns redan för många kommande priser: ta bort ett först.',
  bad_valid_from: 'Tiden går inte att läsa.',
  unknown_bundle: 'Det utskicket finns inte.',
  no_mail: 'Huvudkontoret skickar ingen e-post: det står inget [mail] i officed.conf.',
  no_parties: 'Dokumentet kan inte ritas: namn eller adress saknas',
  no_shop: 'Ingen butik får betalt på det kontot. Välj butiken, eller skriv in bankgirot under butikens uppgifter.',
  bad_bank_file: 'Filen går inte att läsa',
  unknown_payment: 'Den betalningen finns inte, eller är redan kopplad.',
  unknown_invoice: 'Butiken har ingen faktura med det numret.',
  unknown_webhook: 'Den finns inte längre.',
  bad_url: 'Adressen ska börja med https://',
  malformed: 'Något av det du skrev går inte att använda',
  not_found: 'Det finns inte.',
}

// Of these the office's own words say which: they stand behind ours.
const TELL = ['seller', 'bad_setting', 'bad_party', 'bad_header', 'no_parties', 'bad_bank_file', 'malformed']

/** The same Problem, with words in the language of the page. */
export function inWords(why) {
  if (language() === 'sv' && CODES[why.code] && why.status)
    why.message = TELL.includes(why.code) ? `${CODES[why.code]}: ${why.message}` : CODES[why.code]
  return why
}

const ROWS = [
  [/^'(.*)' is no price: .*/, '”$1” är inget pris: skriv 24.90, utan valuta.'],
  [/^'(.*)' is no deposit: .*/, '”$1” är ingen pant: skriv 2.00.'],
  [/^'(.*)' is no whole number up to (\d+).*/, '”$1” är inget helt tal upp till $2.'],
  [/^'(.*)' is no GTIN: .*/, '”$1” är ingen streckkod: 8, 12, 13 eller 14 siffror, den sista kontrollerar de andra.'],
  [/^'(.*)' is no rate: .*/, '”$1” är ingen momssats: skriv hundradels procent, 2500 för 25 %.'],
  [/^'(.*)' is no scope: .*/, '”$1”: lämna tomt för alla butiker, eller skriv group:NAMN eller shop:NAMN.'],
  [/^'(.*)' is no time: .*/, '”$1” är ingen tid: skriv 2026-12-01T00:00:00+01:00.'],
  [/^'(.*)' cannot be, per 100 g or ml: it is (.*)/, '”$1” kan inte stämma per 100 g eller ml: $2'],
  [/^There is no class '(.*)': .*/, 'Det finns inget slag ”$1”: grocery, household, alcohol, tobacco eller medicine.'],
  [/^There is no state '(.*)': .*/, 'Det finns inget läge ”$1”: sold, recalled eller expired.'],
  [/^There is no VAT class '(.*)': .*/, 'Det finns ingen momsklass ”$1”: food, standard, restaurant, culture eller none.'],
  [/^It has both vat_bp and vat: .*/, 'Både vat_bp och vat står där: lämna en tom.'],
  [/^The line has (\d+) fields and the first one (\d+): .*/,
    'Raden har $1 fält och den första $2: ett komma fattas, eller en text med komma behöver citattecken.'],
  [/^Line (\d+) says this article's price .*/, 'Rad $1 har redan ett pris för samma vara, butiker och tid: ta bort en av dem.'],
  [/^The article is new and has no (\w+): .*/, 'Varan är ny och saknar $1.'],
  [/^You have no right to set prices for '(.*)'.*/, 'Du har inte rätt att sätta priser för ”$1”.'],
  [/^There is no (group|shop)? ?'(.*)': make it first.*/, '”$2” finns inte: lägg upp den först.'],
  [/^(\d+) prices of this article are to come .*/, 'Varan har redan $1 kommande priser: ta bort ett först.'],
  [/^You may set prices of your own shops alone: .*/, 'Du får bara sätta priser i dina egna butiker: lämna varans andra kolumner tomma.'],
  [/^The line cannot be read: (.*)/, 'Raden går inte att läsa: $1'],
]

const LAW = [
  [/^Bokföringslagen 7 kap\. 2 §: .*/, 'Bokföringslagen 7 kap. 2 §: räkenskaper sparas till utgången av det sjunde året efter det kalenderår då räkenskapsåret slutade'],
  [/^they stand on invoices, .*/, 'de står på fakturor, som sparas så som de skickades (bokföringslagen 5 kap. 7 § och 7 kap. 2 §); de visas ingen annanstans'],
  [/^invoices that are not paid .*/, 'fakturor som inte är betalda eller gjorda än behöver den'],
  [/^when they are paid$/, 'de är betalda'],
  [/^seven years after the invoice .*/, 'sju år efter fakturan som kommer'],
  [/^name and address$/, 'namn och adress'],
  [/^mail address and phone$/, 'e-post och telefon'],
  [/^mail address$/, 'e-postadress'],
  [/^keys of phones and cards$/, 'telefonernas och kortens nycklar'],
  [/^who has looked$/, 'vem som har tittat'],
  [/^invitations$/, 'inbjudningar'],
  [/^passes$/, 'passerkoder'],
  [/^the door's log of this customer, .*/, 'dörrens logg över kunden, i butikerna'],
]

const swedish = (table, text) => {
  if (language() !== 'sv')
    return text
  const [pattern, words] = table.find(([p]) => p.test(text)) ?? []
  return pattern ? text.replace(pattern, words) : text
}

/** What is wrong with a row of a list. */
export const rowWords = (text) => swedish(ROWS, text)
/** What is kept of a person, why and until when; and what is gone. */
export const lawWords = (text) => swedish(LAW, String(text))
