select l.id, l.owner_id, l.name, l.version, l.created_at,
  (select count(*) from contacts c where c.org_id = $1 and c.list_id = l.id and c.deleted_at is null)
from lists l
where l.org_id = $1 and ($2::uuid is null or l.id = any (array(select lists_reached($2))))
order by l.id limit 1000;
