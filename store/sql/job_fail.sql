-- $7: pause in ms, not counting the attempt (0 and more); -1: growing pause with jitter; -2: dead at once; -3: growing pause,
-- and this attempt counts as four.
-- Where a newer job for the same is queued, this one ends instead of queueing a second.
with step as (
  select j.id, case
      when $7::bigint = -2 or ($7 = -1 and j.attempt >= j.max_attempts) or ($7 = -3 and j.attempt + 3 >= j.max_attempts) then 'dead'
      when j.cancel or exists (
        select from jobs q where q.org_id = $1 and q.kind = j.kind and q.subject_id = j.subject_id and q.state = 'queued')
      then 'cancelled'
      else 'queued' end as state
  from jobs j
  where j.org_id = $1 and j.id = $2 and j.state = 'running' and j.worker = $3 and j.attempt = $4 for update)
update jobs j set state = step.state, finished_at = case when step.state <> 'queued' then now() end,
  max_attempts = j.max_attempts + ($7 >= 0)::int, attempt = j.attempt + case when $7 = -3 then 3 else 0 end,
  run_at = now() + case when $7 >= 0 then $7 * interval '1 millisecond'
    else least(900, 2 * power(2, least(j.attempt, 16))) * (0.5 + random() / 2) * interval '1 second' end,
  locked_until = null, worker = null, problem = $5, param = $6, version = j.version + 1
from step
where j.org_id = $1 and j.id = step.id
returning step.state = 'dead';
