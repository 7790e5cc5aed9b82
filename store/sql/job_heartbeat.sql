update jobs set locked_until = now() + $5::bigint * interval '1 millisecond', done = $6, total = $7
where org_id = $1 and id = $2 and state = 'running' and worker = $3 and attempt = $4
returning cancel;
