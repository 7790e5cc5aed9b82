select id, type, subject_id, state from events where org_id = $1 and id > $2 order by id limit 500;
