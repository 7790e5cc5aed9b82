/* Mails to contacts: what is read, what is not taken, who may be suggested. All people are invented. */
#include "ocr/mail/mail.h"
#include "tests/unit/unit.h"

static struct ocr_mail mail_of(struct arena *arena, const char *bytes)
{
    struct ocr_mail mail;
    struct err err;
    assert_int_equal(ocr_mail_read(str_c(bytes), "DE", arena, &mail, &err), 0);
    return mail;
}

#define HEAD "From: Anna Muster <anna.muster@muster.example>\nTo: b@kunde.example\nSubject: Angebot\n"
#define SIGNATURE                                                                                                      \
    "Mit freundlichen Grüßen\n\nAnna Muster\nLeiterin Einkauf\n\nMuster Maschinenbau GmbH\nIndustriestr. 5\n97076 "  \
    "Würzburg\n\nTel.: +49 931 123456\nMobil: +49 171 1234567\nanna.muster@muster.example\nwww.muster.example\n\n"    \
    "Sitz der Gesellschaft: Würzburg, Amtsgericht Würzburg HRB 1234\nGeschäftsführer: Karl Fremd, Eva Anders\n"

static void test_person(void **state)
{
    struct arena *arena = *state;
    struct ocr_mail mail = mail_of(arena, HEAD "\nGuten Tag Herr Beispiel,\n\nanbei das Angebot.\n\n" SIGNATURE);
    assert_int_equal(mail.verdict, OCR_MAIL_PERSON);
    assert_text(mail.contact->given_name, "Anna");
    assert_text(mail.contact->family_name, "Muster");
    assert_text(mail.contact->job_title, "Leiterin Einkauf");
    assert_text(mail.contact->organization, "Muster Maschinenbau GmbH");
    assert_int_equal(mail.contact->phones.n, 2);
    assert_int_equal(mail.contact->emails.n, 1);
    assert_text(mail.sender->email, "anna.muster@muster.example");
    assert_text(mail.ranges, "[[7,20]]");
    assert_true(mail.fields.n >= 8);
}

static void test_quotes_are_not_taken(void **state)
{
    static const char *const intros[] = {
        "Am 3. Mai 2026 um 11:51 schrieb Karl Fremd <karl@fremd.example>:\n\n",
        "On 3 May 2026, at 11:51, Karl Fremd <karl@fremd.example> wrote:\n\n",
        "Le 3 mai 2026 à 11:51, Karl Fremd <karl@fremd.example> a écrit :\n\n",
        "El 3 may 2026, a las 11:51, Karl Fremd\n<karl@fremd.example> escribió:\n\n",
        "Il giorno 3 mag 2026, alle ore 11:51, Karl Fremd <karl@fremd.example> ha\nscritto:\n\n",
        "-----Ursprüngliche Nachricht-----\nVon: Karl Fremd\nGesendet: 3. Mai\nAn: Anna\nBetreff: x\n\n",
        "________________________________\nDe : Karl Fremd\nEnvoyé : 3 mai\nÀ : Anna\nObjet : x\n\n",
        "---------- Forwarded message ---------\nFrom: Karl Fremd <karl@fremd.example>\n\n",
    };
    static const char quoted[] = "Hallo,\n\nMit freundlichen Grüßen\n\nKarl Fremd\nFremd AG\nTel. +49 30 998877\n";
    struct arena *arena = *state;
    for (size_t i = 0; i < ARRAY_LEN(intros); i++) {
        struct str text = str_printf(arena, HEAD "\nDanke, passt.\n\n%s%s", intros[i], quoted);
        struct ocr_mail mail = mail_of(arena, str_z(arena, text));
        if (mail.contact || mail.verdict != OCR_MAIL_NONE)
            print_message("%s", intros[i]);
        assert_null(mail.contact);
        assert_text(mail.ranges, "[]");
    }
}

static void test_html(void **state)
{
    struct arena *arena = *state;
    struct ocr_mail mail = mail_of(
        arena,
        HEAD "MIME-Version: 1.0\nContent-Type: text/html; charset=iso-8859-1\n\n<html><head><style>x{}</style></head>"
             "<body><p>Hallo,</p><p>bis morgen.</p><p>Mit freundlichen Gr&uuml;&szlig;en</p><table><tr><td>Anna Muster"
             "</td></tr><tr><td>Tel.</td><td>+49 931 123456</td></tr></table><div class=\"gmail_quote\">Am 3. Mai "
             "schrieb Karl:<blockquote><p>Karl Fremd<br>Tel. +49 30 998877</p></blockquote></div></body></html>");
    assert_int_equal(mail.verdict, OCR_MAIL_PERSON);
    assert_text(mail.contact->family_name, "Muster");
    assert_int_equal(mail.contact->phones.n, 1);
    assert_text(((struct contact_value *)mail.contact->phones.items)->value, "+49931123456");
}

static void test_nobody(void **state)
{
    static const struct {
        const char *mail;
        enum ocr_mail_verdict verdict;
    } rows[] = {
        {HEAD "Auto-Submitted: auto-replied\n\nIch bin nicht da.\n\n" SIGNATURE, OCR_MAIL_AUTOMATIC},
        {HEAD "List-Unsubscribe: <mailto:x@muster.example>\n\nNeuheiten\n\n" SIGNATURE, OCR_MAIL_NEWSLETTER},
        {HEAD "Precedence: bulk\n\nNeuheiten\n\n" SIGNATURE, OCR_MAIL_NEWSLETTER},
        {HEAD "Return-Path: <>\n\nNicht zustellbar\n\n" SIGNATURE, OCR_MAIL_AUTOMATIC},
        {"From: info@muster.example\n\nHallo,\n\n" SIGNATURE, OCR_MAIL_NONE},
        {"From: Karl Fremd <karl@fremd.example>\n\nHallo,\n\n" SIGNATURE, OCR_MAIL_NONE},
        {"From: no-reply@muster.example\n\nHallo,\n\n" SIGNATURE, OCR_MAIL_AUTOMATIC},
        {HEAD "\nHallo,\n\nkommst du?\n", OCR_MAIL_NONE},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct ocr_mail mail = mail_of(*state, rows[i].mail);
        if (mail.verdict != (int)rows[i].verdict)
            print_message("%zu: %s\n", i, ocr_mail_verdict_words[mail.verdict]);
        assert_int_equal(mail.verdict, rows[i].verdict);
        if (mail.verdict != OCR_MAIL_NONE)
            assert_null(mail.contact);
    }
}

static void test_parts(void **state)
{
    struct ocr_mail mail = mail_of(
        *state,
        HEAD "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"x\"\n\n--x\nContent-Type: text/plain; "
             "charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nHallo,\n\nbis dann.\n\n-- =20\nAnna "
             "Muster\nTel. =2B49 931 123456\n--x\nContent-Type: message/rfc822\n\nFrom: k@fremd.example\n\n-- \nKarl "
             "Fremd\nTel. +49 30 998877\n--x\nContent-Type: text/plain\nContent-Disposition: attachment\n\n-- \nEva "
             "Anders\nTel. +49 40 998877\n--x--\n");
    assert_int_equal(mail.verdict, OCR_MAIL_PERSON);
    assert_text(mail.contact->family_name, "Muster");
    assert_int_equal(mail.contact->phones.n, 1);
}

/* Forms of signatures that real mails have, each with one thing it must give. All people are invented. */
static void test_forms(void **state)
{
    static const struct {
        const char *mail;
        const char *family, *organization, *street, *phone; /* NULL: not asked */
    } rows[] = {
        {"From: Debra Perlman <dperl@muster.example>\n\nDebra Perlman\nMuster Systems Corp.\nLegal\n1400 Smith Street, "
         "EB 3885\n"
         "Houston, Texas 77002\nPhone 713-853-7000\n",
         "Perlman", "Muster Systems Corp.", NULL, "+17138537000"}, /* the sender's name is the name */
        {"From: Fabian Kloss <kloss@muster.example>\n\nHallo,\n\nanbei.\n\nViele Grüße\nFabian Kloss\n-- \nMuster "
         "Maschinenbau "
         "GmbH | Tel: +49 931 123456\nwww.muster.example\n",
         "Kloss", "Muster Maschinenbau GmbH", NULL, "+49931123456"}, /* the name above the delimiter */
        {"From: Uwe Kloss <kloss@muster.example>\n\nMoin,\n\nanbei.\n\nGruß\n\nUwe Kloss\nMuster GmbH | Abteilung Bau\n"
         "Franz-Schubert-Straße 31 | 26919 Brake\n",
         "Kloss", "Muster GmbH", "Franz-Schubert-Straße 31", NULL}, /* street and town in two cells */
        {"From: Mike Kay <mkay@muster.example>\n\nHi,\n\nsee you.\n\nMike Kay\nMuster Systems Inc.\n19925 Stevens "
         "Creek Blvd. "
         "Cupertino, CA 95014\n",
         "Kay", "Muster Systems Inc.", "19925 Stevens Creek Blvd.", NULL},
        {"From: Gina Muster <gina@muster.example>\n\nHi,\n\nsee you.\n\nGina Muster\ngina@muster.example\n(555) "
         "346-9947\n",
         "Muster", NULL, NULL, "+15553469947"},
        {"From: Paul Muster <paul@muster.example>\n\nBonjour,\n\nà jeudi.\n\nCordialement,\n\nPaul Muster\nPort. : 06 "
         "39 98 12 47\n"
         "Kundennummer: 0931 9988776\n",
         "Muster", NULL, NULL, "06 39 98 12 47"},
        {"From: Karl Kloss <kloss@muster.example>\n\nHallo,\n\nanbei.\n\nFreundliche Grüße\ni.A. Karl Kloss\n\nMuster "
         "GmbH\n",
         "Kloss", "Muster GmbH", NULL, NULL},
    };
    struct arena *arena = *state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct ocr_mail mail = mail_of(arena, rows[i].mail);
        print_message("form %zu\n", i);
        assert_non_null(mail.contact);
        assert_text(mail.contact->family_name, rows[i].family);
        if (rows[i].organization)
            assert_text(mail.contact->organization, rows[i].organization);
        if (rows[i].street)
            assert_text(((struct contact_address *)mail.contact->addresses.items)->street, rows[i].street);
        const struct contact_value *phone = mail.contact->phones.items;
        assert_int_equal(mail.contact->phones.n, rows[i].phone != NULL);
        if (rows[i].phone && rows[i].phone[0] == '+')
            assert_text(phone->value, rows[i].phone);
        else if (rows[i].phone)
            assert_text(phone->raw, rows[i].phone);
    }
}

/* One row of 100 kB, cut where rows are cut, costs no more than a row. */
static void test_long_rows(void **state)
{
    static const char *const pieces[] = {"Manager, X ", "1 ", "a | ", "(555) 346-9947 ",
                                         "www.a.example  http://b.example "};
    for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
        struct arena *arena = arena_new((size_t)64 * 1024 * 1024);
        struct strbuf buf = {.arena = *state};
        struct ocr_mail mail;
        struct err err;
        strbuf_add_c(&buf, HEAD "\nHallo,\n\n-- \nAnna Muster\n");
        while (buf.n < 100000)
            strbuf_add_c(&buf, pieces[i]);
        assert_int_equal(ocr_mail_read(strbuf_str(&buf), "DE", arena, &mail, &err), 0);
        assert_true(arena_used(arena) < (size_t)8 * 1024 * 1024);
        arena_free(arena);
    }
}

/* Notes puts the sender's name and the subject above the header of what it quotes. */
static void test_heading_of_a_quote(void **state)
{
    struct ocr_mail mail =
        mail_of(*state, HEAD "\nHallo.\n\nLass uns morgen reden.\n\nMfg Anna\n\nKarl Fremd --- Angebot 7 "
                             "---\n\nVon:\t\"Karl Fremd\" <karl@fremd.example>\nAn\tanna@muster.example\n"
                             "Datum:\tMi., 13.06.2012 14:30\nBetreff\tAngebot 7\n\nHi,\n\nKarl Fremd\n");
    assert_text(mail.ranges, "[[5,5]]");
    assert_non_null(mail.contact);
    assert_text(mail.contact->given_name, "Anna");
    assert_int_equal(mail.contact->addresses.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(test_person),    unit_with_arena(test_quotes_are_not_taken),
        unit_with_arena(test_html),      unit_with_arena(test_nobody),
        unit_with_arena(test_parts),     unit_with_arena(test_forms),
        unit_with_arena(test_long_rows), unit_with_arena(test_heading_of_a_quote),
    };
    ocr_mail_warm();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
