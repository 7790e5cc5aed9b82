-- The small pictures (0052) are sealed anew with the rest when an organisation's key changes.
call sealed('cards', '{thumb}');
