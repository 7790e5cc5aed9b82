-- Leaves a named state in a named attempt or does nothing; entering the wire begins a new attempt.
update write_backs set state = $5, attempt = attempt + ($5 in ('sending', 'undoing'))::int, version = version + 1,
  due_at = case when $6::bigint > 0 then now() + $6 * interval '1 millisecond' end,
  before = coalesce($7, before), remote_id = coalesce($8, remote_id), version_seen = coalesce($9, version_seen),
  version_after = coalesce($10, version_after), problem = $11, param = $12, updated_at = now()
where org_id = $1 and id = $2 and state = $3 and attempt = $4
returning attempt;
