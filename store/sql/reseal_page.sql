select place, row_id, value from guard_reseal_page($1, $2, $3, $4, $5::text::tid, $6::int);
