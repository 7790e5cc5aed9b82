/* Kölner Phonetik: the rules of Hans Joachim Postel, IBM-Nachrichten 19 (1969), pages 925-931. */
#include "dedupe/distance.h"

#include <string.h>

static bool one_of(char c, const char *letters)
{
    return c != '\0' && strchr(letters, c) != NULL;
}

static char sound_of_c(char before, char after, bool first)
{
    if (first)
        return one_of(after, "ahkloqrux") ? '4' : '8';
    if (one_of(before, "sz"))
        return '8';
    return one_of(after, "ahkoqux") ? '4' : '8';
}

/* Digits of one letter between its neighbours ('\0' at the ends); "" for a silent one. */
static const char *sound_of(char before, char c, char after, bool first)
{
    switch (c) {
    case 'b':
        return "1";
    case 'p':
        return after == 'h' ? "3" : "1";
    case 'd':
    case 't':
        return one_of(after, "csz") ? "8" : "2";
    case 'f':
    case 'v':
    case 'w':
        return "3";
    case 'g':
    case 'k':
    case 'q':
        return "4";
    case 'c':
        return sound_of_c(before, after, first) == '4' ? "4" : "8";
    case 'x':
        return one_of(before, "ckq") ? "8" : "48";
    case 'l':
        return "5";
    case 'm':
    case 'n':
        return "6";
    case 'r':
        return "7";
    case 's':
    case 'z':
        return "8";
    case 'h':
        return "";
    default:
        return one_of(c, "aeijouy") ? "0" : "";
    }
}

struct str dedupe_sound(struct str plain, struct arena *arena)
{
    char *sound = arena_alloc(arena, 2 * plain.n + 1);
    size_t n = 0;
    char last = '\0';
    for (size_t i = 0; i < plain.n; i++) {
        char before = i > 0 ? plain.p[i - 1] : '\0', after = i + 1 < plain.n ? plain.p[i + 1] : '\0';
        for (const char *digit = sound_of(before, plain.p[i], after, i == 0); *digit; digit++) {
            bool kept = *digit != last && (*digit != '0' || n == 0);
            last = *digit;
            if (kept)
                sound[n++] = *digit;
        }
    }
    return (struct str){sound, n};
}
