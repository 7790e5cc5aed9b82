select guard_reseal_put($1, $2, $3, $4, $5, $6);
