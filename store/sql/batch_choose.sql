-- Contacts that wait for a decision, of which exactly one record of the connection is not ruled out, and that one is obvious. Nothing
-- was ever written of them there, no batch has them open, and nobody said of one that it is wrong.
select c.id, k.record_id
from contacts c join lateral (
    select min(d.record_id::text)::uuid as record_id, count(*) as n, bool_and(d.band = 'obvious' or coalesce(d.decided = 'same', false)) as sure
    from candidates d join records r on r.org_id = $1 and r.id = d.record_id and r.deleted_at is null
    where d.org_id = $1 and d.contact_id = c.id and d.connection_id = $2 and d.decided is distinct from 'different') k on true
where c.org_id = $1 and c.state = 'matched' and c.deleted_at is null and c.suggested_at is null and k.n = 1 and k.sure
  and ($3::uuid is null or c.list_id = any (array(select lists_reached($3))))
  and not exists (select from write_backs w where w.org_id = $1 and w.contact_id = c.id and w.connection_id = $2)
  and not exists (select from batch_items i join batches b on b.org_id = $1 and b.id = i.batch_id
    where i.org_id = $1 and i.contact_id = c.id
      and (i.judged = 'no' or (i.state = 'open' and b.state in ('sampling', 'running', 'paused'))))
order by c.id limit $4::int;
