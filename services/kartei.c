/* The command line: one row a verb. */
#include "services/kartei.h"

static const struct verb {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the verb; returns the exit status */
    const char *help;
} verbs[] = {
    {"scan", cmd_scan, "read business cards from photos"},
    {"signature", cmd_signature, "read contacts from the signatures of mails"},
    {"dedupe", cmd_dedupe, "find the records of a CSV file that are one person"},
    {"up", cmd_up, "run the whole service on this machine"},
    {"migrate", cmd_migrate, "bring the database to the schema of this program"},
    {"admin", cmd_admin, "organisations, users, one-time links, demo"},
    {"settings", cmd_settings, "the settings in force"},
};

static void usage(FILE *to)
{
    (void)fputs("Examples:\n  kartei scan card.jpg\n  kartei scan --format vcard *.jpg > cards.vcf\n\nVerbs:\n", to);
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
        (void)fprintf(to, "  %-10s %s\n", verbs[i].name, verbs[i].help);
    (void)fputs("\n`kartei VERB --help` says more. Data on stdout, words on stderr.\n"
                "Exit status: 0 done, 1 failed, 2 usage, 3 partly done, 4 conflict.\n",
                to);
}

int main(int argc, char **argv)
{
    struct str word = str_c(argc > 1 ? argv[1] : "");
    if (str_eq(word, STR("--version"))) {
        (void)puts("kartei " KARTEI_VERSION);
        return 0;
    }
    if (str_eq(word, STR("--help")) || str_eq(word, STR("help"))) {
        usage(stdout);
        return 0;
    }
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
        if (str_eq(word, str_c(verbs[i].name)))
            return verbs[i].run(argc - 1, argv + 1);
    usage(stderr);
    return 2;
}
