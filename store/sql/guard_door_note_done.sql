select guard_door_note_done($1::uuid);
