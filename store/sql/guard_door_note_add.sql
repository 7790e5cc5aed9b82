select guard_door_note_add($1::uuid, $2::bytea);
