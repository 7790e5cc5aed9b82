/* Headers first, words second; see verdict.h. */
#include "ocr/mail/verdict.h"

#include "contact/email.h"
#include "contact/text.h"
#include "ocr/mail/cues.h"

static bool contains(struct str text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_find(text, str_c(words[i]), 0) >= 0)
            return true;
    return false;
}

/* no-reply@, mailer-daemon@ and their kin. */
static bool robot(const struct ocr_mail_sender *sender, struct arena *arena)
{
    static const char *const names[] = {"noreply",       "donotreply", "mailerdaemon", "postmaster",    "notification",
                                        "autoresponder", "automailer", "bounce",       "nichtantworten"};
    struct contact_email email;
    if (!sender || !sender->email.p || !contact_email_parse(sender->email, arena, &email))
        return false;
    return contains(contact_text_letters(email.local, arena), names, ARRAY_LEN(names));
}

static bool newsletter_address(const struct ocr_mail_sender *sender, struct arena *arena)
{
    static const char *const names[] = {"newsletter", "mailings", "marketing", "campaign", "news"};
    struct contact_email email;
    if (!sender || !sender->email.p || !contact_email_parse(sender->email, arena, &email))
        return false;
    struct str local = contact_text_letters(email.local, arena);
    return contains(local, names, 4) || str_eq(local, STR("news"));
}

enum { EDGE_LINES = 6 };

/* What the author's lines say, the quoted ones left out: of the first lines whether a program speaks, of all how to
 * leave the list. */
static void read_words(struct ocr_mail_lines *lines, struct arena *arena, size_t *ret_automatic, size_t *ret_leave)
{
    static const char *const leave[] = {"unsubscribe",
                                        "abmelden",
                                        "abbestellen",
                                        "austragen",
                                        "desabonner",
                                        "desinscrire",
                                        "disiscri",
                                        "darse de baja",
                                        "opt out",
                                        "view in browser",
                                        "im browser ansehen",
                                        "keine weiteren",
                                        "you receive this e mail because",
                                        "sie erhalten diese"};
    size_t seen = 0;
    *ret_automatic = *ret_leave = 0;
    for (size_t i = 0; i < lines->n; i++) {
        struct ocr_mail_line *line = &lines->items[i];
        if (line->zone == OCR_MAIL_QUOTED || line->zone == OCR_MAIL_DISCLAIMER || line->text.n == 0)
            continue;
        struct str fold = ocr_mail_line_fold(line, arena);
        if (seen++ < EDGE_LINES && line->zone == OCR_MAIL_AUTHOR)
            *ret_automatic += ocr_mail_line_cues(line, arena)->count[OCR_MAIL_CUE_AUTOMATIC];
        *ret_leave += contains(fold, leave, ARRAY_LEN(leave));
    }
}

enum ocr_mail_verdict ocr_mail_verdict_kind(const struct ocr_mail_evidence *evidence, struct ocr_mail_lines *lines,
                                            struct arena *arena)
{
    size_t automatic, leave;
    const struct ocr_mail_head none = {0}, *head = evidence->head ? evidence->head : &none;
    struct str subject = evidence->subject.p ? contact_text_fold(evidence->subject, arena) : STR("");
    bool said = ocr_mail_cues_of(subject).anywhere >> OCR_MAIL_CUE_AUTOMATIC & 1;
    read_words(lines, arena, &automatic, &leave);
    if (head->automatic || head->bounce || evidence->report || evidence->calendar || said || automatic > 0 ||
        robot(evidence->sender, arena))
        return OCR_MAIL_AUTOMATIC;
    if (head->campaign || newsletter_address(evidence->sender, arena))
        return OCR_MAIL_NEWSLETTER;
    if (head->discussion)
        return OCR_MAIL_PERSON; /* a list that people write to: its foot says how to leave it */
    return head->unsubscribe || leave > 0 ? OCR_MAIL_NEWSLETTER : OCR_MAIL_PERSON;
}

/* Every word of `name` longer than one letter is among the words of `text` (both folded). */
static bool words_within(struct str name, struct str text)
{
    struct str rest = name, word, padded = text;
    size_t found = 0;
    while (str_split(&rest, ' ', &word)) {
        bool here = false;
        struct str others = padded, other;
        while (str_split(&others, ' ', &other))
            here |= str_eq(word, other);
        if (word.n > 1 && !here)
            return false;
        found += word.n > 1;
    }
    return found > 0;
}

static bool name_agrees(const struct contact *contact, const struct ocr_mail_sender *sender, struct str local,
                        struct arena *arena)
{
    struct str shown = sender->name.p ? contact_text_fold(sender->name, arena) : STR("");
    struct str parts[] = {contact->family_name, contact->given_name};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        if (!parts[i].p)
            continue;
        struct str fold = contact_text_fold(parts[i], arena), letters = contact_text_letters(parts[i], arena);
        bool shown_so = words_within(fold, shown);
        bool in_address = letters.n >= 3 && (str_find(local, letters, 0) >= 0);
        struct str plain = contact_text_letters(fold, arena);
        in_address |= plain.n >= 3 && str_find(local, plain, 0) >= 0;
        if (shown_so || in_address)
            return true;
        if (parts[i].p == contact->family_name.p && sender->name.p && memchr(shown.p, ' ', shown.n))
            return false; /* the display name is whole and has another family name */
    }
    return false;
}

bool ocr_mail_verdict_agrees(const struct contact *contact, const struct ocr_mail_sender *sender, struct arena *arena)
{
    struct contact_email from;
    if (!contact->given_name.p && !contact->family_name.p)
        return false;
    if (!sender)
        return true;
    if (!sender->email.p || !contact_email_parse(sender->email, arena, &from) || contact_email_role(from.local))
        return false;
    for (size_t i = 0; i < contact->emails.n; i++)
        if (str_eq_nocase(((const struct contact_value *)contact->emails.items)[i].value, from.address))
            return true;
    return name_agrees(contact, sender, contact_text_letters(from.local, arena), arena);
}
