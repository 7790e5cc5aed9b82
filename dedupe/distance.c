/* String distances, bit-parallel where a machine word holds the text. */
#include "dedupe/distance.h"

#include <string.h>

enum { WORD_BITS = 64 };

static size_t clamp(size_t n)
{
    return n < WORD_BITS ? n : WORD_BITS;
}

/* Marks the matches of Jaro within the window; returns how many. */
static size_t mark_matches(struct str a, struct str b, uint64_t *ret_a, uint64_t *ret_b)
{
    size_t longer = a.n > b.n ? a.n : b.n;
    size_t window = longer / 2 > 0 ? longer / 2 - 1 : 0;
    size_t matches = 0;
    *ret_a = *ret_b = 0;
    for (size_t i = 0; i < a.n; i++) {
        size_t from = i > window ? i - window : 0;
        size_t to = i + window + 1 < b.n ? i + window + 1 : b.n;
        for (size_t j = from; j < to; j++) {
            if (a.p[i] != b.p[j] || (*ret_b >> j & 1))
                continue;
            *ret_a |= (uint64_t)1 << i;
            *ret_b |= (uint64_t)1 << j;
            matches++;
            break;
        }
    }
    return matches;
}

/* Matched letters that stand in another order, each counted on one side. */
static size_t out_of_order(struct str a, struct str b, uint64_t in_a, uint64_t in_b)
{
    size_t wrong = 0;
    while (in_a) {
        int i = __builtin_ctzll(in_a), j = __builtin_ctzll(in_b);
        wrong += a.p[i] != b.p[j];
        in_a &= in_a - 1;
        in_b &= in_b - 1;
    }
    return wrong;
}

double dedupe_jaro_winkler(struct str a, struct str b)
{
    a.n = clamp(a.n);
    b.n = clamp(b.n);
    if (a.n == 0 || b.n == 0)
        return a.n == b.n ? 1.0 : 0.0;
    uint64_t in_a, in_b;
    size_t matches = mark_matches(a, b, &in_a, &in_b);
    if (matches == 0)
        return 0.0;
    double m = (double)matches, swapped = (double)out_of_order(a, b, in_a, in_b) / 2.0;
    double jaro = (m / (double)a.n + m / (double)b.n + (m - swapped) / m) / 3.0;
    size_t prefix = 0;
    while (prefix < 4 && prefix < a.n && prefix < b.n && a.p[prefix] == b.p[prefix])
        prefix++;
    return jaro + (double)prefix * 0.1 * (1.0 - jaro);
}

size_t dedupe_edit_distance(struct str a, struct str b)
{
    size_t beyond = (a.n > WORD_BITS || b.n > WORD_BITS) ? (a.n > b.n ? a.n - b.n : b.n - a.n) : 0;
    size_t m = clamp(a.n), n = clamp(b.n);
    if (beyond > 0 && m == n)
        return beyond + (memcmp(a.p, b.p, m) != 0);
    if (m == 0 || n == 0)
        return m + n;
    static _Thread_local uint64_t at[256]; /* zero between calls: clearing what was used is cheaper than all */
    for (size_t i = 0; i < m; i++)
        at[(unsigned char)a.p[i]] |= (uint64_t)1 << i;
    uint64_t positive = ~(uint64_t)0, negative = 0, diagonal = 0, last_match = 0;
    uint64_t top = (uint64_t)1 << (m - 1);
    size_t distance = m;
    for (size_t j = 0; j < n; j++) {
        uint64_t match = at[(unsigned char)b.p[j]];
        uint64_t swap = ((~diagonal & match) << 1) & last_match;
        diagonal = (((match & positive) + positive) ^ positive) | match | negative | swap;
        uint64_t horizontal_up = negative | ~(diagonal | positive), horizontal_down = diagonal & positive;
        distance += (horizontal_up & top) != 0;
        distance -= (horizontal_down & top) != 0;
        horizontal_up = horizontal_up << 1 | 1;
        positive = horizontal_down << 1 | ~(diagonal | horizontal_up);
        negative = horizontal_up & diagonal;
        last_match = match;
    }
    for (size_t i = 0; i < m; i++)
        at[(unsigned char)a.p[i]] = 0;
    return distance;
}

/* Which letters a text has, one bit for each of 64 classes of bytes. */
static uint64_t letters_of(struct str s)
{
    uint64_t letters = 0;
    for (size_t i = 0; i < s.n; i++)
        letters |= (uint64_t)1 << (s.p[i] & 63);
    return letters;
}

bool dedupe_within(struct str a, struct str b, size_t most)
{
    size_t apart = a.n > b.n ? a.n - b.n : b.n - a.n;
    if (apart > most)
        return false;
    /* One edit adds at most one letter to either side of the difference. */
    if ((size_t)__builtin_popcountll(letters_of(a) ^ letters_of(b)) > 2 * most)
        return false;
    return dedupe_edit_distance(a, b) <= most;
}

struct str dedupe_ocr_level(struct str plain, struct arena *arena)
{
    static const struct {
        char pair[3];
        char one;
    } pairs[] = {{"rn", 'm'}, {"cl", 'd'}, {"vv", 'w'}, {"ii", 'u'}, {"fi", 't'}};
    static const char from[] = "0158jicqvhf", to[] = "olsbllegubt";
    char *level = arena_alloc(arena, plain.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < plain.n; i++) {
        char c = plain.p[i];
        for (size_t k = 0; k < ARRAY_LEN(pairs) && i + 1 < plain.n; k++) {
            if (c == pairs[k].pair[0] && plain.p[i + 1] == pairs[k].pair[1]) {
                c = pairs[k].one;
                i++;
                break;
            }
        }
        const char *same = c ? strchr(from, c) : NULL;
        level[n++] = same ? to[same - from] : c;
    }
    return (struct str){level, n};
}
