-- Contacts that wait for a decision, newest first, with where they lie, and who takes care of them.
select c.id, contact_lane(c.id), d.postponed_until::text, d.assignee_id
from contacts c left join contact_desk d on d.org_id = $1 and d.contact_id = c.id
where c.org_id = $1 and c.state = 'matched' and c.deleted_at is null
  and ($2::uuid is null or c.list_id = any (array(select lists_reached($2))))
  and (c.suggested_at is null or c.list_id = any (array(select lists_reached($3))))
  and ($4::text is null or contact_lane(c.id) = $4) and ($5::uuid is null or c.list_id = $5) and ($6::uuid is null or c.owner_id = $6)
  and ($7::uuid is null or d.assignee_id = $7)
  and ($8::uuid is null or exists (select from candidates k where k.org_id = $1 and k.contact_id = c.id and k.connection_id = $8))
  and ($9::bigint = 0 or c.created_at < now() - $9::bigint * interval '1 day') and ($10::uuid is null or c.id < $10)
order by c.id desc limit $11::int;
