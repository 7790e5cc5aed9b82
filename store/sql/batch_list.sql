-- With how far each has come.
select b.id, b.connection_id, b.user_id, b.state, b.problem, b.created_at, b.version,
  n.total, n.sampled, n.yes, n.open, n.left_out, n.under_way, n.written, n.failed, n.undone
from batches b cross join lateral (
  select count(*) as total, count(*) filter (where i.sampled) as sampled, count(*) filter (where i.judged = 'yes') as yes,
    count(*) filter (where i.state = 'open') as open, count(*) filter (where i.state = 'left') as left_out,
    count(*) filter (where w.state in ('intent', 'sending', 'waiting', 'undoing') or (w.state = 'uncertain' and w.problem is distinct from 'crm-parked')) as under_way,
    count(*) filter (where w.state = 'written') as written,
    count(*) filter (where w.state in ('conflict', 'refused', 'undo_conflict', 'left') or (w.state = 'uncertain' and w.problem = 'crm-parked')) as failed,
    count(*) filter (where w.state = 'undone') as undone
  from batch_items i left join write_backs w on w.org_id = $1 and w.id = i.write_back_id
  where i.org_id = $1 and i.batch_id = b.id) n
where b.org_id = $1 and ($2::uuid is null or b.id = $2) and ($3::uuid is null or b.user_id = $3) and ($4::uuid is null or b.id < $4)
order by b.id desc limit $5::int;
