/* How alike the values of two records are: one grade a field. */
#ifndef DEDUPE_TABLE_GRADE_H
#define DEDUPE_TABLE_GRADE_H

#include "dedupe/table/table.h"

enum dedupe_grade {
    DEDUPE_GRADE_NONE, /* a value is missing */
#define X(name, word, one, chance) DEDUPE_GRADE_##name,
#include "dedupe/table/grades.def"
#undef X
    DEDUPE_GRADES
};
extern const char *const dedupe_grade_words[DEDUPE_GRADES]; /* "none", "same_rare" … */

/* Grades of all fields of a pair; equal patterns weigh the same. */
struct dedupe_pattern {
    uint8_t grade[DEDUPE_FIELDS_MAX];
};

/* The grade of two records that both have this value. */
enum dedupe_grade dedupe_grade_same(const struct dedupe_value *value);

/* Similarities once computed; one for each thread. */
struct dedupe_grader;
struct dedupe_grader *dedupe_grader_new(const struct dedupe_table *table, struct arena *arena);
/* Symmetric. Fields behind the table's last one stay DEDUPE_GRADE_NONE. */
void dedupe_grade_pair(struct dedupe_grader *grader, uint32_t left, uint32_t right, struct dedupe_pattern *ret_pattern);

#endif
