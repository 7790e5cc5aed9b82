/* The job "stock": which records of the whole stock are one person twice. It keeps nothing until it has found
 * everything, so an interruption costs the run and nothing else. */
#ifndef FLOW_DUPLICATES_SEARCH_H
#define FLOW_DUPLICATES_SEARCH_H

#include "flow/work/work.h"

#define FLOW_STOCK_JOB "stock"

enum {
    FLOW_STOCK_RECORDS = 500 * 1000, /* living ones of an organisation; more are for `kartei dedupe` */
    FLOW_STOCK_PAIRS = 200 * 1000,   /* the strongest that are kept: more than people look through between two runs */
};

int flow_work_stock(struct flow_work *work, struct err *err);

#endif
