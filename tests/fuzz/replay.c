/* Replays corpora without libFuzzer: `replay [--twists N] FOLDER|FILE…` gives each input to the target as it is, cut
 * off at every eighth of its length, and N times twisted by a generator that is the same in every run. Prints how many.
 */
#include "base/banned.h"

#include <assert.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 1 << 20, ROOM = 64 };

static uint64_t dice_state;
static unsigned long runs;

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t dice(uint64_t below)
{
    uint64_t z = (dice_state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (z ^ (z >> 31)) % below;
}

/* The target gets a copy of exactly this size, so that a sanitizer sees a byte too far. */
static void give(const uint8_t *p, size_t n)
{
    uint8_t *copy = malloc(n ? n : 1);
    assert(copy);
    memcpy(copy, p, n);
    (void)LLVMFuzzerTestOneInput(copy, n);
    free(copy);
    runs++;
}

/* One change in place; returns the new length. `p` has room for ROOM bytes more. */
static size_t twist(uint8_t *p, size_t n)
{
    static const uint8_t telling[] = {0, 1, 0x7f, 0x80, 0xff, '\r', '\n', '"', '\\', '{', '[', ':', ';', '=', '%', '-'};
    size_t at = n ? dice(n) : 0, length = 1 + dice(ROOM / 2);
    if (at + length > n)
        length = n - at;
    switch (dice(6)) {
    case 0:
        p[at] ^= (uint8_t)(1 << dice(8));
        return n;
    case 1:
        p[at] = telling[dice(sizeof telling)];
        return n;
    case 2: /* cut a piece out */
        memmove(p + at, p + at + length, n - at - length);
        return n - length;
    case 3: /* say it twice */
        memmove(p + at + length, p + at, n - at);
        return n + length;
    case 4: /* a large number where one may be */
        for (size_t i = 0; i < length && i < 4; i++)
            p[at + i] = dice(2) ? 0xff : (uint8_t)dice(256);
        return n;
    default: /* bring a piece from elsewhere */
        memmove(p + at, p + dice(n - length + 1), length);
        return n;
    }
}

static void twisted(const uint8_t *p, size_t n, int times)
{
    uint8_t *copy = malloc(n + (size_t)8 * ROOM);
    assert(copy);
    for (int i = 0; i < times && n; i++) {
        size_t length = n;
        memcpy(copy, p, n);
        for (uint64_t k = 1 + dice(6); k && length; k--)
            length = twist(copy, length);
        give(copy, length);
    }
    free(copy);
}

static void replay_file(const char *path, int twists)
{
    static uint8_t bytes[MOST];
    FILE *file = fopen(path, "rb");
    if (!file) {
        (void)fprintf(stderr, "cannot open %s\n", path);
        exit(1);
    }
    size_t n = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file);
    give(bytes, n);
    for (size_t eighth = 0; eighth < 8; eighth++)
        give(bytes, n * eighth / 8);
    twisted(bytes, n, twists);
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* In the order of the names: the same in every run. */
static void replay(const char *path, int twists)
{
    struct stat st;
    struct dirent **names = NULL;
    if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode)) {
        replay_file(path, twists);
        return;
    }
    int n = scandir(path, &names, visible, alphasort);
    if (n <= 0) {
        (void)fprintf(stderr, "nothing in %s\n", path);
        exit(1);
    }
    for (int i = 0; i < n; i++) {
        char file[4096];
        (void)snprintf(file, sizeof file, "%s/%s", path, names[i]->d_name);
        replay_file(file, twists);
        free(names[i]);
    }
    free(names);
}

int main(int argc, char **argv)
{
    bool counted = argc > 2 && strcmp(argv[1], "--twists") == 0;
    int twists = counted ? (int)strtol(argv[2], NULL, 10) : 0;
    for (int i = counted ? 3 : 1; i < argc; i++)
        replay(argv[i], twists);
    (void)printf("%lu runs\n", runs);
    return runs ? 0 : 1;
}
