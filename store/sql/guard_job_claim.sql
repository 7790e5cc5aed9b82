select id, org_id, subject_id, user_id, kind, state, attempt, max_attempts, done, total, problem, param, worker, created_at,
  run_at, started_at, finished_at, version, cancel
from guard_job_claim($1::uuid, string_to_array($2::text, ','), $3::int, $4::bigint);
