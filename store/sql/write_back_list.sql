-- A person's: those whose contact lies in a list that the person reaches.
select w.id, w.contact_id, w.connection_id, w.record_id, w.user_id, w.job_id, w.action, w.state, w.attempt, w.marker, w.plan,
  w.before, w.remote_id, w.version_seen, w.version_after, w.problem, w.param, w.undo_of, w.due_at, w.contact_version, w.version,
  w.created_at, w.updated_at
from write_backs w
where w.org_id = $1 and ($2::uuid is null or exists (
    select from contacts c where c.org_id = $1 and c.id = w.contact_id and c.list_id = any (array(select lists_reached($2)))))
  and ($3::uuid is null or w.contact_id = $3) and ($4::text is null or w.state = $4) and ($5::uuid is null or w.id < $5)
  and ($7::uuid is null or w.record_id = $7) and ($8::uuid is null or w.connection_id = $8) and ($9::uuid is null or w.user_id = $9)
  and ($10::bigint = 0 or w.created_at > now() - $10::bigint * interval '1 day')
order by w.id desc limit $6::int;
