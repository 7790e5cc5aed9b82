select note from guard_door_note_get($1::uuid);
