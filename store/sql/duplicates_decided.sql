select id, left_id, right_id, decided = 'same' from duplicate_pairs where org_id = $1 and decided is not null order by id;
