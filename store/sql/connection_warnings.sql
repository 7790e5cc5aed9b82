-- Tells how many there were.
update connections c set warnings = $3 from (select id, warnings from connections where org_id = $1 and id = $2 for update) b
where c.org_id = $1 and c.id = b.id returning b.warnings;
