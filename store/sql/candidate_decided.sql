select c.id, c.contact_id, c.record_id, c.decided = 'same'
from candidates c join contacts o on o.org_id = $1 and o.id = c.contact_id and o.deleted_at is null
  join records r on r.org_id = $1 and r.id = c.record_id and r.deleted_at is null
where c.org_id = $1 and c.decided is not null order by c.decided_at desc, c.id limit $2::int;
