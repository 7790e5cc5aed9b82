update jobs set state = 'done', finished_at = now(), locked_until = null, problem = null, param = null,
  version = version + 1
where org_id = $1 and id = $2 and state = 'running' and worker = $3 and attempt = $4;
