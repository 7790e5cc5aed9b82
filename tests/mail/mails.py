"""Made-up mails for the tests of mailboxes: people who sign, and canaries that may turn up nowhere."""
import base64
import random

FIRST = "Anna Jan Petra Uwe Clara Emil Lena Otto Marie Paul Ida Karl Eva Max Nora Hans Julia Fritz Laura Tim".split()
LAST = "Lindholm Bergfeld Sonntag Krumbiegel Eichwald Steinbrink Rosenau Habicht Wiesner Tannert Moorkamp Feldhaus".split()
TITLES = ["Leiterin Einkauf", "Vertriebsleiter", "Projektmanagerin", "Head of Sales", "Geschäftsführer", "Key Account Manager"]


def person(n):
    first, last = FIRST[n % len(FIRST)], LAST[(n // len(FIRST)) % len(LAST)] + ("" if n < 240 else LAST[n % 7].lower())
    domain = f"firma{n % 97}.example"
    return {"first": first, "last": last, "email": f"{first}.{last}{n}@{domain}".lower(), "domain": domain,
            "title": TITLES[n % len(TITLES)], "company": f"{last} Technik GmbH", "phone": f"+49 931 {4100000 + n}"}


def signature(who):
    return (f"Mit freundlichen Grüßen\n{who['first']} {who['last']}\n\n-- \n{who['first']} {who['last']}\n{who['title']}\n"
            f"{who['company']}\nIndustriestr. 5\n97076 Würzburg\nTel.: {who['phone']}\n{who['email']}\n")


def canary(n, place):
    """Sixteen letters that no language has, different for every mail and place."""
    dice = random.Random(f"{n}/{place}")
    return "Qx" + "".join(dice.choice("bcdfghjklmnpqrstvwz") for _ in range(18))


PLACES = ("subject", "to", "message-id", "x-header", "body", "html", "comment", "alt", "quote", "attachment", "name")


def mail(n, who=None, sender=None):
    """One mail with a canary in every place that is not the signature."""
    who = who or person(n)
    c = {place: canary(n, place) for place in PLACES}
    text = f"Hallo zusammen,\n\nunser Treffen heißt {c['body']}.\n\n{signature(who)}\nAm 3. Mai schrieb Karl Zitat:\n> {c['quote']} ist der Plan\n"
    html = (f"<html><body><!-- {c['comment']} --><p>Hallo, unser Treffen heißt {c['html']}.</p><img alt=\"{c['alt']}\" src=\"cid:1\">"
            f"<p>{'<br>'.join(signature(who).splitlines())}</p></body></html>")
    attachment = base64.b64encode(f"Vertraulich: {c['attachment']}".encode()).decode()
    lines = [f"From: {who['first']} {who['last']} <{sender or who['email']}>", f"To: {c['to']} <anna@test.example>",
             f"Subject: {c['subject']}", f"Message-ID: <{c['message-id']}@firma.example>", f"X-Note: {c['x-header']}",
             "Date: Mon, 30 Nov 2026 08:00:00 +0000", "MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="B1"', "",
             "--B1", 'Content-Type: multipart/alternative; boundary="B2"', "",
             "--B2", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", text,
             "--B2", "Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", html, "--B2--",
             "--B1", "Content-Type: application/octet-stream", "Content-Transfer-Encoding: base64",
             f'Content-Disposition: attachment; filename="{c["name"]}.pdf"', "", attachment, "--B1--", ""]
    return "\r\n".join("\r\n".join(lines).splitlines()).encode() + b"\r\n"
