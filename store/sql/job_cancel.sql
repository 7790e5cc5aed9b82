update jobs set cancel = true, version = version + 1, state = case when state = 'queued' then 'cancelled' else state end,
  finished_at = case when state = 'queued' then now() end
where org_id = $1 and id = $2 and state in ('queued', 'running')
returning state;
