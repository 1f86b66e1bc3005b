/* texts_sv.c: the sentences in Swedish. */
#include "courierd/texts.h"

const struct language_words texts_sv = {
	.condition =
		{
			[CONDITION_HELD_OPEN] =
				{"dörren {place} står öppen",
				 "dörren {place} står öppen sedan {time}. Gå dit eller ring någon "
				 "som kan "
				 "stänga. Kvittera: {code}",
				 "över: dörren {place} stängdes {time} efter {for}. Larm {code}"},
			[CONDITION_FORCED] = {"INBROTT? dörren {place}",
					      "INBROTT? Dörren {place} öppnades {time} utan att "
					      "någon släppts in. Se "
					      "efter, ring 112 om det pågår. Kvittera: {code}",
					      "dörren {place} är stängd igen sedan {time}, men "
					      "bröts upp. Se efter ändå. "
					      "Kvittera: {code}"},
			[CONDITION_TAMPER] = {"SABOTAGE? {place}",
					      "SABOTAGE? Någon rörde utrustningen vid {place} "
					      "{time}. Åk dit och se efter. "
					      "Kvittera: {code}",
					      "utrustningen vid {place} är hel igen sedan {time}. "
					      "Se efter ändå. Kvittera: "
					      "{code}"},
			[CONDITION_LEDGER_FAILING] =
				{"köp kan inte sparas",
				 "disken tar inte emot köp sedan {time}. Ingen släpps in, utgången "
				 "fungerar. "
				 "Se till boxen. Kvittera: {code}",
				 "över: köp sparas igen sedan {time}. Larm {code}"},
			[CONDITION_SMS_FAILING] =
				{"sms går inte fram",
				 "sms från butiken gick inte fram {time}. Se på sidan vad som hänt "
				 "och "
				 "kontrollera sms-kontot. Kvittera: {code}",
				 "över: sms går fram igen sedan {time}. Larm {code}"},
			[CONDITION_CLOCK_UNTRUSTED] =
				{"klockan är osäker",
				 "klockan är osäker sedan {time}. Kort och skärmens kod öppnar, "
				 "vanliga koder "
				 "inte. Kolla nätet. Kvittera: {code}",
				 "över: klockan går rätt igen sedan {time}. Larm {code}"},
			[CONDITION_FIRE] = {"BRANDLARM {place}",
					    "BRANDLARM vid {place} {time}: dörren är olåst. Ring "
					    "112 om det brinner. "
					    "Kvittera: {code}",
					    "brandlarmet vid {place} är återställt {time}. Se "
					    "efter att dörren låser. "
					    "Kvittera: {code}"},
			[CONDITION_SENSOR_FAILING] = {"dörren {place} vaktas inte",
						      "en givare vid {place} är ur funktion sedan "
						      "{time}: dörren vaktas inte. Se "
						      "till kablarna. Kvittera: {code}",
						      "över: givaren vid {place} fungerar igen "
						      "sedan {time}. Larm {code}"},
			[CONDITION_CLOSE_REFUSED] =
				{"månaden är inte stängd",
				 "månaden kunde inte stängas {time}: fakturorna väntar. Skriv "
				 "'shopctl ledger "
				 "check' på boxen. Kvittera: {code}",
				 "över: månaden är stängd sedan {time}. Larm {code}"},
			[CONDITION_ROSTER_STALE] =
				{"kontoret hörs inte",
				 "kontoret har inte hörts av sedan länge ({time}). Butiken går som "
				 "förut. "
				 "Kolla nätet. Kvittera: {code}",
				 "över: kontoret hörs igen sedan {time}. Larm {code}"},
			[CONDITION_OFFICE_REFUSED] =
				{"kontoret nekar boxen",
				 "kontoret nekar boxen sedan {time}: en annan box skriver, eller "
				 "den är "
				 "spärrad. Ring kontoret. Kvittera: {code}",
				 "över: kontoret godtar boxen igen sedan {time}. Larm {code}"},
			[CONDITION_POWER_LOST] = {"STRÖMMEN är borta",
						  "STRÖMMEN är borta sedan {time}, butiken går på "
						  "batteri. Kolla säkringarna, "
						  "tänk på frysarna. Kvittera: {code}",
						  "över: strömmen är tillbaka sedan {time}. Se "
						  "till kyl och frys. Larm {code}"},
			[CONDITION_BATTERY_LOW] =
				{"batteriet tar slut",
				 "batteriet tar snart slut ({time}): sedan tystnar boxen och dess "
				 "larm. Åk "
				 "dit. Kvittera: {code}",
				 "över: batteriet laddas igen sedan {time}. Larm {code}"},
			[CONDITION_FRIDGE_WARM] = {"kylen {place} är varm",
						   "kylen {place} är för varm{value} sedan {time}. "
						   "Stäng den, kolla strömmen, "
						   "flytta varorna. Kvittera: {code}",
						   "över: kylen {place} är kall igen{value} sedan "
						   "{time}. Larm {code}"},
			[CONDITION_FREEZER_WARM] = {"frysen {place} är varm",
						    "frysen {place} är för varm{value} sedan "
						    "{time}. Stäng den, kolla strömmen, "
						    "flytta varorna. Kvittera: {code}",
						    "över: frysen {place} är kall igen{value} "
						    "sedan {time}. Larm {code}"},
			[CONDITION_ROOM_COLD] = {"kallt vid {place}",
						 "det är för kallt vid {place}{value} sedan "
						 "{time}: rör kan frysa. Få igång "
						 "värmen. Kvittera: {code}",
						 "över: det är varmt igen vid {place}{value} sedan "
						 "{time}. Larm {code}"},
			[CONDITION_HUMID] = {"fukt vid {place}",
					     "det är för fuktigt vid {place}{value} sedan {time}. "
					     "Leta efter en läcka och "
					     "vädra. Kvittera: {code}",
					     "över: det är torrt igen vid {place}{value} sedan "
					     "{time}. Larm {code}"},
			[CONDITION_CO2_HIGH] = {"dålig luft vid {place}",
						"dålig luft vid {place}{value} sedan {time}. Vädra "
						"innan någon stannar där, "
						"kolla kylmaskinen. Kvittera: {code}",
						"över: luften vid {place} är bra igen{value} sedan "
						"{time}. Larm {code}"},
			[CONDITION_WATER] = {"VATTEN vid {place}",
					     "VATTEN på golvet vid {place} sedan {time}. Stäng "
					     "huvudkranen och åk dit. "
					     "Kvittera: {code}",
					     "över: det är torrt igen vid {place} sedan {time}. Se "
					     "efter ändå. Larm {code}"},
			[CONDITION_MOTION] = {"NÅGON INNE? {place}",
					      "NÅGON INNE? Rörelse vid {place} {time} fast butiken "
					      "är tom. Se efter, ring "
					      "112 om det är inbrott. Kvittera: {code}",
					      "ingen rör sig längre vid {place} sedan {time}. Se "
					      "efter ändå. Larm {code}"},
			[CONDITION_SENSOR_LOST] = {"givaren {place} svarar inte",
						   "givaren {place} svarar inte sedan {time}: "
						   "ingen vet hur det är där. Kolla "
						   "kabel och ström. Kvittera: {code}",
						   "över: givaren {place} svarar igen{value} sedan "
						   "{time}. Larm {code}"},
			[CONDITION_READER_LOST] =
				{"läsaren {place} är borta",
				 "läsaren vid {place} svarar inte sedan {time}: koder läses inte "
				 "där. Kolla "
				 "dess kabel. Kvittera: {code}",
				 "över: läsaren vid {place} svarar igen sedan {time}. Larm {code}"},
			[CONDITION_CAMERA_LOST] =
				{"kameran {place} ger ingen bild",
				 "kameran {place} ger ingen bild sedan {time}. Kolla dess ström "
				 "och nät. "
				 "Kvittera: {code}",
				 "över: kameran {place} ger bild igen sedan {time}. Larm {code}"},
			[CONDITION_DISK_FAILING] =
				{"disken mår dåligt",
				 "boxens disk är snart full eller för långsam ({time}). Byt kortet "
				 "innan köp "
				 "inte kan sparas. Kvittera: {code}",
				 "över: disken mår bra igen sedan {time}. Larm {code}"},
			[CONDITION_SYNC_STALE] = {"kontoret får inga poster",
						  "kontoret har inte fått butikens poster på länge "
						  "({time}). Inget är borta. "
						  "Kolla nätet. Kvittera: {code}",
						  "över: kontoret får butikens poster igen sedan "
						  "{time}. Larm {code}"},
			[CONDITION_ROAD_FAILING] =
				{"en väg för sms är bruten: {place}",
				 "sms går inte via {place} sedan {time}, bara den andra vägen är "
				 "kvar. Kolla "
				 "konto, nät, SIM-kort. Kvittera: {code}",
				 "över: sms går via {place} igen sedan {time}. Larm {code}"},
			[CONDITION_MANY_REFUSALS] = {"någon provar koder vid {place}",
						     "någon provar koder vid {place} ({time}), "
						     "ingen har släppts in på dem. Se "
						     "efter vem det är. Kvittera: {code}",
						     "över: ingen provar koder vid {place} längre "
						     "({time}). Larm {code}"},
			[CONDITION_INSIDE_LONG] =
				{"någon är kvar inne",
				 "någon har varit inne mycket länge ({time}). Ring dit eller gå "
				 "dit: kan vara "
				 "sjuk eller instängd. Kvittera: {code}",
				 "över: ingen är kvar inne sedan {time}. Larm {code}"},
			[CONDITION_REHEARSAL] = {"övning",
						 "ÖVNING {time}: inget har hänt. Svara med koden "
						 "så vet butiken att larmen "
						 "når dig. Kvittera: {code}",
						 "övningen är avslutad {time}. Larm {code}"},
		},
	.taken = "{by} har tagit hand om larmet: {name}. Du behöver inte göra något. Larm {code}",
	.group = "{count} larm, värst: {name}, {time}. Se sidan. Kvittera: {code}",
	.taken_many = "{by} tar hand om {count} larm, värst: {name}. Du behöver inte göra "
		      "något. Larm {code}",
	.over_many = "över: {count} larm, värst: {name}. Larm {code}",
	.link = " Bilder: {page}/a/{alarm}",
	.role = {[CONTACT_OWNER] = "ägare",
		 [CONTACT_KEYHOLDER] = "har nyckel",
		 [CONTACT_NEIGHBOUR] = "granne"},
	.somebody = "någon på sidan",
	.time = "%H:%M:%S (%d/%m)",
	.degrees = "grader",
	.comma = ',',
};
