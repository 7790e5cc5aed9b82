select id, org_id, subject_id, user_id, kind, state, attempt, max_attempts, done, total, problem, param, worker, created_at,
  run_at, started_at, finished_at, version, cancel
from guard_job_sweep();
