/* Synthetic people by number, from the word lists of tools/generate: person i is the same in every run, so a bench
 * needs no truth file. Cheap enough to make ten million. */
#ifndef TESTS_BENCH_CROWD_H
#define TESTS_BENCH_CROWD_H

#include "contact/contact.h"

struct crowd;

/* `words`: the folder tools/generate/words. `people`: how many there will be; there are a tenth as many companies. NULL
 * when a list cannot be read. Lives in the arena. */
struct crowd *crowd_new(const char *words, uint64_t people, struct arena *arena);

void crowd_person(const struct crowd *crowd, uint64_t i, struct arena *arena, struct contact *ret_contact);

/* The name of `contact` with `slips` typing slips (a letter doubled, dropped, swapped or mistyped); `dice` decides
 * where. */
void crowd_slip(struct contact *contact, int slips, uint64_t dice, struct arena *arena);

/* A number from a number, each bit as good as drawn (splitmix64, Steele et al. 2014). */
uint64_t crowd_dice(uint64_t seed);

#endif
