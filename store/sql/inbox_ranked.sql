-- The same as inbox_list.sql in another order: inbox_rank(). A page goes on behind a contact, wherever that is by now.
select c.id, inbox_lane(d.postponed_until, b.decided, b.moved, b.band), d.postponed_until::text, d.assignee_id
from contacts c left join contact_desk d on d.org_id = $1 and d.contact_id = c.id
left join contact_best(c.id) b on true
where c.org_id = $1 and c.state = 'matched' and c.deleted_at is null
  and ($2::uuid is null or c.list_id = any (array(select lists_reached($2))))
  and (c.suggested_at is null or c.list_id = any (array(select lists_reached($3))))
  and ($4::text is null or inbox_lane(d.postponed_until, b.decided, b.moved, b.band) = $4) and ($5::uuid is null or c.list_id = $5)
  and ($6::uuid is null or c.owner_id = $6) and ($7::uuid is null or d.assignee_id = $7)
  and ($8::uuid is null or exists (select from candidates k where k.org_id = $1 and k.contact_id = c.id and k.connection_id = $8))
  and ($9::bigint = 0 or c.created_at < now() - $9::bigint * interval '1 day') and ($10::text is null or $10 = any (b.speaks_for))
  and ($11::uuid is null or c.fair_id = $11)
  and ($12::uuid is null or (inbox_rank(b.conflicts, b.additions, $14), $12)
    > ((select inbox_rank(a.conflicts, a.additions, $14) from (select) one left join contact_best($12) a on true), c.id))
order by inbox_rank(b.conflicts, b.additions, $14), c.id desc limit $13::int;
