select guard_reseal_count($1, $2);
