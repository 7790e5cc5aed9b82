select guard_place_known($1::bytea);
