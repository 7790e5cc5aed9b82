#!/usr/bin/python3
"""mails.py --out FOLDER [--count N] [--seed S]: synthetic mails in five languages, FOLDER/NNNN.eml, and what is to be read in
them, FOLDER/truth.jsonl: {"file", "verdict", "sig": [[first,last]…] | null (HTML), "dontcare", "contact", "strangers": [texts]}.

Signatures with and without delimiter and closing, in one and two columns, with strokes, with the footer of German
companies, notices, telephones' lines, above and below quotes that hold other people's signatures; newsletters, notices of
programs, mails nobody signed. All people, companies and numbers are invented (people.py).
"""
import argparse
import email.header
import html
import json
import pathlib
import random

import people

LANGS = {"de": "DE", "en": "GB", "fr": "FR", "it": "IT", "es": "ES"}
GREETING = {"de": ["Guten Tag {n},", "Hallo {n},", "Sehr geehrte Damen und Herren,"], "en": ["Dear {n},", "Hi {n},", "Hello,"],
            "fr": ["Bonjour {n},", "Madame, Monsieur,"], "it": ["Buongiorno {n},", "Gentile {n},"], "es": ["Hola {n}:", "Estimado señor {n}:"]}
BODY = {
    "de": ["anbei erhalten Sie wie besprochen das Angebot für die zweite Lieferung.", "Können wir den Termin auf Donnerstag verschieben?",
           "Die Unterlagen habe ich an die Kollegen weitergegeben, sie melden sich bei Ihnen.", "Bitte geben Sie mir bis Freitag Bescheid.",
           "Die Preise gelten bis Ende des Monats, danach müssen wir neu rechnen."],
    "en": ["please find attached the offer for the second delivery as we discussed.", "Could we move the meeting to Thursday afternoon?",
           "I have passed the papers on to my colleagues, who will be in touch.", "Please let me know by Friday whether this works for you.",
           "The prices are valid until the end of the month."],
    "fr": ["veuillez trouver ci-joint notre offre pour la deuxième livraison.", "Pouvons-nous déplacer le rendez-vous à jeudi ?",
           "J'ai transmis les documents à mes collègues qui vous contacteront.", "Merci de me dire si cela vous convient."],
    "it": ["in allegato trova la nostra offerta per la seconda consegna.", "Possiamo spostare l'incontro a giovedì?",
           "Ho passato i documenti ai colleghi che la contatteranno.", "La prego di farmi sapere se va bene."],
    "es": ["adjunto encontrará nuestra oferta para la segunda entrega.", "¿Podemos cambiar la reunión al jueves?",
           "He pasado los documentos a mis compañeros, que le llamarán.", "Por favor, dígame si le parece bien."],
}
CLOSING = {"de": ["Mit freundlichen Grüßen", "Viele Grüße", "Beste Grüße,", "Freundliche Grüße", "MfG"],
           "en": ["Best regards,", "Kind regards", "Regards", "Many thanks", "Sincerely,"],
           "fr": ["Cordialement,", "Bien cordialement", "Meilleures salutations"], "it": ["Cordiali saluti", "Distinti saluti,", "Un cordiale saluto"],
           "es": ["Saludos cordiales,", "Un saludo", "Atentamente,"]}
INTRO = {"de": "Am {d}.05.2026 um 10:{d} schrieb {n} <{m}>:", "en": "On {d} May 2026, at 10:{d}, {n} <{m}> wrote:",
         "fr": "Le {d} mai 2026 à 10:{d}, {n} <{m}> a écrit :", "it": "Il giorno {d} mag 2026, alle ore 10:{d}, {n} <{m}> ha scritto:",
         "es": "El {d} may 2026, a las 10:{d}, {n} <{m}> escribió:"}
HEADER = {"de": ("Von", "Gesendet", "An", "Betreff"), "en": ("From", "Sent", "To", "Subject"), "fr": ("De", "Envoyé", "À", "Objet"),
          "it": ("Da", "Inviato", "A", "Oggetto"), "es": ("De", "Enviado el", "Para", "Asunto")}
MOBILE = {"de": "Von meinem iPhone gesendet", "en": "Sent from my iPhone", "fr": "Envoyé de mon iPhone", "it": "Inviato da iPhone", "es": "Enviado desde mi iPhone"}
LABELS = {"de": ("Tel.", "Mobil", "Fax", "E-Mail"), "en": ("Phone", "Mobile", "Fax", "Email"), "fr": ("Tél.", "Portable", "Fax", "E-mail"),
          "it": ("Tel.", "Cell.", "Fax", "E-mail"), "es": ("Tel.", "Móvil", "Fax", "Correo")}
NOTICE = {"de": "Diese E-Mail kann vertrauliche Informationen enthalten. Wenn Sie nicht der richtige Adressat sind, löschen Sie sie bitte.",
          "en": "This email is confidential and intended solely for the addressee. If you received it in error, please delete it.",
          "fr": "Ce message est confidentiel et destiné à l'usage exclusif du destinataire.",
          "it": "Questo messaggio contiene informazioni riservate ed è destinato solo al destinatario.",
          "es": "Este mensaje es confidencial y va dirigido únicamente a su destinatario."}
AUTOMATIC = {"de": "Ich bin bis zum 14. nicht im Büro und lese keine Nachrichten.", "en": "I am out of the office until the 14th.",
             "fr": "Réponse automatique : je suis absent jusqu'au 14.", "it": "Risposta automatica: sono fuori ufficio fino al 14.",
             "es": "Respuesta automática: estoy fuera de la oficina hasta el 14."}
LEAVE = {"de": "Newsletter abbestellen: https://liste.example/ab", "en": "To unsubscribe visit https://list.example/off",
         "fr": "Se désabonner : https://liste.example/off", "it": "Per cancellarsi: https://lista.example/off disiscriviti", "es": "Darse de baja: https://lista.example/off"}


def values(contact, many):
    return [(v["value"], v.get("raw") or v["value"], v.get("kind")) for v in contact[many]]


def contact_rows(rng, contact, lang):
    """Lines with numbers and addresses, each with its label or without."""
    tel, cell, fax, mail = LABELS[lang]
    colon = rng.choice([": ", " ", ":  ", ":\t"])
    rows = [{"mobile": cell, "fax": fax}.get(kind, tel) + colon + raw for _, raw, kind in values(contact, "phones")]
    rows += [raw if rng.random() < 0.5 else mail + colon + raw for _, raw, _ in values(contact, "emails")]
    return rows + [url.split("://")[1] for url, _, _ in values(contact, "urls")]


def signature(rng, contact, lang):
    """The lines of a full signature without delimiter and legal footer."""
    name = " ".join(x for x in (contact["name_prefix"], contact["given_name"], contact["family_name"]) if x)
    address = contact["addresses"][0]
    street, town = address["street"], f"{address['postal_code']} {address['city']}" if address["postal_code"] else address["city"]
    who = [name] + [x for x in (contact["job_title"], contact["department"]) if x]
    rows = contact_rows(rng, contact, lang)
    layout = rng.random()
    if layout < 0.15 and len(who) > 1:
        return [" | ".join(who), " | ".join(x for x in (contact["organization"], street, town) if x), *rows]
    if layout < 0.3:
        left = [*who, contact["organization"], street, town]
        wide = max(map(len, left)) + 4
        left += [""] * (len(rows) - len(left))
        return [(a.ljust(wide) + b).rstrip() for a, b in zip(left, rows + [""] * len(left))]
    gap = [""] if rng.random() < 0.5 else []
    place = [street, town] if rng.random() < 0.6 else [f"{street}, {town}"]
    return [*who, *gap, contact["organization"], *place, *gap, *rows]


def legal_footer(rng, contact, lang):
    others = [" ".join(people.name(rng, "de")[:2]) for _ in range(2)]
    return ["", f"Sitz der Gesellschaft: {contact['addresses'][0]['city']}", f"Amtsgericht {contact['addresses'][0]['city']}, HRB {rng.randint(1000, 99999)}",
            f"Geschäftsführer: {others[0]}, {others[1]}", f"USt-IdNr. DE{rng.randint(10**8, 10**9 - 1)}"] if lang == "de" else []


def record(rng, lang):
    while True:
        contact = people.contact(people.person(rng, people.company(rng, LANGS[lang])))
        if contact["emails"] and contact["phones"] and contact["given_name"] and contact["addresses"]:
            return contact


def quoted(rng, lang):
    """Lines that quote somebody else with a signature, and texts of his that must not be taken."""
    other, theirs = record(rng, lang), rng.choice(list(LANGS))
    name = f"{other['given_name']} {other['family_name']}"
    mail, day = other["emails"][0]["value"], rng.randint(10, 28)
    text = [GREETING[theirs][0].format(n=""), "", rng.choice(BODY[theirs]), "", CLOSING[theirs][0], "", *signature(rng, other, theirs)]
    style = rng.random()
    if style < 0.4:
        lines = [INTRO[theirs].format(d=day, n=name, m=mail), *("> " + t for t in text)]
    elif style < 0.6:
        lines = [INTRO[theirs].format(d=day, n=name, m=mail), "", *text]
    else:
        a, b, c, d = HEADER[theirs]
        rule = rng.choice([["_" * 32], ["-----Original Message-----"], []])
        lines = [*rule, f"{a}: {name} <{mail}>", f"{b}: {day}.05.2026 10:15", f"{c}: Karl", f"{d}: Re: x", "", *text]
    return lines, [other["family_name"], mail, *(v["value"] for v in other["phones"])]


def letter(rng, lang, contact, full):
    """Lines of the author: (text, sig, dontcare) with 1-based ranges."""
    lines = [rng.choice(GREETING[lang]).format(n=people.surname(rng, "de")), ""]
    for sentence in rng.sample(BODY[lang], rng.randint(1, 3)):
        lines += [sentence, ""]
    sig, free = [], []
    closing = rng.random() < 0.85
    if closing:
        lines += [rng.choice(CLOSING[lang]), ""]
        free.append([len(lines) - 1, len(lines) - 1])
    if not full:
        lines.append(contact["given_name"])
        return lines, [[len(lines), len(lines)]], free
    start = len(lines) + 1
    if not closing or rng.random() < 0.35:
        lines.append("-- ")
    lines += signature(rng, contact, lang) + (legal_footer(rng, contact, lang) if rng.random() < 0.5 else [])
    sig.append([start, len(lines)])
    if rng.random() < 0.2:
        lines += ["", NOTICE[lang]]
        free.append([len(lines), len(lines)])
    return lines, sig, free


def make(rng):
    """One mail: (header fields, lines, truth)."""
    lang = rng.choices(list(LANGS), [4, 3, 1, 1, 1])[0]
    contact = record(rng, lang)
    kind = rng.choices(["person", "none", "newsletter", "automatic"], [80, 8, 6, 6])[0]
    sender = f"{contact['given_name']} {contact['family_name']}"
    fields = [("From", f"{email.header.Header(sender, 'utf-8').encode()} <{contact['emails'][0]['value']}>"), ("Subject", "x")]
    full = rng.random() < 0.88
    lines, sig, free = letter(rng, lang, contact, full)
    if kind == "none":
        lines = [rng.choice(GREETING[lang]).format(n="x"), "", rng.choice(BODY[lang])]
        sig, free = [], []
    elif kind == "automatic":
        fields += [("Auto-Submitted", "auto-replied")] if rng.random() < 0.5 else []
        lines[2] = AUTOMATIC[lang]
    elif kind == "newsletter":
        fields += [("List-Unsubscribe", "<mailto:x@liste.example>")] if rng.random() < 0.5 else []
        lines += ["", LEAVE[lang]]
        free.append([len(lines), len(lines)])
    strangers = []
    if kind in ("person", "none") and rng.random() < 0.45:
        quote, strangers = quoted(rng, lang)
        lines += ["", *quote]
    if kind == "none" and rng.random() < 0.3 and not strangers:
        lines += ["", MOBILE[lang]]
        sig.append([len(lines), len(lines)])
    if not full:
        contact = {**{k: [] if isinstance(v, list) else None for k, v in contact.items()}, "given_name": contact["given_name"]}
    return fields, lines, {"verdict": kind, "sig": sig, "dontcare": free, "contact": contact if kind == "person" else None, "strangers": strangers}


def as_html(lines):
    return "<html><body>" + "".join(f"<div>{html.escape(line) or '&nbsp;'}</div>\n" for line in lines) + "</body></html>"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    arguments.add_argument("--count", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    args = arguments.parse_args()
    rng = random.Random(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    with open(args.out / "truth.jsonl", "w", encoding="utf-8") as truth:
        for number in range(args.count):
            fields, lines, expected = make(rng)
            web = rng.random() < 0.2
            expected["sig"] = None if web else expected["sig"]
            kind = "html" if web else "plain"
            head = "".join(f"{n}: {v}\n" for n, v in [*fields, ("MIME-Version", "1.0"), ("Content-Type", f"text/{kind}; charset=utf-8")])
            body = as_html(lines) if web else "\n".join(lines)
            (args.out / f"{number:04}.eml").write_text(f"{head}\n{body}\n", encoding="utf-8")
            truth.write(json.dumps({"file": f"{number:04}.eml", **expected}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
