-- As contact_list, of those that the index named.
select c.id, c.list_id, c.owner_id, c.scan_id, c.card, c.state, c.version, c.created_at, c.updated_at, c.deleted_at,
  c.contact, null::bytea, c.mailbox_id, c.suggested_at, f.id, f.name, f.tag, f.legal_basis, c.checked_at, false
from contacts c left join fairs f on f.org_id = $1 and f.id = c.fair_id
where c.org_id = $1 and c.id = any ($10::uuid[])
  and ($2::uuid is null or c.list_id = any (array(select lists_reached($2))))
  and ($3::uuid is null or c.list_id = $3) and ($4::text is null or c.state = $4)
  and (c.deleted_at is not null) = $5::boolean and ($6::uuid is null or c.id < $6)
  and ($8::uuid is null or c.suggested_at is null or c.list_id = any (array(select lists_reached($8))))
  and ($9::uuid is null or c.fair_id = $9)
order by c.id desc limit $7::int;
