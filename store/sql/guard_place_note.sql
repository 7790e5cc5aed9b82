select guard_place_note($1::bytea);
