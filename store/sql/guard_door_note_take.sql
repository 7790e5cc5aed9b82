select id, note from guard_door_note_take($1::int);
