select l.id, l.owner_id, l.name, l.version, l.created_at,
  (select count(*) from contacts c where c.org_id = $1 and c.list_id = l.id and c.deleted_at is null)
from lists l
where l.org_id = $1 and ($2::uuid is null or l.owner_id = $2 or exists (
  select from list_members m where m.org_id = $1 and m.list_id = l.id and m.user_id = $2))
order by l.id limit 1000;
